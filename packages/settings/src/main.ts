// `pnpm settings`: writes docs/settings.md from the schemas.
import { writeFile } from "node:fs/promises";
import { documentOf, FILE } from "./document.ts";

await writeFile(FILE, documentOf());
process.stdout.write(`${FILE} is written.\n`);

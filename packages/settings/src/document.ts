// docs/settings.md, whole.
import { fileURLToPath } from "node:url";
import { COMMANDS, LAUNCHER, SERVICES } from "./processes.ts";
import { rowsOf, tableOf } from "./table.ts";

export const FILE = fileURLToPath(new URL("../../../docs/settings.md", import.meta.url));

const table = (processes: typeof SERVICES) => tableOf(rowsOf(processes), Object.keys(processes).length);

/** The document as the schemas make it. */
export const documentOf = (): string => `# Settings

Made by \`npx --yes pnpm@12.21.0 settings\` from the schemas that the processes read their settings with
(\`services/*/src/config.ts\`, \`packages/runtime/src/settings.ts\`, \`packages/launcher/src/settings.ts\`): change those, not this page. A
test fails where the two differ.

Settings are environment variables. Each can be given as a file instead: \`<NAME>_FILE\` names it, and its content without the
blanks around it is the value; the variable itself wins where both are set. That is the way for secrets. An empty variable counts as
not set. A process that finds a setting missing or wrong names all of them in one line, without their values, and ends with 1
before it connects to anything. What some settings mean in full is in [operations](operations.md#settings-that-need-a-thought).

## The services

${table(SERVICES)}

With \`MAIL_TRANSPORT=ses\`, credentials come from the variables or roles that AWS's own library reads, such as \`AWS_ACCESS_KEY_ID\`.

## \`start\` and \`demo\`

They choose the services' addresses, secrets and ports by themselves, and hand on everything else of the environment.

${table(LAUNCHER)}

The images alone can't be given as files.

## \`lag\`

${table(COMMANDS)}

The other commands (\`audit:order\`, \`run doctor\`, \`mail:doctor\`) read the same variables as the services.
`;

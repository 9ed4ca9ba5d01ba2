// Schemathesis, in a virtual environment of its own: the rest of the project needs no Python.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

export const CONFIG = fileURLToPath(new URL("../../../infra/schemathesis/", import.meta.url));

/** Why the tool can't be had on this machine: a sentence. */
export class NoTool extends Error {
  override name = "NoTool";
}

const PYTHONS = ["python3", "python3.14", "python3.13", "python3.12", "python3.11"];
const IS_NEW_ENOUGH = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
/** How long the packages may take to come, in milliseconds. */
const INSTALL_WITHIN_MS = 240_000;

/**
 * Installs what `requirements.txt` names, by its hashes, into `folder`, and returns the command. Throws `NoTool` where
 * there is no Python 3.11 with venv, or its packages are out of reach; another content than the hashes say is an error.
 */
export async function installTool(folder: string): Promise<string> {
  const python = await findPython();
  if (!python) throw new NoTool("there is no Python 3.11 or newer with its venv module");
  await execa(python, ["-m", "venv", folder]);
  const bin = join(folder, process.platform === "win32" ? "Scripts" : "bin");
  const requirements = join(CONFIG, "requirements.txt");
  const install = await execa(
    join(bin, "python"),
    ["-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", requirements],
    { reject: false, timeout: INSTALL_WITHIN_MS },
  );
  if (install.stderr.includes("DO NOT MATCH THE HASHES")) throw new Error(install.stderr);
  if (install.failed) throw new NoTool("pip can't get its packages");
  return join(bin, "schemathesis");
}

async function findPython(): Promise<string | null> {
  for (const python of PYTHONS) {
    const { failed } = await execa(python, ["-c", IS_NEW_ENOUGH], { reject: false });
    if (!failed) return python;
  }
  return null;
}

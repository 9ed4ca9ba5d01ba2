import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Launch, LaunchContext } from "../launch.ts";
import { LOOPBACK } from "../ports.ts";
import { mongodbAnswers } from "../probe.ts";

/** The driver refuses a server older than this: "MongoDB Compatibility" of the Node.js driver 7. */
const OLDEST = 4.4;

/** Whether the machine has a mongod of its own that the driver speaks to. */
export async function hasMongod(env: NodeJS.ProcessEnv): Promise<boolean> {
  const { failed, stdout } = await execa("mongod", ["--version"], { env, extendEnv: false, reject: false });
  const version = Number.parseFloat(/db version v(\d+\.\d+)/.exec(stdout ?? "")?.[1] ?? "0");
  return !failed && version >= OLDEST;
}

export async function planMongod(context: LaunchContext): Promise<Launch> {
  const port = await context.port("mongodb", 27017);
  const folder = join(context.home, "mongodb", "mongod");
  await mkdir(folder, { recursive: true });
  return {
    name: "mongodb",
    command: "mongod",
    args: ["--dbpath", folder, "--port", String(port), "--bind_ip", LOOPBACK, "--nounixsocket", "--quiet"],
    ports: [port],
    urls: { mongodb: `mongodb://${LOOPBACK}:${port}` },
    ready: () => mongodbAnswers(port),
  };
}

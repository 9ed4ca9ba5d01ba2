import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Launch, LaunchContext } from "../launch.ts";
import { LOOPBACK } from "../ports.ts";
import { mongodbAnswers } from "../probe.ts";
import { jvmArgs } from "./jvm.ts";
import type { Prepared } from "./prepare.ts";

const HEAP_MB = 1024;

/** MongoDB's wire protocol on one H2 file (infra/embedded/MongoServer.java). */
export async function planMongodb(context: LaunchContext, prepared: Prepared): Promise<Launch> {
  const port = await context.port("mongodb", 27017);
  const folder = join(context.home, "mongodb");
  await mkdir(folder, { recursive: true });
  return {
    name: "mongodb",
    command: prepared.java.tool("java"),
    args: jvmArgs("MongoServer", [String(port), join(folder, "embedded.mv")], {
      classpath: prepared.classpath,
      heapMb: HEAP_MB,
    }),
    ports: [port],
    urls: { mongodb: `mongodb://${LOOPBACK}:${port}` },
    ready: () => mongodbAnswers(port),
  };
}

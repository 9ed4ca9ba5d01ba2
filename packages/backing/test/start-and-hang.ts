// The parent that a test kills: starts everything, prints the pids, and stays.
import { startBacking } from "../src/index.ts";

const [home = ""] = process.argv.slice(2);
const { processes } = await startBacking({ home, mode: "embedded", env: process.env });
console.log(JSON.stringify(processes.map(({ pid }) => pid)));
setInterval(() => undefined, 60_000);

// The thread that MJML runs in: documents come in as messages, and go out as HTML.
import { createRequire } from "node:module";
import { parentPort } from "node:worker_threads";
import type { MjmlAnswer, MjmlTask } from "./mjml.ts";

// CommonJS, whose default export each loader of modules shows at another place.
const require = createRequire(import.meta.url);
const { default: toHtml } = require("mjml-core") as typeof import("mjml-core");
const preset = require("mjml-preset-core") as object;

async function compile({ id, source }: MjmlTask): Promise<MjmlAnswer> {
  try {
    const { html } = await toHtml(source, {
      presets: [preset],
      validationLevel: "strict",
      ignoreIncludes: true,
      useMjmlConfigOptions: false,
      // No fonts from elsewhere.
      fonts: {},
      beautify: false,
      minify: false,
      keepComments: false,
    });
    return { id, html };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : "MJML failed" };
  }
}

parentPort?.on("message", (task: MjmlTask) => {
  void compile(task).then((answer) => parentPort?.postMessage(answer));
});

// `pnpm start`: a whole waitlist on this machine, until Ctrl-C.
import { createApi } from "./api.ts";
import { SAMPLE_LIST, sampleDefinition } from "./examples.ts";
import { run } from "./run.ts";
import { say, showEvent, showReady } from "./screen.ts";

await run(async ({ settings, start }) => {
  const began = performance.now();
  if (settings.fresh) say("Forgetting yesterday's data (--fresh).");
  const { endpoints } = await start({}, showEvent);
  const api = createApi(endpoints.gateway, endpoints.adminKey);
  const { status } = await api.findList(SAMPLE_LIST);
  if (status === 404) {
    const defined = await api.defineList(SAMPLE_LIST, await sampleDefinition());
    if (defined.status !== 201) throw new Error(`The gateway answered ${defined.status} to the sample list.`);
  }
  const seconds = (performance.now() - began) / 1000;
  showReady(endpoints, { home: settings.home, seconds, created: status === 404 });
});

// One set of backing services for all integration tests of a run; each test file takes names of its own in them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BackingMode, type BackingUrls, startBacking } from "@waitlist/backing";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    backing: BackingUrls;
  }
}

const MODES: readonly BackingMode[] = ["auto", "containers", "embedded"];

/** As WAITLIST_BACKING says; with `containers` none of them may be replaced by a process. */
function readMode(): BackingMode {
  const wanted = process.env.WAITLIST_BACKING ?? "auto";
  const mode = MODES.find((known) => known === wanted);
  if (!mode) throw new Error(`WAITLIST_BACKING must be one of ${MODES.join(", ")}.`);
  return mode;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), "waitlist-test-"));
  const backing = await startBacking({ home, mode: readMode(), env: process.env, keepVolumes: false });
  project.provide("backing", backing.urls);
  return async () => {
    await backing.stop();
    await rm(home, { recursive: true, force: true });
  };
}

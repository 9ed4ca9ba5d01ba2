import { ContainersFailed, RecordedChoiceUnavailable } from "./errors.ts";
import type { LaunchContext } from "./launch.ts";
import type { StartProcess } from "./processes.ts";
import type { BackingRecord, RecordedOrigin } from "./record.ts";
import type { BackingMode, BackingName, BackingUrls, OnEvent, SupervisedProcess } from "./types.ts";

export interface Started {
  name: BackingName;
  origin: RecordedOrigin;
  urls: Partial<BackingUrls>;
  process?: SupervisedProcess;
  stop(): Promise<void>;
}

export interface StartChosen {
  context: LaunchContext & { volumes: string | null };
  record: BackingRecord;
  mode: BackingMode;
  startProcess: StartProcess;
  /** How a process is had where containers fail after all. */
  withoutContainers(name: BackingName): Promise<RecordedOrigin>;
  onEvent: OnEvent;
}

/**
 * Starts everything at the same time. Where nothing is kept in containers yet and `auto` left the choice to us, an
 * engine that can't run them is no reason not to start: processes take their place.
 */
export async function startChosen(
  chosen: Map<BackingName, RecordedOrigin>,
  deps: StartChosen,
): Promise<Started[]> {
  const containers = [...chosen].filter(([, origin]) => origin === "container").map(([name]) => name);
  const processes = [...chosen].filter(([, origin]) => origin !== "container");
  const [inContainers, asProcesses] = await all<Started[]>(
    [
      startContainers(containers, deps),
      all(
        processes.map(([name, origin]) => startOne(name, origin, deps)),
        stopOne,
      ),
    ],
    (started) => stopAll(started),
  );
  return [...(inContainers ?? []), ...(asProcesses ?? [])];
}

async function startContainers(names: BackingName[], deps: StartChosen): Promise<Started[]> {
  try {
    return await all(
      names.map((name) => startOne(name, "container", deps)),
      stopOne,
    );
  } catch (error) {
    if (!(error instanceof ContainersFailed)) throw error;
    const kept = names.filter((name) => deps.record.origin[name] === "container");
    if (kept.length > 0) {
      throw new RecordedChoiceUnavailable(
        `The ${kept.join(" and ")} data of ${deps.context.home} is in a container's volume. ${error.message}`,
        { cause: error },
      );
    }
    const { discardVolumes } = await import("./containers/start.ts");
    await discardVolumes(names, deps.context.volumes);
    if (deps.mode === "containers") throw error;
    deps.onEvent({
      name: "containers",
      kind: "progress",
      message: `A container engine answers, but it can't be used, so this home takes processes instead. ${error.message}`,
    });
    const instead = async (name: BackingName) => startOne(name, await deps.withoutContainers(name), deps);
    return all(names.map(instead), stopOne);
  }
}

async function startOne(name: BackingName, origin: RecordedOrigin, deps: StartChosen): Promise<Started> {
  if (origin === "container") {
    // Loaded where it is needed only: that takes longer than most of our processes take to start.
    const { startContainer } = await import("./containers/start.ts");
    return { name, origin, ...(await startContainer(name, deps.context, deps.onEvent)) };
  }
  const { process, urls } = await deps.startProcess(name, origin);
  return { name, origin, urls, process, stop: () => process.stop() };
}

const stopOne = (started: Started) => started.stop();
const stopAll = (started: Started[]) => Promise.all(started.map(stopOne)).then(() => undefined);

/** All of them, or none: where one fails the others are undone, and the first failure is the answer. */
async function all<T>(starts: Promise<T>[], undo: (started: T) => Promise<void>): Promise<T[]> {
  const settled = await Promise.allSettled(starts);
  const done = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = settled.find((one) => one.status === "rejected");
  if (!failed) return done;
  await Promise.all(done.map(undo));
  throw failed.reason;
}

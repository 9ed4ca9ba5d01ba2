import { type ContainerRuntimeClient, getContainerRuntimeClient } from "testcontainers";
import { ContainersFailed, reason } from "../errors.ts";
import type { LaunchContext } from "../launch.ts";
import { LOOPBACK } from "../ports.ts";
import { until } from "../process/until.ts";
import type { BackingName, BackingUrls, OnEvent } from "../types.ts";
import { LoopbackContainer, waitUntil } from "./loopback-container.ts";
import { type ContainerSpec, SPECS } from "./specs.ts";

export interface StartedContainer {
  urls: Partial<BackingUrls>;
  stop(): Promise<void>;
}

/** Says whose container it is, so that one left by a crash can be found. */
const LABEL = "waitlist.backing";
const READY_WITHIN_MS = 60_000;
/** For an orderly stop, before the engine kills it. */
const STOP_WITHIN_MS = 6000;

/**
 * Starts one service in a container. Its data is in a volume named after the home's id, which outlives the container.
 * @throws ContainersFailed when the image can't be had or the container doesn't start
 */
export async function startContainer(
  name: BackingName,
  context: LaunchContext & { volumes: string | null },
  onEvent: OnEvent,
): Promise<StartedContainer> {
  if (name === "mailbox") throw new ContainersFailed("The mailbox is not run in a container.");
  const spec = SPECS[name];
  const image = context.env[spec.imageVariable] || spec.image;
  const emit = (kind: "starting" | "ready" | "stopped", message: string) => onEvent({ name, kind, message });
  emit("starting", `${name} is starting in a container of ${image} (which is pulled first if it isn't here)`);
  try {
    const client = await getContainerRuntimeClient();
    const host =
      client.info.containerRuntime.host === "localhost" ? LOOPBACK : client.info.containerRuntime.host;
    const id = context.volumes && `${context.volumes}-${name}`;
    if (id) await removeLeftover(client, id);
    const port = await context.port(name, spec.port);
    const started = await describe(spec, image, host, port, id).start();
    // From here on the engine restarts it, as the supervisor restarts a process; not after the engine's own restart.
    await client.container.getById(started.getId()).update({ RestartPolicy: { Name: "on-failure" } });
    emit("ready", `${name} is ready`);
    return {
      urls: spec.urls(`${host}:${port}`),
      async stop() {
        await started.stop({ timeout: STOP_WITHIN_MS, remove: true, removeVolumes: true });
        emit("stopped", `${name} has stopped`);
      },
    };
  } catch (error) {
    throw new ContainersFailed(
      `The container of ${image} could not be started: ${reason(error)
        .split("\n")[0]
        ?.replace(/[\s.]+$/, "")}.`,
      { cause: error },
    );
  }
}

function describe(spec: ContainerSpec, image: string, host: string, port: number, id: string | null) {
  const container = new LoopbackContainer(image)
    .withExposedPorts({ container: spec.port, host: port })
    .withEnvironment(spec.environment(`${host}:${port}`))
    .withWaitStrategy(waitUntil(() => until(() => spec.ready(port, host), 500), READY_WITHIN_MS));
  if (spec.command) container.withCommand(spec.command);
  // A name in place of a path is a volume to the engine, made at its first use.
  if (id) container.withLabels({ [LABEL]: id }).withBindMounts([{ source: id, target: spec.dataFolder }]);
  return container;
}

/** The volumes of containers that never came to be used. */
export async function discardVolumes(names: BackingName[], volumes: string | null): Promise<void> {
  const { container } = await getContainerRuntimeClient();
  const existing = (await container.dockerode.listVolumes()).Volumes ?? [];
  const ours = new Set(names.map((name) => `${volumes}-${name}`));
  const unused = existing.filter(({ Name }) => ours.has(Name));
  await Promise.all(unused.map(({ Name }) => container.dockerode.getVolume(Name).remove()));
}

/** Two containers on one volume would spoil it. */
async function removeLeftover(client: ContainerRuntimeClient, id: string): Promise<void> {
  const leftover = await client.container.fetchByLabel(LABEL, id);
  if (leftover) await leftover.remove({ force: true, v: true });
}

import type { LaunchContext } from "../launch.ts";
import { ContainersFailed } from "../errors.ts";
import type { BackingName, BackingUrls, OnEvent } from "../types.ts";

export interface StartedContainer {
  urls: Partial<BackingUrls>;
  stop(): Promise<void>;
}

/** @throws ContainersFailed */
export async function startContainer(name: BackingName, _context: LaunchContext, _onEvent: OnEvent): Promise<StartedContainer> {
  throw new ContainersFailed(`The container of ${name} can't be started.`);
}

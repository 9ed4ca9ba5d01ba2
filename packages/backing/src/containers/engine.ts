import { getContainerRuntimeClient } from "testcontainers";

/** Whether Docker, Podman or another engine that Testcontainers knows answers. */
export async function hasContainerEngine(): Promise<boolean> {
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}

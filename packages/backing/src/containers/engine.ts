/** Whether Docker, Podman or another engine that Testcontainers knows answers. */
export async function hasContainerEngine(): Promise<boolean> {
  // Loaded where it is needed only: it takes longer than the start of most of our processes.
  const { getContainerRuntimeClient } = await import("testcontainers");
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}

import { GenericContainer, type WaitStrategy } from "testcontainers";
import { LOOPBACK } from "../ports.ts";

/** Testcontainers publishes ports on every interface; a development's database is nobody else's business. */
export class LoopbackContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    const bindings = Object.values(this.hostConfig.PortBindings ?? {}) as { HostIp?: string }[][];
    for (const binding of bindings.flat()) binding.HostIp = LOOPBACK;
  }
}

/** Ready when `ask` says so, within `withinMs`; a container that has ended is not waited for. */
export function waitUntil(ask: (running: boolean) => Promise<boolean>, withinMs: number): WaitStrategy {
  const strategy: WaitStrategy = {
    async waitUntilReady(container) {
      const end = performance.now() + withinMs;
      let ready = false;
      while (!ready) {
        const { State } = await container.inspect();
        ready = await ask(State.Running);
        if (!ready && (!State.Running || performance.now() > end)) {
          throw new Error(
            State.Running ? "it gave no answer in time" : `it ended with code ${State.ExitCode}`,
          );
        }
      }
    },
    withStartupTimeout: () => strategy,
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => withinMs,
  };
  return strategy;
}

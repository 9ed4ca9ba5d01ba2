/** Asks a dependency for a sign of life; throws or returns false where there is none. */
export type Probe = () => Promise<unknown> | boolean;

export interface Dependency {
  probe: Probe;
  /** Without it the service can't do its work; without an optional one it does less. */
  required: boolean;
}

export interface Readiness {
  status: "ready" | "not-ready";
  dependencies: Record<string, { state: "up" | "down"; required: boolean }>;
}

const PROBE_WITHIN_MS = 1500;

/** Probes all dependencies at once, each for at most 1.5 s. Never throws. */
export async function readReadiness(dependencies: Record<string, Dependency>): Promise<Readiness> {
  const states = await Promise.all(
    Object.entries(dependencies).map(async ([name, { probe, required }]) => {
      const state: "up" | "down" = (await answers(probe)) ? "up" : "down";
      return [name, { state, required }] as const;
    }),
  );
  const ready = states.every(([, { state, required }]) => state === "up" || !required);
  return { status: ready ? "ready" : "not-ready", dependencies: Object.fromEntries(states) };
}

async function answers(probe: Probe): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_WITHIN_MS);
  });
  // A probe that throws says the same as one that answers false: the dependency is down.
  const answer = Promise.resolve()
    .then(probe)
    .then(
      (result) => result !== false,
      () => false,
    );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

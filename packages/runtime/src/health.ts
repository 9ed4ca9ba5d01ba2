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

/** In milliseconds: orchestrators ask every few seconds. */
const SHARED_MS = 1000;

/**
 * Reads the readiness once for all who ask within a second, and while it is being read: the question is public, and each
 * answer asks every dependency. `now` is in milliseconds and never goes back.
 */
export function shareReadiness(
  dependencies: Record<string, Dependency>,
  now: () => number = () => performance.now(),
): () => Promise<Readiness> {
  let latest: { readiness: Promise<Readiness>; at: number } | null = null;
  return () => {
    if (!latest || now() - latest.at >= SHARED_MS) {
      const reading = { readiness: readReadiness(dependencies), at: Number.POSITIVE_INFINITY };
      latest = reading;
      // Its second begins when it is there.
      void reading.readiness.then(() => {
        reading.at = now();
      });
    }
    return latest.readiness;
  };
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

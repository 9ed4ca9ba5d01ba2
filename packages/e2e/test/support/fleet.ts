// Instances of storage, email and invite beside those that the system began with.
import assert from "node:assert/strict";
import type { SupervisedProcess } from "@waitlist/backing";
import type { System } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";

export const SCALED = ["storage", "email", "invite"] as const;

/** One instance more of each of the three. */
export type Crew = SupervisedProcess[];

export const addCrew = async (system: System): Promise<Crew> =>
  (await Promise.all(SCALED.map((name) => system.startInstance(name)))).map(({ process }) => process);

/** They finish what they have in hand and leave their groups. */
export const stopCrew = async (crew: Crew): Promise<void> => {
  await Promise.all(crew.map((process) => process.stop()));
};

/** They are gone at once and for good, and nobody was told. */
export const loseCrew = async (crew: Crew): Promise<void> => {
  for (const process of crew) process.kill("SIGKILL");
  await stopCrew(crew);
};

/** Those that the system began with, which their supervisor starts again at once. */
export async function killFirstCrew({ services }: System): Promise<void> {
  const crew = SCALED.map((name) => services[name]);
  const before = crew.map(({ restarts }) => restarts);
  for (const process of crew) process.kill("SIGKILL");
  await eventually(() => {
    for (const [index, { restarts }] of crew.entries()) assert.ok(restarts > (before[index] ?? 0));
  }, 30_000);
}

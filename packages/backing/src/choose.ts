import { MissingPrerequisite, RecordedChoiceUnavailable } from "./errors.ts";
import type { BackingRecord, RecordedOrigin } from "./record.ts";
import type { BackingMode, BackingName } from "./types.ts";

/** What is to be found on this machine; asked only where it matters. */
export interface Machine {
  containerEngine(): Promise<boolean>;
  /** Whether it has a program of its own for this. */
  program(name: BackingName): Promise<boolean>;
}

export interface ChoiceInput {
  /** Those that the environment doesn't give. */
  names: BackingName[];
  mode: BackingMode;
  home: string;
  record: BackingRecord;
  machine: Machine;
}

/**
 * How each service is to be had. The first choice of a home stays: its data is there and nowhere else.
 * @throws RecordedChoiceUnavailable when the home's choice can't be had, or `mode` forbids it
 * @throws MissingPrerequisite when containers are demanded and no engine answers
 */
export async function choose(input: ChoiceInput): Promise<Map<BackingName, RecordedOrigin>> {
  const chosen = new Map<BackingName, RecordedOrigin>();
  for (const name of input.names) {
    const recorded = input.record.origin[name];
    chosen.set(name, recorded ? await keep(name, recorded, input) : await chooseFirst(name, input));
  }
  return chosen;
}

async function keep(name: BackingName, origin: RecordedOrigin, { mode, home, machine }: ChoiceInput) {
  const elsewhere = "or name another folder in WAITLIST_HOME";
  const refuse = (why: string) =>
    new RecordedChoiceUnavailable(`The ${name} data of ${home} ${why}, ${elsewhere}.`);
  if (name === "mailbox") return origin;
  if (origin === "container") {
    if (mode === "embedded") throw refuse("is in a container's volume: set WAITLIST_BACKING=containers");
    if (!(await machine.containerEngine())) {
      throw refuse("is in a container's volume, and no container engine answers: start the engine");
    }
    return origin;
  }
  if (mode === "containers") throw refuse("is not in a container: set WAITLIST_BACKING=embedded");
  if (origin === "local" && !(await machine.program(name))) {
    const program = name === "redis" ? "redis-server" : "mongod";
    throw refuse(`was written by this machine's ${program}, which is gone or too old: install it again`);
  }
  return origin;
}

async function chooseFirst(name: BackingName, { mode, machine }: ChoiceInput): Promise<RecordedOrigin> {
  // Small, and already here: an image would only have to be fetched.
  if (name === "mailbox") return "embedded";
  if (mode !== "embedded" && (await machine.containerEngine())) return "container";
  if (mode === "containers") {
    throw new MissingPrerequisite(
      "No container engine answers: start Docker or Podman, or set WAITLIST_BACKING=embedded to do without.",
    );
  }
  return (await machine.program(name)) ? "local" : "embedded";
}

// Every failure that a person can do something about. The message is the one sentence to show; no stack is needed.

export class BackingError extends Error {
  override readonly name: string = "BackingError";
}

/** Something has to be installed or reachable first; the message says what. */
export class MissingPrerequisite extends BackingError {
  override readonly name = "MissingPrerequisite";
}

/** A process ended or gave no answer before it was ready; the message names its log. */
export class StartFailed extends BackingError {
  override readonly name = "StartFailed";
}

/** Another process that is still running uses the same home. */
export class HomeInUse extends BackingError {
  override readonly name = "HomeInUse";
}

/** The home's data is kept in a way that this start can't, or is told not to, provide. */
export class RecordedChoiceUnavailable extends BackingError {
  override readonly name = "RecordedChoiceUnavailable";
}

/** The engine answers, but an image can't be had or a container doesn't start. */
export class ContainersFailed extends BackingError {
  override readonly name = "ContainersFailed";
}

export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

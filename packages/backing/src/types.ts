export type BackingName = "kafka" | "mongodb" | "redis" | "mailbox";
export const BACKING_NAMES: readonly BackingName[] = ["kafka", "mongodb", "redis", "mailbox"];

/** `auto` takes containers where an engine answers, otherwise embedded processes. */
export type BackingMode = "auto" | "containers" | "embedded";

/** Whose service it is: given by the environment, a container, an embedded process, or the machine's own binary. */
export type Origin = "environment" | "container" | "embedded" | "local";

export interface BackingUrls {
  /** host:port, separated by commas. */
  kafka: string;
  mongodb: string;
  redis: string;
  smtp: string;
  /** Where a person reads the mails; null where SMTP_URL names a real server, or the mailbox wasn't asked for. */
  mailboxWeb: string | null;
}

export interface BackingEvent {
  name: string;
  kind: "starting" | "progress" | "ready" | "exited" | "restarting" | "stopped";
  message: string;
}

export type OnEvent = (event: BackingEvent) => void;

/** A child process under the guard, restarted when it dies. */
export interface SupervisedProcess {
  name: string;
  /** Of the process itself, not of its guard; null while there is none. */
  readonly pid: number | null;
  readonly restarts: number;
  /** For fault tests: the process gets the signal, and the supervisor doesn't know that it was meant. */
  kill(signal: NodeJS.Signals): void;
  /** Graceful, then SIGKILL after `stopTimeoutMs`. It is not restarted. */
  stop(): Promise<void>;
}

export interface Backing {
  urls: BackingUrls;
  origin: Record<BackingName, Origin | "none">;
  /** Those started as processes of ours (embedded or local). */
  processes: SupervisedProcess[];
  /** Graceful, in less than 8 seconds, then SIGKILL. Data stays. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** The folder that holds all data, logs and the record of choices. */
  home: string;
  mode: BackingMode;
  env: NodeJS.ProcessEnv;
  onEvent?: OnEvent;
  /** Only these are started; the URLs of the others are empty. */
  only?: BackingName[];
  /** False where data in containers needn't outlive the stop, as in tests (true). */
  keepVolumes?: boolean;
}

// The words of Server-Sent Events (HTML Living Standard, 9.2.6), and what they go out through.

/** What a token shows at one moment. */
export interface State {
  /** Names the state: the same for the same, in every process. */
  id: string;
  /** JSON without line breaks. */
  data: string;
  /** Nothing can follow it. */
  last: boolean;
}

/** One client's connection. */
export interface Wire {
  /** `taken` is called once the client's socket has taken all of it. */
  write(text: string, taken: () => void): void;
  /** Ends the stream after what was written. */
  end(): void;
  /** Ends the connection, with what is still to be sent. */
  cut(): void;
}

export const statusEvent = ({ id, data }: State): string => `id: ${id}\nevent: status\ndata: ${data}\n\n`;

/** A comment: clients take no notice of it, connections stay open by it. */
export const HEARTBEAT = ":\n\n";

/** After so many milliseconds a client whose stream has ended comes back. */
export const retryHint = (ms: number): string => `retry: ${ms}\n\n`;

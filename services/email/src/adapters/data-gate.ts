// Holds a message back until the ledger says that it may go.
import { Readable } from "node:stream";

/** What became of a message at the gate. */
export interface DataGate {
  /**
   * Wraps the message: it is read once the server has asked for it, while `begin` is asked, and handed on once that has
   * said yes.
   */
  hold(message: Readable): Readable;
  /** Whether a byte was let through. */
  begun(): boolean;
  /** Why nothing was let through, where the ledger was the reason. */
  stopped(): "withheld" | "unrecorded" | null;
  /** The attempt is over: what has not begun by now never does. */
  shut(): void;
}

class NotSent extends Error {
  override name = "NotSent";
}

/**
 * nodemailer reads a message only after the server's 354, so that "may this go out?" can be asked as late as
 * possible: whoever leaves while the connection is being made gets no mail, and what fails before is known not to
 * have arrived.
 */
export function createDataGate(begin: () => Promise<boolean>): DataGate {
  let begun = false;
  let shut = false;
  let stopped: "withheld" | "unrecorded" | null = null;

  async function ask(): Promise<void> {
    try {
      if (!(await begin())) stopped = "withheld";
    } catch (cause) {
      stopped = "unrecorded";
      throw new NotSent("the ledger does not answer", { cause });
    }
    if (stopped) throw new NotSent("the mail is not to be sent any more");
  }

  async function* letThrough(message: Readable): AsyncGenerator<Uint8Array> {
    // Read and signed while the ledger is asked, since both take time; handed on as one piece: a letter is small.
    const [chunks] = await Promise.all([message.toArray() as Promise<Uint8Array[]>, ask()]);
    // Asked last, with nothing awaited before the first byte: whoever was told that nothing went out must stay right.
    if (shut) throw new NotSent("the attempt is over");
    begun = true;
    yield Buffer.concat(chunks);
  }

  return {
    hold: (message) => Readable.from(letThrough(message), { objectMode: false }),
    begun: () => begun,
    stopped: () => stopped,
    shut: () => {
      shut = true;
    },
  };
}

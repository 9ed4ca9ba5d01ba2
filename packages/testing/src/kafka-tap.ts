// Listens in on one Kafka connection, to tell which answers belong to which kind of request.

export interface KafkaTap {
  /** Takes what the client sends. */
  requests(chunk: Buffer): void;
  /** Takes what the server sends; gives the api keys of the requests whose answers are complete with this chunk. */
  answers(chunk: Buffer): number[];
}

const LENGTH_BYTES = 4;

/** A request begins with its api key (2 bytes), api version (2) and correlation id (4); an answer with that id. */
export function tapKafka(): KafkaTap {
  const keys = new Map<number, number>();
  const requests = splitFrames();
  const answers = splitFrames();
  return {
    requests: (chunk) => {
      for (const frame of requests(chunk)) keys.set(frame.readInt32BE(4), frame.readInt16BE(0));
    },
    answers: (chunk) =>
      answers(chunk).map((frame) => {
        const id = frame.readInt32BE(0);
        const key = keys.get(id) ?? -1;
        keys.delete(id);
        return key;
      }),
  };
}

/** Gives back the frames that a chunk completes, without their lengths. */
function splitFrames(): (chunk: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const frames: Buffer[] = [];
    while (rest.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + rest.readInt32BE(0);
      if (rest.length < end) break;
      frames.push(rest.subarray(LENGTH_BYTES, end));
      rest = rest.subarray(end);
    }
    return frames;
  };
}

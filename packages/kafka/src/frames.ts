/** Bytes of a response's length, which stands before it. */
const LENGTH_BYTES = 4;

const NOTHING = { whole: null, count: 0 };

/**
 * Collects a stream's bytes and gives back whole responses only.
 *
 * kafkajs (2.2.4) keeps the first part of a response that was cut off and puts it before the bytes of its next
 * connection, so that nothing there can be read any more. Given whole responses, there is never a part to keep.
 */
export function frameBuffer(): (chunk: Buffer) => { whole: Buffer | null; count: number } {
  let parts: Buffer[] = [];
  let size = 0;
  let needed = LENGTH_BYTES;

  return (chunk) => {
    parts.push(chunk);
    size += chunk.length;
    if (size < needed) return NOTHING;
    const buffer = parts.length === 1 ? chunk : Buffer.concat(parts, size);
    let end = 0;
    let count = 0;
    for (;;) {
      needed = LENGTH_BYTES;
      if (buffer.length - end < needed) break;
      needed += buffer.readInt32BE(end);
      if (buffer.length - end < needed) break;
      end += needed;
      count += 1;
    }
    const rest = buffer.subarray(end);
    parts = [rest];
    size = rest.length;
    return { whole: end > 0 ? buffer.subarray(0, end) : null, count };
  };
}

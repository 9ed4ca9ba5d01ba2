import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameBuffer } from "./frames.ts";

const frame = (body: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
};

/** Feeds the bytes in pieces of these sizes, in turn. */
function feed(bytes: Buffer, sizes: number[]) {
  const take = frameBuffer();
  const wholes: Buffer[] = [];
  let count = 0;
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    const given = take(bytes.subarray(at, at + size));
    if (given.whole) wholes.push(given.whole);
    count += given.count;
    at += size;
  }
  return { bytes: Buffer.concat(wholes), count };
}

describe("a buffer of responses", () => {
  it("gives back all that are complete, however the bytes were cut into pieces", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
        (bodies, sizes) => {
          const sent = Buffer.concat(bodies.map(frame));
          expect(feed(sent, sizes)).toEqual({ bytes: sent, count: bodies.length });
        },
      ),
    );
  });

  it("keeps back the part of one that was cut off", () => {
    const sent = Buffer.concat([frame(Buffer.from("whole")), frame(Buffer.from("cut off")).subarray(0, 8)]);
    expect(feed(sent, [3])).toEqual({ bytes: frame(Buffer.from("whole")), count: 1 });
  });
});

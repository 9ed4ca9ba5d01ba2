import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEvent } from "./decode.ts";
import { createEvent, encodeEvent } from "./index.ts";

const place = { waitlistId: "socialode", entryId: "mfrggzdfmztwq2lknnwg23tpoa" };
const joined = createEvent(
  "WaitlistJoined",
  { ...place, email: "ada@example.com", needsConfirmation: false },
  { source: "/gateway", at: 0 },
);
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value));

describe("reading a record", () => {
  test("gives the event that was written", () => {
    expect(decodeEvent(encodeEvent(joined))).toEqual({ kind: "event", event: joined });
  });

  test("a join whose name can't be read still is a join", () => {
    const decoded = decodeEvent(encoded({ ...joined, data: { ...joined.data, name: 7 } }));
    expect(decoded).toMatchObject({ kind: "event", unreadable: expect.stringContaining("/data/name") });
  });

  test("a join whose entryId can't be read is set aside", () => {
    expect(decodeEvent(encoded({ ...joined, data: { ...joined.data, entryId: "?" } })).kind).toBe("poison");
  });

  test("an unknown type or a newer version waits for the build that knows it", () => {
    expect(decodeEvent(encoded({ ...joined, type: "WaitlistPainted" })).kind).toBe("unsupported");
    expect(decodeEvent(encoded({ ...joined, schemaversion: 2 })).kind).toBe("unsupported");
  });

  test("a cause names the field and never its value", () => {
    const decoded = decodeEvent(encoded({ ...joined, data: { ...joined.data, email: ["ada@example.com"] } }));
    expect(JSON.stringify({ ...decoded, event: null })).not.toContain("ada@example.com");
  });

  test("nothing makes it throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from), fc.constant(null)), (value) => {
        expect(["event", "poison", "unsupported"]).toContain(decodeEvent(value).kind);
      }),
    );
  });
});

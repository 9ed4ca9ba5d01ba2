import { domainToUnicode } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddress } from "./email-address.ts";

const personOf = (input: string) => parseAddress(input)?.canonical;

describe("addresses", () => {
  test.for([
    ["ada@example.com", "ada@example.com"],
    ["  Ada@Example.COM ", "ada@example.com"],
    ["ada+news@example.com", "ada@example.com"],
    ["a.d.a@gmail.com", "ada@gmail.com"],
    ["A.da+x@GoogleMail.com", "ada@gmail.com"],
    ["a.da@example.com", "a.da@example.com"],
    ["jörg@müller.example", "jörg@xn--mller-kva.example"],
    ["नेहा@example.com", "नेहा@example.com"],
    ["ada@faß.example", "ada@xn--fa-hia.example"],
    // A capital without a form of its own: H and a line below, against the one letter ẖ.
    ["H\u0331anna@example.com", "\u1e96anna@example.com"],
  ])("%s is the person %s", ([input, canonical]) => {
    expect(personOf(input ?? "")).toBe(canonical);
  });

  test("mail goes to the address as typed, without the spaces around it", () => {
    expect(parseAddress(" Ada+News@Example.com ")?.typed).toBe("Ada+News@Example.com");
  });

  test.for([
    "",
    "ada",
    "@example.com",
    "ada@",
    "ada@localhost",
    "ada@example.com.",
    "ada@-example.com",
    "ada@exa_mple.com",
    "ada@1.2.3.4",
    "ada@[127.0.0.1]",
    "ada@%65xample.com",
    "ada@example.com/x",
    "ada@example.com:25",
    ".ada@example.com",
    "ada.@example.com",
    "a..da@example.com",
    '"ada"@example.com',
    "ada lovelace@example.com",
    "ada@eve@example.com",
    "ada@example.com\r\nBcc: eve@example.com",
    "ada\u0000@example.com",
    "ada\u200b@example.com",
    "+tag@example.com",
    `${"a".repeat(65)}@example.com`,
    `${"ä".repeat(33)}@example.com`,
    `ada@${"a".repeat(64)}.com`,
  ])("%j is refused", (input) => {
    expect(parseAddress(input)).toBeNull();
  });
});

/** Local parts in letters of several scripts, with accents, digits and dots. */
const word = fc
  .array(fc.constantFrom(..."abzABZ09ßÄéÏøŁŽжЖдяΑΣβωςկՀกあ漢ا", "h\u0331", "H\u0331", "e\u0301", "İ"), {
    minLength: 1,
    maxLength: 6,
  })
  .map((letters) => letters.join(""));
const local = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join("."));
const domain = fc.oneof(
  fc.constantFrom("example.com", "gmail.com", "googlemail.com", "müller.example", "例え.テスト", "ПРИМЕР.рф"),
  fc.domain(),
);
const address = fc.tuple(local, domain).map(([name, at]) => `${name}@${at}`);
const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.tuple(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })).map((parts) => parts.join("@")),
  fc.tuple(local, fc.string({ unit: "binary" })).map((parts) => parts.join("@")),
);

/** Calls `check` with addresses that are taken, of which there have to be some. */
function forPeople(check: (input: string, canonical: string) => void): void {
  let people = 0;
  fc.assert(
    fc.property(fc.oneof(address, fc.emailAddress()), (input) => {
      const canonical = personOf(input);
      if (canonical === undefined) return;
      people += 1;
      check(input, canonical);
    }),
  );
  expect(people).toBeGreaterThan(50);
}

describe("who somebody is", () => {
  test("is the same when it is read again", () => {
    let read = 0;
    forPeople((_input, canonical) => {
      // Some are no address that anybody may type: without its tag a local part can end in a dot.
      const again = personOf(canonical);
      if (again === undefined) return;
      read += 1;
      expect(again).toBe(canonical);
    });
    expect(read).toBeGreaterThan(50);
  });

  test("isn't changed by case, spaces around or another spelling of the same letters", () => {
    forPeople((input, canonical) => {
      expect(personOf(` ${input.toLowerCase()}\t`)).toBe(canonical);
      expect(personOf(input.normalize("NFC"))).toBe(canonical);
      const capitals = input.toUpperCase();
      // Not every letter comes back from its capital: ß is SS, and a Greek sigma may be another one.
      const comesBack = capitals.toLowerCase().normalize("NFC") === input.toLowerCase().normalize("NFC");
      if (comesBack) expect(personOf(capitals)).toBe(canonical);
    });
  });

  test("isn't changed by a tag", () => {
    forPeople((input, canonical) => {
      const at = input.lastIndexOf("@");
      const [name = ""] = input.slice(0, at).split("+", 1);
      const tagged = personOf(`${name}+t.1+2${input.slice(at)}`);
      if (tagged !== undefined) expect(tagged).toBe(canonical);
    });
  });

  test("isn't changed by dots at Gmail, and is by dots elsewhere", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9]{1,5}$/), { minLength: 2, maxLength: 4 }), (words) => {
        const [dotted, plain] = [words.join("."), words.join("")];
        expect(personOf(`${dotted}@gmail.com`)).toBe(`${plain}@gmail.com`);
        expect(personOf(`${dotted}@googlemail.com`)).toBe(`${plain}@gmail.com`);
        expect(personOf(`${dotted}@example.com`)).not.toBe(personOf(`${plain}@example.com`));
      }),
    );
  });

  test("is the same with the domain in Unicode and in ASCII", () => {
    let international = 0;
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 3 }), (labels) => {
        const ascii = personOf(`ada@${labels.join(".")}`);
        if (ascii === undefined) return;
        const unicode = domainToUnicode(ascii.slice("ada@".length));
        international += ascii.includes("xn--") ? 1 : 0;
        expect(personOf(`ada@${unicode}`)).toBe(ascii);
        expect(personOf(ascii)).toBe(ascii);
      }),
    );
    expect(international).toBeGreaterThan(5);
  });

  test("differs where the mailbox or the domain does", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
    fc.assert(
      fc.property(name, name, (one, other) => {
        fc.pre(one !== other);
        expect(personOf(`${one}@example.com`)).not.toBe(personOf(`${other}@example.com`));
        expect(personOf(`ada@${one}.example`)).not.toBe(personOf(`ada@${other}.example`));
      }),
    );
  });
});

test("nothing that is typed makes it fail, and what is taken keeps the rules", () => {
  fc.assert(
    fc.property(hostile, (input) => {
      const found = parseAddress(input);
      if (!found) return;
      expect(found.canonical).toMatch(/^[^\s@+\p{C}]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/u);
      expect(Buffer.byteLength(found.typed)).toBeLessThanOrEqual(254);
      expect(found.typed).not.toMatch(/[\s\p{Cc}]/u);
    }),
    { numRuns: 2000 },
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddress } from "./email-address.ts";

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
  ])("%s is the person %s", ([input, canonical]) => {
    expect(parseAddress(input ?? "")?.canonical).toBe(canonical);
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
    ".ada@example.com",
    "ada.@example.com",
    "a..da@example.com",
    '"ada"@example.com',
    "ada lovelace@example.com",
    "ada@example.com\r\nBcc: eve@example.com",
    "ada\u0000@example.com",
    "+tag@example.com",
    `${"a".repeat(65)}@example.com`,
    `ada@${"a".repeat(64)}.com`,
  ])("%j is refused", (input) => {
    expect(parseAddress(input)).toBeNull();
  });

  test("another case, spaces around it or a tag behind it make no other person", () => {
    fc.assert(
      fc.property(fc.emailAddress(), (input) => {
        const canonical = parseAddress(input)?.canonical;
        fc.pre(canonical !== undefined);
        expect(parseAddress(` ${input.toUpperCase()}\t`)?.canonical).toBe(canonical);
        const [local = "", domain = ""] = input.split("@");
        const tagged = parseAddress(`${local.split("+", 1)[0]}+t@${domain}`);
        if (tagged) expect(tagged.canonical).toBe(canonical);
      }),
    );
  });
});

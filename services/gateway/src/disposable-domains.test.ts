import { parseAddress } from "@waitlist/contracts";
import { describe, expect, it } from "vitest";
import { createDisposableDomains } from "./disposable-domains.ts";

const isDisposable = createDisposableDomains();

describe("a domain of throw-away addresses", () => {
  it.each(["mailinator.com", "inbox.mailinator.com", "a.b.c.mailinator.com", "guerrillamail.com"])(
    "is %s",
    (domain) => {
      expect(isDisposable(domain)).toBe(true);
    },
  );

  it.each([
    "gmail.com",
    "example.com",
    "mailinator.example",
    "not-mailinator.com",
    "mailinator.com.example",
    "com",
    "",
  ])("is not %j", (domain) => {
    expect(isDisposable(domain)).toBe(false);
  });

  it("is one however it is spelled in an address", () => {
    const domainOf = (input: string) => parseAddress(input)?.canonical.split("@")[1] ?? "";
    expect(isDisposable(domainOf("ada@MAILINATOR.com"))).toBe(true);
    expect(isDisposable(domainOf("ada@ｍａｉｌｉｎａｔｏｒ.com"))).toBe(true);
    expect(isDisposable(domainOf("ada@müller.Mailinator.COM"))).toBe(true);
  });
});

// The example page's script, as it stands in the documents, against a gateway: a browser has no more than what is given here.
import { readFile } from "node:fs/promises";
import { createContext, runInContext } from "node:vm";
import { entryIdOf, partitionOf } from "@waitlist/contracts";
import { afterEach, describe, expect, it } from "vitest";
import { entryWith, placeAt } from "./person.ts";
import { createWorld, definitionWith, PARTITIONS, SECRET, type World } from "./support.ts";

const PAGE = new URL("../../../docs/examples/landing-page.html", import.meta.url);
const LIST = "launch";
const ADDRESS_IN_PAGE = 'const WAITLIST = "http://localhost:8080";';

let world: World;
afterEach(() => world.close());

interface Fields {
  email: string;
  website?: string;
}

interface Page {
  /** Fills the form in and sends it; resolves to what the page says then. */
  submit(fields: Fields): Promise<string>;
  button: { disabled: boolean };
}

/** The page with the gateway's address in it; `fetch` is the browser's. */
async function openPage(fetch = globalThis.fetch): Promise<Page> {
  const html = await readFile(PAGE, "utf8");
  const script = /<script type="module">(.*)<\/script>/s.exec(html)?.[1] ?? "";
  expect(script).toContain(ADDRESS_IN_PAGE);
  const address = await world.app.listen({ port: 0, host: "127.0.0.1" });
  const button = { disabled: false };
  const answer = { textContent: "" };
  let typed: Fields | undefined;
  let send: ((event: { preventDefault(): void }) => Promise<void>) | undefined;
  const form = {
    addEventListener: (_type: "submit", handler: typeof send) => {
      send = handler;
    },
    querySelector: () => button,
  };
  const document = {
    querySelector: (selector: string) => ({ "#signup": form, "#answer": answer })[selector],
  };
  /** What a browser reads out of the form: all of its fields, the hidden one too. */
  const formData = () => Object.entries({ website: "", ...typed });
  const FormData = function FormData() {
    return formData();
  };
  const browser = { document, FormData, fetch, crypto, btoa };
  runInContext(script.replace(ADDRESS_IN_PAGE, `const WAITLIST = "${address}";`), createContext(browser));
  return {
    button,
    submit: async (fields) => {
      typed = fields;
      let isKept = false;
      await send?.({ preventDefault: () => (isKept = true) });
      // Without it, the browser would leave the page.
      expect([isKept, button.disabled]).toEqual([true, false]);
      return answer.textContent;
    },
  };
}

const joined = () => world.joins().map(({ data }) => data.email);

describe("the example page", () => {
  it.each(["off", "always"] as const)("signs up on a list whose challenge is %s", async (challenge) => {
    world = await createWorld();
    world.list(LIST, definitionWith({ challenge }));
    const asked: string[] = [];
    const page = await openPage((url, init) => {
      asked.push(`${init?.method ?? "GET"} ${new URL(String(url)).pathname}`);
      return fetch(url, init);
    });
    expect(await page.submit({ email: "ada@example.com" })).toBe(
      "You're on the list. Look into your mailbox.",
    );
    expect(joined()).toEqual(["ada@example.com"]);
    const signUp = `POST /v1/waitlists/${LIST}/entries`;
    const solved = [signUp, `GET /v1/waitlists/${LIST}/challenge`, signUp];
    expect(asked).toEqual(challenge === "always" ? solved : [signUp]);
  });

  it("says the place where the list shows it", async () => {
    world = await createWorld();
    world.list(LIST, definitionWith({ revealPosition: "on-signup" }));
    const entryId = entryIdOf(SECRET, LIST, "ada@example.com");
    world.waits.announce(partitionOf(LIST, PARTITIONS), 200);
    world.model.answer = { next: 200, entry: { ...entryWith(placeAt(100)), waitlistId: LIST, entryId } };
    const page = await openPage();
    expect(await page.submit({ email: "ada@example.com" })).toBe("You're number 10. We'll write to you.");
  });

  it("sends a lost signup again, which stays one", async () => {
    world = await createWorld();
    world.list(LIST, definitionWith());
    let losses = 1;
    const page = await openPage(async (url, init) => {
      const answer = await fetch(url, init);
      if (losses-- > 0) throw new TypeError("the connection was lost after the gateway had answered");
      return answer;
    });
    expect(await page.submit({ email: "ada@example.com" })).toMatch(/^You're on the list/);
    expect(joined()).toEqual(["ada@example.com"]);
  });

  it("says what is wrong, and lets people try again", async () => {
    world = await createWorld();
    world.list(LIST, definitionWith());
    const page = await openPage();
    expect(await page.submit({ email: "ada@example" })).toBe(
      "email is not a mail address that mail can be sent to",
    );
    expect(await page.submit({ email: "ada@example.com", website: "x" })).toMatch(/^website /);
    expect(joined()).toEqual([]);
    world.broken.log = true;
    expect(await page.submit({ email: "ada@example.com" })).not.toMatch(/on the list/);
    world.broken.log = false;
    expect(await page.submit({ email: "ada@example.com" })).toMatch(/^You're on the list/);
  });
});

it("the documents say how long the page is", async () => {
  world = await createWorld();
  const lines = (await readFile(PAGE, "utf8")).trimEnd().split("\n").length;
  const guide = await readFile(new URL("../landing-page.md", PAGE), "utf8");
  expect(guide).toContain(`a whole page of ${lines} lines`);
});

// What a scanner finds that follows every link of every mail: pages and reads, each token good for one thing.
import { Value } from "@sinclair/typebox/value";
import { WaitlistDefinition } from "@waitlist/contracts";
import { createTokens, type Purpose } from "@waitlist/tokens";
import { describe, expect, test } from "vitest";
import type { Letter } from "../src/domain/letters/letter.ts";
import { createLetterWriter } from "../src/sending/letter-writer.ts";
import { CAUSED_AT, MAIL_NAMES, MAILS, type MailName } from "./support/mails.ts";

const PUBLIC_URL = "https://waitlist.example";
const tokens = createTokens("k1:0123456789abcdef0123456789abcdef", () => CAUSED_AT);
const brand = { websiteUrl: "https://socialode.example", privacyUrl: "https://socialode.example/privacy" };
const definition = Value.Default(WaitlistDefinition, { name: "Socialode", brand }) as WaitlistDefinition;
const inForce = { waitlistId: "socialode", offset: 0, eventId: "e0", definition, at: 0 };

const write = (name: MailName): Promise<Letter> =>
  createLetterWriter({
    definitions: { inForce: async () => inForce },
    tokens,
    config: { PUBLIC_URL, MAIL_FROM: "waitlist@localhost" },
  })(MAILS[name], "ada@example.com");

const PURPOSES: Purpose[] = ["status", "confirmation", "unsubscribe", "receipt"];

/** Where an address leads, without its token, and all that the token is good for. */
function read(address: string) {
  const [, path = "", token = ""] = /^(.*?(?:[?]token=|\/unsubscribe\/))(.*)$/.exec(address) ?? ["", address];
  const goodFor = PURPOSES.filter((purpose) => tokens.verify(token, purpose) !== null);
  return [path.replace(PUBLIC_URL, ""), goodFor.join()].join(" ").trim();
}

const found = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, address = ""]) => address.replaceAll("&amp;", "&"));
const inText = ({ text }: Letter) => found(text, /(https?:\/\/\S+)/g).map(read);
const inHtml = ({ html }: Letter) => found(html, /(?:href|src)="([^"]*)"/g).map(read);

const status = `/v1/entries/${"a".repeat(26)}?token= status`;
const confirm = "/confirm?token= confirmation";
const footer = ["/leave?token= unsubscribe", "https://socialode.example/privacy"];
const LINKS: Record<MailName, string[]> = {
  confirmation: [confirm, ...footer],
  welcome: [status, ...footer],
  "already, still pending": [confirm, ...footer],
  "already, waiting": [status, ...footer],
  "already, invited": [status, ...footer],
  invite: ["/i/ABCD-EFGH-2345", status, ...footer],
  reminder: ["/i/ABCD-EFGH-2345", status, ...footer],
  expired: [status, ...footer],
};

describe("every address in a mail is a page or a read, and its token good for that alone", () => {
  test.for(MAIL_NAMES)("%s", async (name) => {
    const letter = await write(name);
    expect(inText(letter)).toEqual(LINKS[name]);
    expect(inHtml(letter)).toEqual(LINKS[name]);
    // The one address that does something takes a POST alone, and stands in a header that only programs read.
    expect(read(letter.unsubscribeUrl)).toBe("/v1/unsubscribe/ unsubscribe");
    expect(letter.text + letter.html).not.toContain("/v1/unsubscribe/");
  });

  test("by this reading, a token for two purposes or none would be seen", () => {
    expect(read(`${PUBLIC_URL}/leave?token=x.y.z`)).toBe("/leave?token=");
    expect(read(`${PUBLIC_URL}/confirm?token=${strayToken()}`)).toBe("/confirm?token= status");
  });
});

test("all of it is the same in every attempt", async () => {
  for (const name of MAIL_NAMES) expect(await write(name)).toEqual(await write(name));
});

/** A token for something else than the page that it stands behind. */
const strayToken = () =>
  tokens.sign({
    ...{ purpose: "status", kind: "mailed", waitlistId: "socialode", entryId: "a".repeat(26) },
    ...{ joinOffset: 41, exp: CAUSED_AT / 1000 + 60 },
  });

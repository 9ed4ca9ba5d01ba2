// A list with people, invites and tokens: what made-up requests have to be about to get anywhere.
import { createApi, type System } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import {
  confirmationClaims,
  createTokens,
  mailedClaims,
  type StatusClaims,
  type TokenPlace,
  type Tokens,
  unsubscribeClaims,
} from "@waitlist/tokens";
import { setAside } from "./set-aside.ts";

const LIST = "fuzzed";
const PEOPLE = 60;
const INVITES = 20;
/** Several: one that was ended stays so. */
const SCHEDULES = ["daily", "early", "late"];
const FEW = 5;
const DEAD_LETTERS = 40;

const question = (id: string, type: string) => ({ id, label: id, type, required: false });
const DEFINITION = {
  name: "Fuzzed",
  revealPosition: "on-signup",
  showCount: true,
  questions: [question("why", "text"), question("ok", "boolean"), question("age", "number")],
};

export interface Sample {
  adminKey: string;
  list: string;
  batches: string[];
  schedules: string[];
  codes: string[];
  deadLetters: string[];
  people: Person[];
}

interface Person {
  entryId: string;
  status: string;
  receipt: string;
  /** The tokens of mails. */
  mailed: string;
  confirmation: string;
  unsubscribe: string;
  /** A mail to them. */
  mailId: string;
}

/** Makes it through the API; throws where that answers anything but success. */
export async function makeSample(system: System): Promise<Sample> {
  const { endpoints, secrets } = system;
  const api = createApi(endpoints.gateway, endpoints.adminKey);
  const tokens = createTokens(secrets.TOKEN_KEYS, Date.now);
  const succeeded = (status: number, what: string) => {
    if (status >= 300) throw new Error(`The gateway answered ${status} to ${what}.`);
  };
  succeeded((await api.defineList(LIST, DEFINITION)).status, "the list");
  const people: Person[] = [];
  for (let number = 1; number <= PEOPLE; number++) {
    const signup = { email: `person-${number}@example.com` };
    const { status, body } = await api.join(LIST, signup, { prefer: "wait=10" });
    succeeded(status, "a signup");
    people.push({
      entryId: body.entryId,
      status: body.statusToken,
      receipt: body.receipt,
      ...tokensOf(tokens, body.statusToken),
    });
  }
  succeeded((await api.invite(LIST, INVITES, "sample")).status, "the invite batch");
  const codes = await eventually(async () => {
    const found = (await api.entries(LIST)).flatMap(({ invite }) => invite?.code ?? []);
    if (found.length < INVITES) throw new Error(`${found.length} of ${INVITES} invites are stored.`);
    return found;
  });
  for (const schedule of SCHEDULES) {
    const wanted = { count: 1, cron: "0 9 1 1 *" };
    succeeded((await api.schedule(LIST, schedule, wanted)).status, "an invite schedule");
  }
  // Another one, so that taking it back leaves the codes.
  const { status, body } = await api.invite(LIST, FEW, "another");
  succeeded(status, "the second invite batch");
  return {
    ...{ adminKey: endpoints.adminKey, list: LIST, batches: [body.batchId], schedules: SCHEDULES },
    ...{ codes, people, deadLetters: await setAside(system, LIST, DEAD_LETTERS) },
  };
}

/** The tokens that the mails to the same place hold. */
function tokensOf(tokens: Tokens, statusToken: string) {
  const place: TokenPlace = tokens.verify(statusToken, "status") as StatusClaims;
  const now = Date.now();
  return {
    mailed: tokens.sign(mailedClaims(place, now)),
    confirmation: tokens.sign(confirmationClaims(place, now)),
    unsubscribe: tokens.sign(unsubscribeClaims(place, now)),
    mailId: `welcome:${place.entryId}:${place.joinOffset}`,
  };
}

// The two changes that every mail goes through while it is sent, written for all connections together.
import { randomUUID } from "node:crypto";
import type { Collection } from "mongodb";
import type { ClaimedMail, MailState } from "../domain/mail.ts";
import type { MailLedger, Outcome } from "../ports.ts";
import { createCoalescer } from "./coalescer.ts";
import { type MailDocument, settled } from "./mongo-mail-document.ts";
import type { Update, UpdateInOrder } from "./mongo-updates.ts";

type Transition =
  | { kind: "begin"; mail: ClaimedMail; leaseMs: number; after: Outcome | undefined; token: string }
  | { kind: "settle"; outcome: Outcome };

const SETTLED_FROM: MailState[] = ["claimed", "sending", "ambiguous"];

export function createTransitions(
  mails: Pick<Collection<MailDocument>, "find">,
  update: UpdateInOrder<MailDocument>,
  clock: () => number,
): Pick<MailLedger, "begin" | "settle"> {
  /** Outcomes that the database has acknowledged. */
  const recorded = new WeakSet<Outcome>();

  async function write(transitions: Transition[]): Promise<boolean[]> {
    const { operations, outcomes } = toOperations(transitions, recorded, clock());
    if (operations.length === 0) return transitions.map(() => true);
    // In order: where the database gets through a part of them, no mail has begun whose forerunner isn't settled.
    const matchedCount = await update(operations);
    for (const outcome of outcomes) recorded.add(outcome);
    if (matchedCount === operations.length) return transitions.map(() => true);
    const begins = transitions.filter((transition) => transition.kind === "begin");
    const begun = matchedCount === 0 ? new Set<string>() : await readBegun(mails, begins);
    return transitions.map((transition) => transition.kind === "settle" || begun.has(transition.token));
  }

  const submit = createCoalescer(write);
  return {
    begin: (mail, leaseMs, after) => submit({ kind: "begin", mail, leaseMs, after, token: randomUUID() }),
    settle: async (outcome) => {
      await submit({ kind: "settle", outcome });
    },
  };
}

/** What is recorded already is left out, and an outcome that is named twice is written once. */
function toOperations(transitions: Transition[], recorded: WeakSet<Outcome>, now: number) {
  const operations: Update<MailDocument>[] = [];
  const outcomes = new Set<Outcome>();
  const settle = (outcome: Outcome) => {
    if (recorded.has(outcome) || outcomes.has(outcome)) return;
    outcomes.add(outcome);
    const { id, claim } = outcome.mail;
    operations.push({ q: { _id: id, state: { $in: SETTLED_FROM }, claim }, u: settled(outcome, now) });
  };
  for (const transition of transitions) {
    if (transition.kind === "settle") settle(transition.outcome);
    else {
      const { mail, leaseMs, after, token } = transition;
      if (after) settle(after);
      operations.push({
        q: { _id: mail.id, state: "claimed", claim: mail.claim },
        u: { $set: { state: "sending", leaseUntil: now + leaseMs, begun: token } },
      });
    }
  }
  return { operations, outcomes };
}

/** The tokens of those that began: the answer counts what it found, but doesn't name it. */
async function readBegun(
  mails: Pick<Collection<MailDocument>, "find">,
  begins: { mail: ClaimedMail; token: string }[],
): Promise<Set<string>> {
  if (begins.length === 0) return new Set();
  const found = await mails
    .find({ _id: { $in: begins.map(({ mail }) => mail.id) }, state: "sending" }, { projection: { begun: 1 } })
    .toArray();
  return new Set(found.flatMap(({ begun }) => begun ?? []));
}

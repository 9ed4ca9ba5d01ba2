// Signing up.
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  createEvent,
  JoinAccepted,
  JoinPlaced,
  JoinRequest,
  joinIdOf,
  ProblemError,
  type StoredWaitlist,
} from "@waitlist/contracts";
import { statusUrlOf, type Tokens, typedClaims } from "@waitlist/tokens";
import type { FastifyError, FastifyInstance } from "fastify";
import type { Admission } from "../admission.ts";
import type { AppliedWaits } from "../applied-waits.ts";
import type { DisposableDomains } from "../disposable-domains.ts";
import { idempotencyKeyOf, preferredWait } from "../domain/headers.ts";
import { judgeSignup } from "../domain/signup.ts";
import { EVENT_SOURCE } from "../event-source.ts";
import { allowedToSignUp } from "../http/limit-requests.ts";
import type { Idempotency } from "../idempotency.ts";
import type { Places } from "../places.ts";
import type { Clock, Definitions, EventLog } from "../ports.ts";
import type { RefusedSignups } from "../refused-signups.ts";
import { requireList } from "../require-list.ts";
import { byAnybody, IdempotencyHeaders, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { writeProblems } from "./problem-responses.ts";

interface Deps {
  log: EventLog;
  admission: Admission;
  refusals: RefusedSignups;
  isDisposable: DisposableDomains;
  definitions: Definitions;
  places: Places;
  waits: AppliedWaits;
  idempotency: Idempotency;
  tokens: Tokens;
  clock: Clock;
  secret: string;
  publicUrl: string;
}

/** A signup that is on the log. */
interface AcceptedJoin {
  entryId: string;
  eventId: string;
  partition: number;
  offset: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** How a signup came to be judged. */
interface Judged {
  /** The `Idempotency-Key`. */
  key: string | undefined;
  /** Milliseconds since 1970. */
  at: number;
  counts(): void;
  allowed(): Promise<void>;
}

const schema = {
  tags: ["Signup"],
  summary: "Sign up",
  description:
    "Accepted means durable: the answer is sent when the signup is on the log. The same address again is the same " +
    "place. With `Prefer: wait=n` (RFC 7240, at most 10 seconds), on a list with `revealPosition: on-signup`, the " +
    "answer waits for the place. Where the list has `challengeRequired`, `challenge` has to be there, solved.",
  security: byAnybody,
  params: WaitlistParams,
  headers: Type.Object({
    ...IdempotencyHeaders.properties,
    prefer: Type.Optional(
      Type.String({ description: "`wait=5`: wait so many seconds for the place", examples: ["wait=5"] }),
    ),
  }),
  body: shown(JoinRequest, examples.join),
  response: {
    201: shown(JoinPlaced, examples.joinPlaced, "On the list, with the place."),
    202: shown(JoinAccepted, examples.joinAccepted, "On the log; the place follows from it."),
    ...writeProblems(
      "challenge-required",
      "waitlist-not-found",
      "waitlist-not-open",
      "waitlist-closed",
      "waitlist-full",
    ),
  },
};

export function entryRoutes(app: FastifyInstance, deps: Deps): void {
  const { definitions, admission, idempotency, clock, refusals } = deps;
  /**
   * Refused openly, with the field named, never answered as if it had been accepted: a browser that fills in a hidden field
   * by itself would lose somebody their place, who then had a 202 for nothing.
   */
  const countHoneypot = async (_request: unknown, _reply: unknown, { validation }: FastifyError) => {
    if (validation?.some(({ instancePath }) => instancePath === "/website")) refusals.count("honeypot");
  };
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(
      "/waitlists/:waitlistId/entries",
      { schema, config: { limit: "signup" }, onError: countHoneypot },
      async (request, reply) => {
        const { params, body, headers } = request;
        const key = idempotencyKeyOf(headers["idempotency-key"]);
        const stored = await requireList(definitions, params.waitlistId);
        const counts = () => request.judgement?.admitted(stored.waitlistId);
        const allowed = () => allowedToSignUp(request);
        // A repeat is counted like any other; and whether a list is under attack is told by its counts.
        if (key !== undefined || stored.definition.challenge === "auto") {
          // With what is being counted already, not after it.
          if (!admission.asksForChallenge(stored)) counts();
          await allowed();
        }
        const join = await idempotency.once({ scope: `join ${params.waitlistId}`, key, body }, () =>
          accept(deps, stored, body, { key, at: clock(), counts, allowed }),
        );
        const answer = answerTo(deps, params.waitlistId, join);
        const wait = stored.definition.revealPosition === "on-signup" ? preferredWait(headers.prefer) : 0;
        const place = wait > 0 ? await placeOf(deps, params.waitlistId, join, wait * 1000) : null;
        if (!place) return reply.code(202).send({ ...answer, status: "accepted" });
        const { status, position, ahead } = place;
        return reply
          .code(201)
          .header("preference-applied", `wait=${wait}`)
          .send({ ...answer, status, position, ahead });
      },
    );
}

async function accept(
  { log, secret, admission, isDisposable }: Deps,
  stored: StoredWaitlist,
  request: JoinRequest,
  { key, at, counts, allowed }: Judged,
): Promise<AcceptedJoin> {
  const data = judgeSignup(stored, request, { secret, now: at, isDisposable });
  // A challenge is solved anew for a retry; the signup is the same all the same.
  const { challenge: _challenge, ...signup } = request;
  const id = key === undefined ? {} : { id: joinIdOf(secret, stored.waitlistId, { key, signup }) };
  const event = createEvent("WaitlistJoined", data, { source: EVENT_SOURCE, at, ...id });
  const append = async () => {
    await allowed();
    return log.append(event);
  };
  const { partition, offset } = await admission.admit(stored, request.challenge, { counts, append });
  return { entryId: data.entryId, eventId: event.id, partition, offset, at };
}

function answerTo({ tokens, publicUrl }: Deps, waitlistId: string, join: AcceptedJoin) {
  const { entryId, eventId, partition, offset, at } = join;
  const acceptedAt = new Date(at).toISOString();
  const statusToken = tokens.sign(typedClaims({ waitlistId, entryId, joinOffset: offset }, at));
  const receipt = { entryId, eventId, waitlistId, partition, offset, acceptedAt };
  return {
    entryId,
    acceptedAt,
    statusToken,
    statusUrl: statusUrlOf(publicUrl, entryId, statusToken),
    receipt: tokens.sign({ purpose: "receipt", ...receipt }),
  };
}

/** The place as soon as it can be read; null where that takes too long. What is accepted stays accepted meanwhile. */
async function placeOf({ waits, places }: Deps, waitlistId: string, join: AcceptedJoin, ms: number) {
  if (!(await waits.applied(join, ms))) return null;
  try {
    return (await places.find(waitlistId, join.entryId, join.offset)).entry;
  } catch (error) {
    // It can't be read now, by a problem of ours: the signup is answered all the same.
    if (error instanceof ProblemError && error.code === "unavailable") return null;
    throw error;
  }
}

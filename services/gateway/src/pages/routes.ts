// The pages that mails lead to: looking changes nothing, a button does (mail scanners follow links).
import formbody from "@fastify/formbody";
import { type Static, Type } from "@sinclair/typebox";
import { ProblemError } from "@waitlist/contracts";
import { toProblemError } from "@waitlist/runtime";
import type { TokenPlace, Tokens } from "@waitlist/tokens";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { confirmPlace } from "../acts/confirm.ts";
import type { ActDeps } from "../acts/deps.ts";
import { leavePlace } from "../acts/leave.ts";
import { confirmationOf, departureOf } from "../domain/mail-tokens.ts";
import type { Definitions } from "../ports.ts";
import { brandOf, NO_BRAND, type Page, type PageBrand, renderPage } from "./page.ts";
import { styleSheet } from "./style.ts";
import {
  againPage,
  askPage,
  type ButtonWords,
  brokenPage,
  busyPage,
  CONFIRM,
  gonePage,
  LEAVE,
  unreadablePage,
} from "./words.ts";

interface Deps extends ActDeps {
  tokens: Tokens;
  definitions: Definitions;
}

/** One page with a button, and what the button does. */
interface ButtonPage {
  /** Its address below the gateway's. */
  name: string;
  words: ButtonWords;
  /** The place that a token is good for here, or null. */
  placeOf: (tokens: Tokens, token: string) => TokenPlace | null;
  act: (deps: Deps, place: TokenPlace) => Promise<void>;
}

const PAGES: ButtonPage[] = [
  { name: "confirm", words: CONFIRM, placeOf: confirmationOf, act: confirmPlace },
  { name: "leave", words: LEAVE, placeOf: departureOf, act: leavePlace },
];

const Color = Type.Object({ color: Type.String({ pattern: "^[0-9a-f]{6}$" }) });

const YEAR_S = 365 * 24 * 60 * 60;
/** The form's one field, in bytes of a body. */
const FORM_LIMIT = 4096;

export async function pageRoutes(app: FastifyInstance, deps: Deps): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: FORM_LIMIT });
  app.setErrorHandler(answerWithPage);
  app.get<{ Querystring: Static<typeof Color> }>(
    "/page.css",
    { schema: { hide: true, querystring: Color } },
    async (request, reply) =>
      reply
        .type("text/css; charset=utf-8")
        .header("cache-control", `public, max-age=${YEAR_S}, immutable`)
        .send(styleSheet(`#${request.query.color}`)),
  );
  for (const page of PAGES) addPage(app, page, deps);
}

function addPage(app: FastifyInstance, { name, words, placeOf, act }: ButtonPage, deps: Deps): void {
  const { tokens, definitions } = deps;
  const options = { schema: { hide: true }, config: { limit: "read" } } as const;

  const find = async (token: string): Promise<{ place: TokenPlace; brand: PageBrand }> => {
    const place = placeOf(tokens, token);
    const brand = place && (await brandFor(definitions, place.waitlistId));
    if (!place || !brand) throw new ProblemError("entry-not-found");
    return { place, brand };
  };

  app.get(`/${name}`, options, async (request, reply) => {
    const token = tokenOf(request.query);
    const { brand } = await find(token);
    return send(reply, 200, askPage(words, name, token), brand);
  });

  app.post(`/${name}`, options, async (request, reply) => {
    const token = tokenOf(request.body);
    const { place, brand } = await find(token);
    try {
      await act(deps, place);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== "unavailable") throw error;
      void reply.header("retry-after", String(error.retryAfter ?? 2));
      return send(reply, error.status, againPage(words, name, token), brand);
    }
    return send(reply, 200, words.done, brand);
  });
}

/** Of a query or a form, whatever else they hold: mail programs add parameters of their own. */
function tokenOf(fields: unknown): string {
  const { token } = (fields ?? {}) as { token?: unknown };
  return typeof token === "string" ? token : "";
}

/** Null where there is no such list. A list that can't be read has its button all the same. */
async function brandFor(definitions: Definitions, waitlistId: string): Promise<PageBrand | null> {
  try {
    const list = await definitions.get(waitlistId);
    return list && brandOf(list);
  } catch (error) {
    if (error instanceof ProblemError && error.code === "unavailable") return NO_BRAND;
    throw error;
  }
}

/** People get a page, never a problem document. */
function answerWithPage(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = toProblemError(error);
  if (problem.code === "internal") {
    request.log.error({ err: error, route: request.routeOptions.url }, "a page failed");
  }
  if (problem.retryAfter !== undefined) void reply.header("retry-after", String(problem.retryAfter));
  return send(reply, problem.status, pageFor(problem.status), NO_BRAND);
}

function pageFor(status: number): Page {
  if (status === 404) return gonePage;
  if (status === 429) return busyPage;
  return status < 500 ? unreadablePage : brokenPage;
}

const send = (reply: FastifyReply, status: number, page: Page, brand: PageBrand) =>
  reply
    .code(status)
    // The page holds a token.
    .header("cache-control", "no-store")
    .header("cross-origin-resource-policy", "same-origin")
    .type("text/html; charset=utf-8")
    .send(renderPage(page, brand));

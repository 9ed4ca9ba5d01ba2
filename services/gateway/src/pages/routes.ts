// The pages that mails lead to: looking changes nothing, a button does (mail scanners follow links).
import formbody from "@fastify/formbody";
import { type Static, Type } from "@sinclair/typebox";
import { ProblemError } from "@waitlist/contracts";
import type { TokenPlace, Tokens } from "@waitlist/tokens";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { confirmPlace } from "../acts/confirm.ts";
import type { ActDeps } from "../acts/deps.ts";
import { leavePlace } from "../acts/leave.ts";
import { confirmationOf, departureOf } from "../domain/mail-tokens.ts";
import type { Definitions } from "../ports.ts";
import { brandOf, NO_BRAND, type Page, type PageBrand, renderPage } from "./page.ts";
import { styleSheet } from "./style.ts";
import { busyPage, confirmedPage, confirmPage, gonePage, laterPage, leavePage, leftPage } from "./words.ts";

interface Deps extends Pick<ActDeps, "log" | "places" | "clock"> {
  tokens: Tokens;
  definitions: Definitions;
}

/** One page with a button, and what the button does. */
interface ButtonPage {
  path: string;
  /** The place that a token is good for here, or null. */
  placeOf: (tokens: Tokens, token: string) => TokenPlace | null;
  ask: (name: string, token: string) => Page;
  act: (deps: Deps, place: TokenPlace) => Promise<void>;
  done: (name: string) => Page;
}

const PAGES: ButtonPage[] = [
  { path: "/confirm", placeOf: confirmationOf, ask: confirmPage, act: confirmPlace, done: confirmedPage },
  { path: "/leave", placeOf: departureOf, ask: leavePage, act: leavePlace, done: leftPage },
];

const WithToken = Type.Object({ token: Type.String({ maxLength: 1024, default: "" }) });
type WithToken = Static<typeof WithToken>;

const Color = Type.Object({ color: Type.String({ pattern: "^[0-9a-fA-F]{6}$" }) });

const YEAR_S = 365 * 24 * 60 * 60;

export async function pageRoutes(app: FastifyInstance, deps: Deps): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: 4096 });
  app.setErrorHandler(answerWithPage);
  app.get<{ Querystring: Static<typeof Color> }>(
    "/page.css",
    { schema: { hide: true, querystring: Color } },
    async (request, reply) =>
      reply
        .type("text/css; charset=utf-8")
        .header("cache-control", `public, max-age=${YEAR_S}, immutable`)
        .send(styleSheet(`#${request.query.color.toLowerCase()}`)),
  );
  for (const page of PAGES) addPage(app, page, deps);
}

function addPage(app: FastifyInstance, { path, placeOf, ask, act, done }: ButtonPage, deps: Deps): void {
  const { tokens, definitions } = deps;
  const config = { limit: "read" } as const;
  const find = async (token: string): Promise<{ place: TokenPlace; brand: PageBrand }> => {
    const place = placeOf(tokens, token);
    const list = place && (await definitions.get(place.waitlistId));
    if (!place || !list) throw new ProblemError("entry-not-found");
    return { place, brand: brandOf(list) };
  };

  app.get<{ Querystring: WithToken }>(
    path,
    { schema: { hide: true, querystring: WithToken }, config },
    async ({ query: { token } }, reply) => {
      const { brand } = await find(token);
      return send(reply, 200, ask(brand.name, token), brand);
    },
  );
  app.post<{ Body: WithToken }>(
    path,
    { schema: { hide: true, body: WithToken }, config },
    async ({ body: { token } }, reply) => {
      const { place, brand } = await find(token);
      await act(deps, place);
      return send(reply, 200, done(brand.name), brand);
    },
  );
}

/** People get a page, never a problem document. */
function answerWithPage(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const code = error instanceof ProblemError ? error.code : null;
  if (error instanceof ProblemError && error.retryAfter !== undefined) {
    void reply.header("retry-after", String(error.retryAfter));
  }
  if (code === "rate-limited") return send(reply, 429, busyPage, NO_BRAND);
  if (code === "unavailable") return send(reply, 503, laterPage, NO_BRAND);
  const status = code === null ? (error as { statusCode?: number }).statusCode : undefined;
  if (code === null && (status === undefined || status >= 500)) {
    request.log.error({ err: error, route: request.routeOptions.url }, "a page failed");
    return send(reply, 500, laterPage, NO_BRAND);
  }
  return send(reply, status ?? 404, gonePage, NO_BRAND);
}

const send = (reply: FastifyReply, status: number, page: Page, brand: PageBrand) =>
  reply
    .code(status)
    // The page holds a token.
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(renderPage(page, brand));

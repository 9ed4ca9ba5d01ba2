// What a status token shows, as it changes.
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { ProblemError } from "@waitlist/contracts";
import type { Tokens } from "@waitlist/tokens";
import type { FastifyInstance } from "fastify";
import { clientBlocksOf } from "../http/client-blocks.ts";
import { statusTokenOf } from "../http/status-token.ts";
import { openEventStream } from "../live/event-stream.ts";
import type { Live } from "../live/live.ts";
import { byStatusToken, EntryParam, shown, TokenQuery } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems } from "./problem-responses.ts";

interface Deps {
  live: Live;
  tokens: Tokens;
}

/** One event of the stream; its data is JSON as the status read shows it. */
const StatusEvent = Type.Object({
  id: shown(Type.String(), examples.statusEventId),
  event: Type.Literal("status"),
  data: shown(Type.String(), JSON.stringify(examples.entryStatus)),
});

const schema = {
  tags: ["Signup"],
  summary: "Watch a place",
  description:
    "Server-Sent Events: an event `status`, whose data is what the status read shows of the place (not what else is " +
    "held about the person), at once and for each change of its status or of how many are ahead. Of changes close " +
    "together only the newest is sent, and while places can't be read, none until they can. Comments " +
    "keep the connection open. An event's `id` names the state that it shows: whoever comes back with it in " +
    "`Last-Event-ID` is sent an event only if the state is another one, and 204, after which an `EventSource` stays " +
    "away, if nothing can follow it. The stream ends when the place was left, the token expires or the server stops. On a " +
    "list with `revealPosition: by-email` the stream of a signup's token is one event, `accepted`, and ends: such a token " +
    "never sees more. With too many streams open from one address or of one entry: 429, with `Retry-After`; " +
    "with too many in all: 503.",
  security: byStatusToken,
  params: EntryParam,
  querystring: TokenQuery,
  headers: Type.Object({
    "last-event-id": Type.Optional(
      shown(Type.String(), examples.statusEventId, "The `id` of the last event that was seen."),
    ),
  }),
  response: {
    200: {
      description: "The stream.",
      content: { "text/event-stream": { schema: StatusEvent } },
    },
    204: { type: "null", description: "Nothing can follow the state that was seen." },
    ...readProblems("entry-not-found"),
  },
} as const;

export function liveRoutes(app: FastifyInstance, { live, tokens }: Deps): void {
  // Not for HEAD: it would open a stream that nobody reads. Not timed: a stream's length is its reader's affair.
  const options = { schema, exposeHeadRoute: false, config: { timed: false } };
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get("/entries/:entryId/events", options, async (request, reply) => {
      const token = statusTokenOf(request);
      const claims = token === undefined ? null : tokens.verify(token, "status");
      if (claims?.entryId !== request.params.entryId) throw new ProblemError("entry-not-found");
      const seen = request.headers["last-event-id"];
      const isOpen = await live.open({
        ...{ claims, seen, from: clientBlocksOf(request) },
        connect: ({ id, last }, closed) => (last && id === seen ? null : openEventStream(reply, closed)),
      });
      return isOpen ? reply : reply.code(204).send();
    });
}

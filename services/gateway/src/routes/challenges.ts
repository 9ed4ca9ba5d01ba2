// Challenges for signups.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { Challenge } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { Challenges } from "../challenge/challenges.ts";
import type { Definitions } from "../ports.ts";
import { requireList } from "../require-list.ts";
import { byAnybody, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems } from "./problem-responses.ts";

interface Deps {
  challenges: Challenges;
  definitions: Definitions;
}

const schema = {
  tags: ["Signup"],
  summary: "Get a challenge",
  description:
    "Where the list has `challengeRequired`, a signup brings a solved one. It is good for one signup on this list, for " +
    "ten minutes. The ALTCHA widget solves it where it is given this address; so does anything that can derive keys " +
    "with PBKDF2, in about half a second. Lists that ask for none give one, too.",
  security: byAnybody,
  params: WaitlistParams,
  response: {
    200: shown(Challenge, examples.challenge, "A challenge, as the ALTCHA widget (version 3) reads it."),
    ...readProblems("waitlist-not-found"),
  },
};

export function challengeRoutes(app: FastifyInstance, { challenges, definitions }: Deps): void {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get("/waitlists/:waitlistId/challenge", { schema }, async ({ params: { waitlistId } }) => {
      await requireList(definitions, waitlistId);
      return challenges.create(waitlistId);
    });
}

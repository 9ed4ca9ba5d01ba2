// The first question of whoever is on call: how far behind the log is everything?
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { LagView } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { LagReads } from "../ports.ts";
import { byAdminKey, shown } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems } from "./problem-responses.ts";

const schema = {
  tags: ["Operations"],
  summary: "Read how far the services are behind",
  description:
    "Each consumer group on each partition, as it has committed to Kafka: the same as Kafka's own " +
    "`kafka-consumer-groups` shows, with the age of the oldest record that waits. Needs the scope `ops`.",
  security: byAdminKey,
  response: {
    200: shown(LagView, examples.lag, "As of `at`, at most a second old."),
    ...readProblems("unauthorized", "forbidden"),
  },
};

export function lagRoutes(app: FastifyInstance, { auth, lag }: { auth: AdminAuth; lag: LagReads }): void {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get("/ops/lag", { schema, onRequest: auth.require("ops") }, () => lag.read());
}

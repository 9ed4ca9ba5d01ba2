// What mail servers say later of a mail: a mail gateway pipes its bounces here as they come.
import { hash } from "node:crypto";
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { DELIVERY_REPORT_BYTES, DeliveryReportResult } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { idempotencyKeyOf } from "../domain/headers.ts";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Idempotency } from "../idempotency.ts";
import type { DeliveryReports } from "../ports.ts";
import { byAdminKey, IdempotencyHeaders, shown } from "./docs.ts";
import { examples } from "./examples.ts";
import { writeProblems } from "./problem-responses.ts";

const schema = {
  tags: ["Mails"],
  summary: "Pass a delivery report on",
  description:
    "The body is a report as a mail server sends it (`message/rfc822` with RFC 3464's parts), 256 KiB at most. Where it " +
    "says that a mail of ours has failed for good, its address is not written to any more for that list; any other report, " +
    "and any other message, changes nothing. The answer holds nobody's address. The same report again changes nothing " +
    "more. The name of the key is kept with what a report changes. Needs the scope `ops`.",
  body: {
    content: {
      "message/rfc822": {
        schema: shown(Type.Unknown(), examples.deliveryReportMessage, "The report, byte for byte."),
      },
    },
  },
  security: byAdminKey,
  headers: IdempotencyHeaders,
  response: {
    200: shown(DeliveryReportResult, examples.deliveryReport, "What it said."),
    ...writeProblems("unauthorized", "forbidden"),
  },
};

interface Deps {
  auth: AdminAuth;
  deliveryReports: DeliveryReports;
  idempotency: Idempotency;
}

export async function deliveryReportRoutes(app: FastifyInstance, deps: Deps): Promise<void> {
  const { auth, deliveryReports, idempotency } = deps;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "message/rfc822",
    { parseAs: "buffer", bodyLimit: DELIVERY_REPORT_BYTES },
    async (_request: unknown, body: Buffer) => body,
  );

  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(
      "/mail/delivery-reports",
      { schema, onRequest: auth.require("ops") },
      async ({ body, headers, adminKey }) => {
        const key = idempotencyKeyOf(headers["idempotency-key"]);
        const message = body instanceof Uint8Array ? body : Buffer.alloc(0);
        const asked = { scope: "delivery report", key, body: hash("sha256", message) };
        return idempotency.once(asked, () => deliveryReports.receive(message, adminKey?.name ?? ""));
      },
    );
}

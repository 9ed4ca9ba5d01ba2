import { Type } from "@sinclair/typebox";

/** The one setting that turns traces on; OpenTelemetry's own name for it. */
export const OTLP_ENDPOINT = Type.Optional(
  Type.String({
    pattern: "^https?://",
    description: "where traces go by OTLP over HTTP, without /v1/traces; none are made without it",
  }),
);

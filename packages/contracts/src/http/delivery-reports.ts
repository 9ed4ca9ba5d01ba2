// What mail servers say later of a mail that they took.
import { type Static, Type } from "@sinclair/typebox";
import { lineOf } from "../text.ts";

/** The largest report that is read, in bytes: headers are returned, not messages. */
export const DELIVERY_REPORT_BYTES = 256 * 1024;

/** RFC 3464, 2.3.3. */
export const REPORT_ACTIONS = ["failed", "delayed", "delivered", "relayed", "expanded"] as const;

/** What a report said, without anybody's address. */
export const DeliveryReportResult = Type.Object(
  {
    matched: Type.Boolean({ description: "It is about a mail of ours." }),
    action: Type.Optional(
      Type.Union(
        REPORT_ACTIONS.map((action) => Type.Literal(action)),
        { description: "Absent where the message is no delivery report." },
      ),
    ),
    status: Type.Optional(
      Type.String({
        pattern: "^[245]\\.\\d{1,3}\\.\\d{1,3}$",
        description: "The enhanced status code (RFC 3463).",
      }),
    ),
  },
  { title: "DeliveryReportResult" },
);
export type DeliveryReportResult = Static<typeof DeliveryReportResult>;

/** `POST /internal/delivery-reports` of email: the report as base64, and the name of the admin key that passed it on. */
export const PipedReport = Type.Object({
  report: Type.String({ maxLength: Math.ceil(DELIVERY_REPORT_BYTES / 3) * 4 }),
  reportedBy: Type.Optional(lineOf(100)),
});
export type PipedReport = Static<typeof PipedReport>;

// Takes a delivery report's MIME apart.
import PostalMime from "postal-mime";
import type { ReportParts } from "../domain/delivery-report.ts";

/** RFC 3464 and RFC 6533. */
const STATUS = ["message/delivery-status", "message/global-delivery-status"];
const RETURNED = ["text/rfc822-headers", "message/rfc822", "message/global-headers", "message/global"];
/** A report is two or three parts deep, and its headers are a few KiB. */
const LIMITS = { maxNestingDepth: 10, maxHeadersSize: 128 * 1024, maxRfc822NestingDepth: 0 };
/** Of what was returned, the headers alone are looked at. */
const LOOKED_AT = 64 * 1024;

/** Null where the message is no report, or can't be read. */
export async function readReportParts(message: Uint8Array): Promise<ReportParts | null> {
  // What a stranger sent: that the library gives up on it is no failure of ours.
  const parsed = await PostalMime.parse(message, LIMITS).catch(() => null);
  if (!parsed) return null;
  const textOf = (types: string[]) => {
    const part = parsed.attachments.find(({ mimeType }) => types.includes(mimeType));
    return part ? decode(part.content) : null;
  };
  const status = textOf(STATUS);
  return status === null ? null : { status, returned: textOf(RETURNED) };
}

function decode(content: string | ArrayBuffer | Uint8Array): string {
  if (typeof content === "string") return content.slice(0, LOOKED_AT);
  return Buffer.from(content instanceof Uint8Array ? content : new Uint8Array(content)).toString(
    "utf8",
    0,
    LOOKED_AT,
  );
}

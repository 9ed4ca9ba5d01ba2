// Mails over Amazon SES's API (version 2): the same messages, whole, one call each.
import { GetAccountCommand, SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { Logger } from "@waitlist/runtime";
import type { Letter } from "../domain/letters/letter.ts";
import { readSesFailure, type SesError } from "../domain/ses-reply.ts";
import type { Delivery } from "../domain/verdict.ts";
import type { MailTransport } from "../ports.ts";
import type { DkimKey } from "./dkim.ts";
import { type MessageOptions, needsUtf8 } from "./mail-message.ts";
import { createMessageWriter, type RawMessage } from "./raw-message.ts";

export interface SesOptions extends MessageOptions {
  region: string;
  /** Another address of the API; tests have one of their own. */
  endpoint?: string | undefined;
  connections: number;
  dkim?: DkimKey | null;
  /** Without an answer for this long, a call counts as unanswered; in milliseconds. */
  silenceMs?: number;
  log: Pick<Logger, "debug">;
}

const CONNECT_WITHIN_MS = 10_000;
/** SES writes these anew, so that a signature must not cover them. */
const REWRITTEN = ["Message-ID", "Date"];
/** Keeps what SES overwrites: delivery reports return the headers, and the mail is found by it. */
export const KEPT_MESSAGE_ID = "X-Original-Message-ID";

/** Credentials come from where AWS's SDK looks for them: its variables, its files, the machine's role. */
export function createSesTransport(options: SesOptions): MailTransport {
  const { region, endpoint, connections, silenceMs = 60_000, dkim = null } = options;
  const agent = { keepAlive: true, maxSockets: connections };
  const client = new SESv2Client({
    region,
    ...(endpoint ? { endpoint } : {}),
    // Whether to try again is the ledger's business.
    maxAttempts: 1,
    requestHandler: {
      ...{ connectionTimeout: CONNECT_WITHIN_MS, requestTimeout: silenceMs, throwOnRequestTimeout: true },
      ...{ httpAgent: agent, httpsAgent: agent },
    },
  });
  const closing = new AbortController();
  const write = createMessageWriter({
    ...{ dkim, returnPath: options.returnPath, unsigned: REWRITTEN },
    headers: ({ messageId }: Letter) => ({ [KEPT_MESSAGE_ID]: messageId }),
  });

  const send = ({ envelope, raw }: RawMessage) =>
    client.send(
      new SendEmailCommand({
        FromEmailAddress: envelope.from,
        Destination: { ToAddresses: envelope.to },
        Content: { Raw: { Data: raw } },
      }),
      { abortSignal: closing.signal },
    );

  return {
    send: async (letter, begin) => {
      // SES takes no address beyond ASCII before the @.
      if (needsUtf8(letter, options)) return refusedForGood("ENOSMTPUTF8");
      const message = await write(letter).catch(() => null);
      if (!message) return refusedForGood("EMESSAGE");
      const isOurs = await begin().catch(() => null);
      if (isOurs === null) return { kind: "unrecorded" };
      if (!isOurs) return { kind: "withheld" };
      return send(message).then(
        (): Delivery => ({ kind: "accepted" }),
        (error: unknown) => readSesFailure(factsOf(error)),
      );
    },
    check: async () => {
      try {
        const { SendingEnabled } = await client.send(new GetAccountCommand({}), {
          abortSignal: closing.signal,
        });
        return SendingEnabled !== false;
      } catch (error) {
        const { name, status, code } = factsOf(error);
        options.log.debug({ cause: code ?? name, replyCode: status }, "no mail service");
        // A role that may send and nothing else: the service is there, and knows us.
        return name === "AccessDeniedException";
      }
    },
    close: () => {
      closing.abort();
      client.destroy();
    },
  };
}

const refusedForGood = (cause: string): Delivery => ({
  kind: "refused",
  permanent: true,
  failure: { cause },
});

/** Names and numbers alone: the API's words repeat addresses. */
function factsOf(error: unknown): SesError {
  if (!(error instanceof Error)) return {};
  const { name, code, syscall, $metadata } = error as Error & {
    code?: unknown;
    syscall?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  return {
    name,
    status: $metadata?.httpStatusCode,
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof syscall === "string" ? { syscall } : {}),
  };
}

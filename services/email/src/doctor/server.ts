// The mail server, as the settings name it: there, encrypted, willing.
import { isIP } from "node:net";
import { about, type Finding } from "@waitlist/runtime";
import type { ServerLook } from "../adapters/smtp-look.ts";

/** The server's name, for a record of DNS; null where it is an address, or this machine. Never the password beside it. */
export function hostOf(url: string): string | null {
  const { hostname } = new URL(url);
  return isIP(hostname.replace(/[[\]]/g, "")) !== 0 || hostname === "localhost" ? null : hostname;
}

export async function examineServer(
  url: string,
  lookAtServer: (url: string) => Promise<ServerLook>,
): Promise<Finding[]> {
  const { hostname, port } = new URL(url);
  const name = port ? `${hostname}:${port}` : hostname;
  const { right, wrong } = about(`SMTP at ${name}`);
  try {
    return [right("it answers."), ...findingsOf(name, hostname, await lookAtServer(url))];
  } catch (error) {
    return [wrong(whyNot(error))];
  }
}

/** What nodemailer says of a failure: its own code, and the one of whatever it failed of. */
interface LookError {
  code?: string;
  originalCode?: string;
  command?: string;
  responseCode?: number;
}

/** Node's and OpenSSL's names for a connection that can't be encrypted: their protocols don't meet, or nobody vouches for the server. */
const ENCRYPTION =
  /^(?:EPROTO|ERR_(?:SSL|TLS)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA)/;

/** Without the server's words, which may repeat what it was told. */
function whyNot(error: unknown): string {
  const { code, originalCode = "", command, responseCode } = error as LookError;
  const reply = responseCode ? `, reply ${responseCode}` : "";
  if (code === "EAUTH")
    return `it doesn't take the name and password of SMTP_URL (${command ?? "AUTH"}${reply}).`;
  if (code === "ETLS" || ENCRYPTION.test(originalCode)) {
    const why = originalCode ? ` (${originalCode})` : "";
    return `the connection can't be encrypted: is its certificate good for this name?${why}${reply}`;
  }
  return `it can't be reached (${code ?? "no reason given"}${reply}).`;
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function findingsOf(name: string, hostname: string, look: ServerLook): Finding[] {
  const { right, wrong, note } = about(`SMTP at ${name}`);
  const isHere = LOOPBACK.test(hostname);
  const encrypted = look.secure
    ? right("the connection is encrypted.")
    : (isHere ? note : wrong)(
        "the connection isn't encrypted: mails, and the password if there is one, can be read on the way.",
      );
  const known = {
    true: right("it takes the name and password of SMTP_URL."),
    false: wrong("it doesn't take the name and password of SMTP_URL."),
    null: note("it asks for no password, or SMTP_URL gives none."),
  }[`${look.authenticated}`];
  return [
    encrypted,
    known,
    note(
      look.largest === null
        ? "it doesn't say how large a mail may be."
        : `it takes mails of up to ${look.largest} bytes.`,
    ),
    look.extensions.includes("SMTPUTF8")
      ? right("addresses beyond ASCII can be written to (SMTPUTF8).")
      : note("it doesn't offer SMTPUTF8: mails to addresses beyond ASCII, such as josé@example.com, fail."),
    look.extensions.includes("DSN")
      ? right("it can be asked for delivery reports (DSN).")
      : note("it can't be asked for delivery reports (DSN); most servers send them all the same."),
  ];
}

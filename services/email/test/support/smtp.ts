// A mail server that does as it is told, by recipient: the part of the address before the @ names the behaviour.
import type { AddressInfo, Socket } from "node:net";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

export type Behaviour =
  | "take"
  | "rcpt-451"
  | "rcpt-550"
  | "cut-at-rcpt"
  | "cut-at-data"
  | "cut-in-message"
  | "cut-after-dot"
  | "message-452"
  | "message-554";

export interface Received {
  to: string;
  from: string;
  /** Whether the client asked for SMTPUTF8 (RFC 6531). */
  utf8: boolean;
  encrypted: boolean;
  /** What the client asked for by DSN parameters (RFC 3461). */
  reports: { envelopeId: string | undefined; notify: string[] };
  source: string;
}

export interface ScriptedServer {
  url: string;
  /** Every message that arrived whole, answered or not. */
  inbox: Received[];
  /** How often each recipient was named. */
  tries: Map<string, number>;
  /** How many connections there have been. */
  connections(): number;
  stop(): Promise<void>;
}

export interface Script {
  port?: number;
  /** What happens to a recipient at a try, counted from 1. */
  behaviour?: (recipient: string, attempt: number) => Behaviour;
  /** Holds a recipient's answer back. */
  atRcpt?: (recipient: string) => Promise<void>;
  pipelining?: boolean;
  /** Offers SMTPUTF8; without it, an address beyond ASCII is taken all the same, as by a careless server. */
  utf8?: boolean;
  /** Asks for a name and a password, and takes this one. */
  password?: string;
  /** Encrypted from the beginning, or when asked to; by a certificate that nobody vouches for. */
  tls?: "smtps" | "starttls";
}

class Refusal extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, address: string) {
    super(`<${address}> is refused here`);
    this.responseCode = responseCode;
  }
}

export async function startSmtpServer(script: Script = {}): Promise<ScriptedServer> {
  const {
    behaviour = () => "take",
    atRcpt,
    port = 0,
    pipelining = true,
    utf8 = true,
    password,
    tls,
  } = script;
  const inbox: Received[] = [];
  const tries = new Map<string, number>();
  const sockets = new Set<Socket>();
  let connections = 0;
  const chosen = new Map<string, Behaviour>();
  // The session's socket is found by its port on our side of the loopback.
  const cut = ({ remotePort }: SMTPServerSession) => {
    for (const socket of sockets) if (socket.remotePort === remotePort) socket.destroy();
  };

  const disabledCommands = [
    ...(tls === "starttls" ? [] : ["STARTTLS"]),
    ...(password === undefined ? ["AUTH"] : []),
  ];
  const server = new SMTPServer({
    disabledCommands,
    secure: tls === "smtps",
    authOptional: password === undefined,
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) =>
      auth.password === password ? done(null, { user: auth.username }) : done(new Error("no")),
    hidePIPELINING: !pipelining,
    hideSMTPUTF8: !utf8,
    hideDSN: false,
    disableReverseLookup: true,
    logger: false,
    onRcptTo: async ({ address }, session, done) => {
      const attempt = (tries.get(address) ?? 0) + 1;
      tries.set(address, attempt);
      const what = behaviour(address, attempt);
      chosen.set(session.id, what);
      await atRcpt?.(address);
      if (what === "cut-at-rcpt") return cut(session);
      if (what === "rcpt-451" || what === "rcpt-550")
        return done(new Refusal(Number(what.slice(5)), address));
      done();
    },
    onData: (stream, session, done) => {
      const what = chosen.get(session.id) ?? "take";
      if (what === "cut-at-data") return cut(session);
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => {
        if (what === "cut-in-message") cut(session);
        chunks.push(chunk);
      });
      stream.on("end", () => {
        const { mailFrom, rcptTo, smtpUtf8 = false, dsn } = session.envelope;
        const to = rcptTo[0]?.address ?? "";
        if (what === "cut-in-message") return;
        if (what === "message-452" || what === "message-554")
          return done(new Refusal(Number(what.slice(8)), to));
        const source = Buffer.concat(chunks).toString();
        const encrypted = session.secure;
        const reports = { envelopeId: dsn?.envid ?? undefined, notify: rcptTo[0]?.dsn?.notify ?? [] };
        inbox.push({
          to,
          from: mailFrom ? mailFrom.address : "",
          utf8: smtpUtf8,
          encrypted,
          reports,
          source,
        });
        if (what === "cut-after-dot") cut(session);
        else done();
      });
    },
  });
  server.on("error", () => undefined);
  server.server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    connections++;
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `${tls === "smtps" ? "smtps" : "smtp"}://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    inbox,
    tries,
    connections: () => connections,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The part before the @, as what to do: `cut-after-dot.1@example.com`. */
export const byName = (recipient: string): Behaviour => {
  const name = recipient.split(/[.@]/, 1)[0] ?? "";
  return (BEHAVIOURS as string[]).includes(name) ? (name as Behaviour) : "take";
};

const BEHAVIOURS: Behaviour[] = [
  ...(["take", "rcpt-451", "rcpt-550", "cut-at-rcpt", "cut-at-data"] as const),
  ...(["cut-in-message", "cut-after-dot", "message-452", "message-554"] as const),
];

// A mail server that takes whatever comes and keeps who got what: thousands of mails cost it nothing to speak of.
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { SMTPServer } from "smtp-server";

export interface ReceivedMail {
  /** As the envelope named it. */
  to: string;
  subject: string;
}

export interface MailSink {
  /** For `SMTP_URL`. */
  url: string;
  received(): readonly ReceivedMail[];
  stop(): Promise<void>;
}

export async function startMailSink(): Promise<MailSink> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    onData: (stream, { envelope }, done) => {
      subjectOf(stream).then((subject) => {
        received.push(...envelope.rcptTo.map(({ address }) => ({ to: address, subject })));
        done();
      }, done);
    },
  });
  // Connections of a sender that was killed: what the tests are about.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received: () => received,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function subjectOf(message: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const source = Buffer.concat(chunks).toString("latin1");
  const headers = source.slice(0, source.indexOf("\r\n\r\n")).replace(/\r\n[ \t]+/g, " ");
  return /^Subject: (.*)$/im.exec(headers)?.[1] ?? "";
}

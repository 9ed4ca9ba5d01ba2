// A transport to a scripted server, both ended after each test.
import { afterEach } from "vitest";
import { createSmtpTransport, type SmtpOptions } from "../../src/adapters/smtp-transport.ts";
import type { Letter } from "../../src/domain/letters/letter.ts";
import type { MailTransport } from "../../src/ports.ts";
import { byName, type Script, type ScriptedServer, startSmtpServer } from "./smtp.ts";

const log = { debug: () => undefined };
export const yes = async () => true;
let server: ScriptedServer | undefined;
let transport: MailTransport | undefined;

afterEach(async () => {
  transport?.close();
  await server?.stop();
});

export const letter = (to: string, more: Partial<Letter> = {}): Letter => ({
  messageId: "<stable@waitlist.example>",
  listId: { id: "first.waitlist.example", name: "First" },
  feedbackId: "welcome:first:transactional:waitlist-exampl",
  unsubscribeUrl: "https://waitlist.example/v1/unsubscribe/t",
  from: { name: "First", address: "waitlist@localhost" },
  to,
  subject: "Hello",
  text: "Hello\n.\nthere",
  html: "<p>Hello</p>",
  ...more,
});

export async function start(
  script: Script = { behaviour: byName },
  query = "",
  { login, ...more }: Partial<SmtpOptions> & { login?: string } = {},
) {
  const started = await startSmtpServer(script);
  server = started;
  const url = (login ? started.url.replace("://", `://${login}@`) : started.url) + query;
  const made = createSmtpTransport({ url, connections: 1, log, ...more });
  transport = made;
  return { server: started, transport: made };
}

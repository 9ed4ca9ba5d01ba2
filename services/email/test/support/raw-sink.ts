// A mail server over plain TCP that takes everything and notes what was said to it, line by line. It understands no more than
// it must: a line that a mail's content smuggled in stands in its notes as the client's own.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { listenTo } from "./conversation.ts";

export interface Sunk {
  /** Every command line since the message before, but for EHLO, QUIT and RSET, which name nobody. */
  commands: string[];
  /** The message as it came over the wire, dots taken off; each character a byte. */
  source: string;
}

export interface RawSink {
  url: string;
  port: number;
  /** What came in since the last call; what was said without a message after it has an empty `source`. */
  take(): Sunk[];
  stop(): Promise<void>;
}

const ABOUT_NOBODY = /^(?:EHLO|QUIT|RSET)\b/i;

const answerTo = (line: string): string => {
  if (/^EHLO /i.test(line))
    return "250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-DSN\r\n250 SMTPUTF8";
  return /^DATA$/i.test(line) ? "354 go ahead" : "250 ok";
};

export async function startRawSink(): Promise<RawSink> {
  const sockets = new Set<Socket>();
  let taken: Sunk[] = [];
  let commands: string[] = [];

  async function converse(socket: Socket): Promise<void> {
    const talk = listenTo(socket);
    talk.say("220 sink.example ESMTP");
    for (;;) {
      const line = await talk.read("\r\n");
      if (line === null) return;
      if (!ABOUT_NOBODY.test(line)) commands.push(Buffer.from(line, "latin1").toString());
      if (/^QUIT$/i.test(line)) return void talk.hangUp("221 bye\r\n");
      talk.say(answerTo(line));
      if (!/^DATA$/i.test(line)) continue;
      const text = await talk.read("\r\n.\r\n");
      if (text === null) return;
      taken.push({ commands, source: text.replace(/^\.\./gm, ".") });
      commands = [];
      talk.say("250 kept");
    }
  }

  const server = createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    void converse(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    take: () => {
      const all = commands.length === 0 ? taken : [...taken, { commands, source: "" }];
      taken = [];
      commands = [];
      return all;
    },
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

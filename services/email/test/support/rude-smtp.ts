// A mail server over plain TCP that misbehaves on purpose: at every step of a session it can refuse, dawdle, say nothing,
// hang up, or talk nonsense. It shares no code with the client that it is to try.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type Conversation, listenTo } from "./conversation.ts";

/** The moments at which it may misbehave: each stands for the answer that is due, `message` for the middle of one. */
export const STEPS = ["greeting", "ehlo", "auth", "mail", "rcpt", "data", "message", "dot"] as const;
export type Step = (typeof STEPS)[number];

export type Manner =
  /** These bytes instead of the right answer; the session goes on (after a 421 it doesn't). */
  | { does: "say"; text: string }
  /** The beginning of an answer, no line end, and the connection is closed. */
  | { does: "half"; text: string }
  /** The connection is reset, or closed in good order. */
  | { does: "reset" | "hang-up" }
  /** Not a word, and the connection stays open. */
  | { does: "stall" }
  /** The right answer, this many milliseconds late. */
  | { does: "dawdle"; ms: number };

/** What is known at a step. */
export interface Moment {
  step: Step;
  /** Number of this connection, from 1. */
  connection: number;
  /** Messages that this connection has brought so far. */
  messages: number;
}

/** Null: as a server should. */
export type Mood = (moment: Moment) => Manner | null;

export interface Arrival {
  /** Recipients of the envelope. */
  to: string[];
  source: string;
}

export interface RudeServer {
  /** With a name and a password, so that clients log in. */
  url: string;
  /** Every message that was kept, whether or not the client was told. */
  inbox: Arrival[];
  /** How often it has misbehaved. */
  misdeeds(): number;
  behave(mood: Mood): void;
  /** Takes no connection at all; the open ones are reset. */
  shut(): Promise<void>;
  open(): Promise<void>;
  stop(): Promise<void>;
}

const RIGHT: Record<Exclude<Step, "message">, string> = {
  greeting: "220 rude.example ESMTP",
  ehlo: "250-rude.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-AUTH PLAIN\r\n250 SIZE 1000000",
  auth: "235 2.7.0 welcome",
  mail: "250 2.1.0 sender",
  rcpt: "250 2.1.5 recipient",
  data: "354 go ahead",
  dot: "250 2.0.0 kept",
};

const COMMANDS = new Map<string, Exclude<Step, "greeting" | "message" | "dot">>([
  ["EHLO", "ehlo"],
  ["HELO", "ehlo"],
  ["AUTH", "auth"],
  ["MAIL", "mail"],
  ["RCPT", "rcpt"],
  ["DATA", "data"],
]);

/** Whether what is said is a yes in the end. */
const isYes = (manner: Manner | null): boolean =>
  !manner || manner.does === "dawdle" || (manner.does === "say" && /^[23]/.test(manner.text));

/** `keepsAnyway`: a message whose answer is spoilt was kept all the same, so that sending it again is a second copy. */
export async function startRudeServer({ keepsAnyway = true } = {}): Promise<RudeServer> {
  let mood: Mood = () => null;
  let misdeeds = 0;
  let connections = 0;
  const inbox: Arrival[] = [];
  const sockets = new Set<Socket>();

  /** Gives the answer that is due, right or not; false where the conversation is over. */
  async function answer(talk: Conversation, right: string, manner: Manner | null): Promise<boolean> {
    if (!manner) return talk.say(right);
    misdeeds++;
    switch (manner.does) {
      case "say":
        talk.say(manner.text);
        return manner.text.startsWith("421") ? talk.hangUp() : true;
      case "half":
        return talk.hangUp(manner.text);
      case "reset":
        return talk.reset();
      case "hang-up":
        return talk.hangUp();
      case "stall":
        await talk.over;
        return false;
      case "dawdle":
        await wait(manner.ms);
        return talk.say(right);
    }
  }

  async function takeMessage(
    talk: Conversation,
    to: string[],
    about: Omit<Moment, "step">,
  ): Promise<boolean> {
    const amid = mood({ ...about, step: "message" });
    if (amid) {
      await talk.read("\r\n");
      return answer(talk, RIGHT.dot, amid);
    }
    const text = await talk.read("\r\n.\r\n");
    if (text === null) return false;
    const manner = mood({ ...about, step: "dot" });
    const isRefused = manner?.does === "say" && /^[45]\d\d[ -]/.test(manner.text);
    if (isYes(manner) || (keepsAnyway && !isRefused)) {
      inbox.push({ to, source: Buffer.from(text.replace(/^\.\./gm, "."), "latin1").toString() });
    }
    return answer(talk, RIGHT.dot, manner);
  }

  async function converse(socket: Socket): Promise<void> {
    const talk = listenTo(socket);
    const about = { connection: ++connections, messages: 0 };
    let hasSender = false;
    let to: string[] = [];
    if (!(await answer(talk, RIGHT.greeting, mood({ ...about, step: "greeting" })))) return;
    for (;;) {
      const line = await talk.read("\r\n");
      if (line === null) return;
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === "QUIT") return void talk.hangUp("221 bye\r\n");
      const step = COMMANDS.get(verb);
      if (!step || step === "ehlo" || step === "mail") {
        hasSender = false;
        to = [];
      }
      if (!step) {
        talk.say("250 ok");
        continue;
      }
      if ((step === "rcpt" && !hasSender) || (step === "data" && to.length === 0)) {
        talk.say("503 out of order");
        continue;
      }
      const manner = mood({ ...about, step });
      if (!(await answer(talk, RIGHT[step], manner))) return;
      if (!isYes(manner)) continue;
      if (step === "mail") hasSender = true;
      if (step === "rcpt") to = [...to, /<(.*)>/.exec(line)?.[1] ?? ""];
      if (step === "data") {
        if (!(await takeMessage(talk, to, about))) return;
        about.messages++;
        hasSender = false;
        to = [];
      }
    }
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    void converse(socket);
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const shut = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  const port = await listen(0);
  return {
    url: `smtp://ada:correct-horse@127.0.0.1:${port}`,
    inbox,
    misdeeds: () => misdeeds,
    behave: (next) => {
      mood = next;
    },
    shut,
    open: async () => void (await listen(port)),
    stop: shut,
  };
}

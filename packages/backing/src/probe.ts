// Whether something answers, in each one's own protocol: an open port alone may be a server still loading its data.
import { connect } from "node:net";
import { LOOPBACK } from "./ports.ts";

const ANSWER_WITHIN_MS = 1000;

interface Address {
  port: number;
  host: string;
}

/** Sends `request`, and hands the first bytes of the answer to `isYes`; without a request it waits for a greeting. */
function ask({ port, host }: Address, request: Buffer | string | null, isYes: (answer: Buffer) => boolean) {
  return new Promise<boolean>((resolve) => {
    const socket = connect({ port, host });
    const done = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => done(false));
    socket.once("error", () => done(false));
    socket.once("close", () => done(false));
    socket.once("connect", () => request !== null && socket.write(request));
    socket.once("data", (answer) => done(isYes(answer)));
  });
}

/** ApiVersions (key 18), version 0, correlation id 7, no client id: Kafka's protocol guide, "Protocol Primitive". */
const API_VERSIONS = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 0xff, 0xff]);

export const kafkaAnswers = (port: number, host = LOOPBACK): Promise<boolean> =>
  ask({ port, host }, API_VERSIONS, (answer) => answer.length >= 10 && answer.readInt32BE(4) === 7);

/** LOADING is an answer, but not yet a yes. */
export const redisAnswers = (port: number, host = LOOPBACK): Promise<boolean> =>
  ask({ port, host }, "PING\r\n", (answer) => answer.toString("latin1").startsWith("+PONG"));

export const smtpAnswers = (port: number, host = LOOPBACK): Promise<boolean> =>
  ask({ port, host }, null, (answer) => answer.toString("latin1").startsWith("220"));

/** OP_MSG with the document {ping: 1, $db: "admin"}: MongoDB's wire protocol, opcode 2013. */
export function mongodbAnswers(port: number, host = LOOPBACK): Promise<boolean> {
  const document = Buffer.concat([
    Buffer.from([30, 0, 0, 0]),
    Buffer.from("\x10ping\0\x01\0\0\0", "latin1"),
    Buffer.from("\x02$db\0\x06\0\0\0admin\0", "latin1"),
    Buffer.from([0]),
  ]);
  document.writeInt32LE(document.length, 0);
  const header = Buffer.alloc(21);
  header.writeInt32LE(header.length + document.length, 0);
  header.writeInt32LE(7, 4);
  header.writeInt32LE(2013, 12);
  return ask(
    { port, host },
    Buffer.concat([header, document]),
    (answer) => answer.length >= 16 && answer.readInt32LE(8) === 7,
  );
}

/** Asked as a browser asks: maildev gives its page to nobody else. */
export async function webAnswers(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const response = await fetch(url, { headers: { accept: "text/html" }, signal });
  await response.body?.cancel();
  return response.ok;
}

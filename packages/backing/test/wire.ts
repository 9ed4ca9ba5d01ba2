// Just enough of each protocol to write something and find it again, without a client.
import { connect } from "node:net";

const portOf = (address: string): number => Number(address.split(":").at(-1));

/** Sends each request when the answer to the one before has arrived, and returns the last answer. */
export function exchange(address: string, requests: (Buffer | string)[], greeted = false): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const waiting = [...requests];
    const socket = connect({ port: portOf(address), host: "127.0.0.1" });
    const next = (answer: Buffer) => {
      const request = waiting.shift();
      if (request !== undefined) socket.write(request);
      else {
        socket.destroy();
        resolve(answer);
      }
    };
    socket.setTimeout(2000, () => socket.destroy(new Error(`${address} gave no answer`)));
    socket.once("error", reject);
    if (!greeted) socket.once("connect", () => next(Buffer.alloc(0)));
    socket.on("data", next);
  });
}

export const redis = async (address: string, command: string): Promise<string> =>
  (await exchange(address, [`${command}\r\n`])).toString();

const int16 = (value: number) => Buffer.from([(value >> 8) & 255, value & 255]);
const int32 = (value: number) => Buffer.concat([int16(value >> 16), int16(value)]);
const text = (value: string) => Buffer.concat([int16(value.length), Buffer.from(value)]);

async function kafka(address: string, key: number, version: number, ...body: Buffer[]): Promise<string> {
  const request = Buffer.concat([int16(key), int16(version), int32(1), text("test"), ...body]);
  const answer = await exchange(address, [Buffer.concat([int32(request.length), request])]);
  return answer.toString("latin1");
}

/** CreateTopics (19), version 2: one partition, one replica, no settings. */
export async function createTopic(address: string, name: string): Promise<void> {
  const topic = [text(name), int32(1), int16(1), int32(0), int32(0)];
  await kafka(address, 19, 2, int32(1), ...topic, int32(5000), Buffer.from([0]));
}

/** Metadata (3), version 0, for all topics. */
export const hasTopic = async (address: string, name: string): Promise<boolean> =>
  (await kafka(address, 3, 0, int32(0))).includes(name);

/** Answers what the server says of the mail as a whole. */
export async function sendMail(url: string, subject: string): Promise<string> {
  const mail = `Subject: ${subject}\r\n\r\nHello.\r\n.\r\n`;
  const dialogue = [
    "HELO test\r\n",
    "MAIL FROM:<a@example.com>\r\n",
    "RCPT TO:<b@example.com>\r\n",
    "DATA\r\n",
  ];
  return (await exchange(url, [...dialogue, mail], true)).toString();
}

export async function subjects(mailboxWeb: string | null): Promise<string[]> {
  const mails = (await (await fetch(`${mailboxWeb}/api/email`)).json()) as { subject: string }[];
  return mails.map(({ subject }) => subject);
}

// One request over one kept connection, and what somebody who listens could learn from its answer.
import { Agent, request } from "node:http";

export interface Sample {
  status: number;
  /** Of head and body, in bytes. */
  size: number;
  /** From the first byte sent to the last one received, in milliseconds. */
  time: number;
  /** Names of the body's fields, in order. */
  shape: string;
  body: Record<string, unknown>;
}

export interface Prober {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Sample>;
  close(): void;
}

export function createProber(base: string): Prober {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    send: (method, path, body, headers = {}) =>
      new Promise((resolve, reject) => {
        const payload = body === undefined ? undefined : JSON.stringify(body);
        const type = payload === undefined ? {} : { "content-type": "application/json" };
        const began = performance.now();
        const sent = request(new URL(path, base), { method, agent, headers: { ...type, ...headers } });
        sent.on("error", reject);
        sent.on("response", (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const time = performance.now() - began;
            const text = Buffer.concat(chunks).toString();
            const parsed = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
            resolve({
              status: response.statusCode ?? 0,
              size: response.rawHeaders.join(": ").length + Buffer.byteLength(text),
              time,
              shape: Object.keys(parsed).join(),
              body: parsed,
            });
          });
        });
        sent.end(payload);
      }),
    close: () => agent.destroy(),
  };
}

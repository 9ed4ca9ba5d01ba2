import type { Admin } from "kafkajs";
import { type Client, createClient, type KafkaOptions } from "./client.ts";
import { within } from "./waiting.ts";

export interface AdminClient {
  /** Runs `ask` with a connected admin client; after any failure the next call gets a new one. */
  use<T>(ask: (admin: Admin) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 5000;
const ANSWER_WITHIN_MS = 15_000;

export function createAdminClient(options: KafkaOptions): AdminClient {
  let current: { client: Client; admin: Promise<Admin> } | undefined;

  const open = () => {
    const client = createClient(options, {
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      silenceMs: REQUEST_TIMEOUT_MS,
    });
    const admin = client.kafka.admin();
    return { client, admin: admin.connect().then(() => admin) };
  };

  return {
    use: async (ask) => {
      current ??= open();
      const mine = current;
      try {
        return await within(ANSWER_WITHIN_MS, "an admin request", mine.admin.then(ask));
      } catch (error) {
        if (current === mine) current = undefined;
        mine.client.sever("an admin request failed");
        throw error;
      }
    },
    close: async () => {
      const last = current;
      current = undefined;
      if (!last) return;
      try {
        await within(
          REQUEST_TIMEOUT_MS,
          "disconnecting an admin client",
          last.admin.then((admin) => admin.disconnect()),
        );
      } finally {
        last.client.sever("the admin client is closed");
      }
    },
  };
}

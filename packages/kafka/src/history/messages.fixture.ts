import type { KafkaMessage } from "kafkajs";

/** A record as kafkajs delivers it. */
export const message = (
  offset: number,
  text: string,
  headers: KafkaMessage["headers"] = {},
): KafkaMessage => ({
  key: Buffer.from("list"),
  value: Buffer.from(text),
  timestamp: String(1_700_000_000_000 + offset),
  attributes: 0,
  offset: String(offset),
  headers,
});

import { hash } from "node:crypto";

/** Bytes that SHA-256 takes at a time. */
const BLOCK_SIZE = 64;

export type Sign = (message: string | Uint8Array) => Buffer;

/**
 * HMAC-SHA256 (RFC 2104) with one key, over Node's one-shot hash: `createHmac` makes an object for each message that the
 * garbage collector has to end, which takes four times as long.
 */
export function createHmacSha256(secret: string): Sign {
  const bytes = Buffer.from(secret);
  const key = Buffer.alloc(BLOCK_SIZE);
  key.set(bytes.length > BLOCK_SIZE ? sha256(bytes) : bytes);
  const inner = Buffer.from(key.map((byte) => byte ^ 0x36));
  const outer = Buffer.from(key.map((byte) => byte ^ 0x5c));
  return (message) => {
    const text = typeof message === "string" ? Buffer.from(message) : message;
    return sha256(Buffer.concat([outer, sha256(Buffer.concat([inner, text]))]));
  };
}

const sha256 = (bytes: Uint8Array): Buffer => hash("sha256", bytes, "buffer");

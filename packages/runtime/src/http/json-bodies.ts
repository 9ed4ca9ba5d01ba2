// JSON as RFC 7493 (I-JSON) wants it: what is judged is what was sent, and what is stored is what was judged.
import { isUtf8 } from "node:buffer";
import { ProblemError } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { pointerSegment } from "./field-errors.ts";

/**
 * Takes JSON bodies in valid UTF-8 without lone surrogates: decoders put U+FFFD for both, so that something else would
 * be on the log than was sent. `__proto__` and `constructor.prototype` at any depth are refused, and the last of
 * several fields of one name counts.
 */
export function takeStrictJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (request, bytes, done) => {
    if (!isUtf8(bytes)) return done(refusal("invalid-json", "", "is not valid UTF-8"));
    const text = bytes.toString("utf8");
    void parse(request, text, (error, body) => {
      if (error) return done(error);
      const at = SURROGATE.test(text) ? halfCharacterIn(body) : undefined;
      done(at === undefined ? null : refusal("invalid-request", at, "holds half a character"), body);
    });
  });
}

/** In valid UTF-8 half a character can only be written as an escape. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/** The pointer to the first text that isn't well-formed. A loop, not a recursion: 16 KiB hold 8,000 brackets. */
function halfCharacterIn(body: unknown): string | undefined {
  const rest: [path: string, value: unknown][] = [["", body]];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [path, value] = next;
    if (typeof value === "string" && !value.isWellFormed()) return path;
    if (typeof value !== "object" || value === null) continue;
    for (const [name, inner] of Object.entries(value)) {
      if (!name.isWellFormed()) return path;
      rest.push([`${path}/${pointerSegment(name)}`, inner]);
    }
  }
  return undefined;
}

const refusal = (code: "invalid-json" | "invalid-request", path: string, message: string) =>
  new ProblemError(code, undefined, { errors: [{ path, message }] });

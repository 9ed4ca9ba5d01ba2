// TXT records by Node's resolver.
import { Resolver } from "node:dns/promises";

/** There is an answer, and it is that there is nothing. */
const NOTHING = ["ENOTFOUND", "ENODATA"];
/** Whoever sees the Internet's names sees this one. */
const ALWAYS_THERE = "com";

/**
 * The TXT records of a name, each in one piece; none where there is no such name or no such record. Null where DNS can't be
 * asked, gives no answer within `timeoutMs`, or knows no name of the Internet's: closed networks have resolvers that say
 * "no such name" to everything. Never rejects.
 */
export function createTxtLookUp(
  timeoutMs = 3000,
  resolver: Pick<Resolver, "resolveTxt" | "resolveNs"> = new Resolver({ timeout: timeoutMs, tries: 2 }),
): (name: string) => Promise<string[] | null> {
  let seesTheInternet: Promise<boolean> | null = null;
  const canary = () => {
    seesTheInternet ??= resolver.resolveNs(ALWAYS_THERE).then(
      (servers) => servers.length > 0,
      () => false,
    );
    return seesTheInternet;
  };
  return (name) =>
    resolver.resolveTxt(name).then(
      (records) => records.map((pieces) => pieces.join("")),
      async (error: NodeJS.ErrnoException) =>
        NOTHING.includes(error.code ?? "") && (await canary()) ? [] : null,
    );
}

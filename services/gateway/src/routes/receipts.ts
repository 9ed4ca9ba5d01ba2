// Whether a receipt is one of ours, and what became of the signup that it was given for.
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { ProblemError, ReceiptView } from "@waitlist/contracts";
import type { ReceiptClaims, Tokens } from "@waitlist/tokens";
import type { FastifyInstance } from "fastify";
import type { AdminKeys } from "../domain/admin-keys.ts";
import { bearerOf } from "../domain/headers.ts";
import { receiptPlace } from "../domain/receipt-place.ts";
import type { Storage } from "../ports.ts";
import { byAdminKey, byStatusToken, shown } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems } from "./problem-responses.ts";

interface Deps {
  tokens: Tokens;
  keys: AdminKeys;
  storage: Pick<Storage, "places">;
}

const schema = {
  tags: ["Signup"],
  summary: "Verify a receipt",
  description:
    "Anybody learns that the receipt is real, and which record of the log it is for. With the token of a mail to that " +
    "person, or an admin key of scope `read`, also where the signup stands in its list's order. A mail's token shows " +
    "no place that was joined after the one that it was sent for, and a signup's own token, which proves no mailbox, " +
    "shows no more than no token.",
  security: [{}, ...byStatusToken.slice(0, 1), ...byAdminKey],
  params: Type.Object({ receipt: shown(Type.String(), examples.joinAccepted.receipt) }),
  response: {
    200: shown(ReceiptView, examples.receipt, "A receipt of ours."),
    ...readProblems("receipt-not-found", "unauthorized", "forbidden"),
  },
};

export function receiptRoutes(app: FastifyInstance, { tokens, keys, storage }: Deps): void {
  /** The offset up to which places are shown, or null for none. Throws `ProblemError` for credentials of nobody. */
  const seesPlacesTo = (shownToken: string | undefined, { entryId }: ReceiptClaims): number | null => {
    if (shownToken === undefined) return null;
    const key = keys.find(shownToken);
    if (key && !key.scopes.has("read")) throw new ProblemError("forbidden");
    if (key) return Number.POSITIVE_INFINITY;
    const claims = tokens.verify(shownToken, "status");
    if (claims?.entryId !== entryId) throw new ProblemError("unauthorized");
    return claims.kind === "mailed" ? claims.joinOffset : null;
  };

  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get("/receipts/:receipt", { schema }, async ({ params, headers }) => {
      const claims = tokens.verify(params.receipt, "receipt");
      if (!claims) throw new ProblemError("receipt-not-found");
      const { purpose: _purpose, ...receipt } = claims;
      const last = seesPlacesTo(bearerOf(headers.authorization), claims);
      if (last === null) return receipt;
      const place = receiptPlace(await storage.places(claims), claims);
      const joinOffset = "joinOffset" in place ? place.joinOffset : claims.offset;
      return joinOffset <= last ? { ...receipt, place } : receipt;
    });
}

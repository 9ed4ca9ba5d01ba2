import { type Static, Type } from "@sinclair/typebox";
import { lineOf, paragraphsOf } from "./text.ts";

/** One answer: text, one of the options, several of them, a number, yes or no. */
export const Answer = Type.Union([
  paragraphsOf(4000),
  Type.Array(lineOf(200), { maxItems: 50 }),
  Type.Number(),
  Type.Boolean(),
]);
export type Answer = Static<typeof Answer>;

/** Answers by the question's id. */
export const Answers = Type.Record(Type.String({ pattern: "^[a-z][a-zA-Z0-9_]{0,31}$" }), Answer, {
  maxProperties: 30,
  additionalProperties: false,
});
export type Answers = Static<typeof Answers>;

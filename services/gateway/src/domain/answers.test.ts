import { Value } from "@sinclair/typebox/value";
import { type Answer, Answers, type Question } from "@waitlist/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerErrors } from "./answers.ts";

const OPTIONS = ["red", "green", "blue"];
const question = (type: Question["type"], required = false): Question => ({
  id: "q",
  label: "Q",
  type,
  required,
  ...(type === "choice" || type === "choices" ? { options: OPTIONS } : {}),
});

const fitting: Record<Question["type"], fc.Arbitrary<Answer>> = {
  text: fc.string(),
  choice: fc.constantFrom(...OPTIONS),
  choices: fc.subarray(OPTIONS),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
};
const types = Object.keys(fitting) as Question["type"][];
const anything = fc.oneof(...types.map((type) => fitting[type]), fc.jsonValue() as fc.Arbitrary<Answer>);

describe("answers", () => {
  it.each(types)("of the type %s are taken where they fit", (type) => {
    fc.assert(
      fc.property(fitting[type], (answer) => {
        expect(answerErrors([question(type)], { q: answer })).toEqual([]);
      }),
    );
  });

  it("never fail, and every complaint is at the answer's path", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.boolean(),
        fc.object({ maxDepth: 1 }),
        anything,
        (type, required, more, answer) => {
          const answers = { ...more, q: answer } as Answers;
          for (const { path } of answerErrors([question(type, required)], answers)) {
            expect(Object.keys(answers).map((id) => `/answers/${id}`)).toContain(path);
          }
        },
      ),
    );
  });

  it("that are required can't be left out or left blank", () => {
    const blank: [Question["type"], Answer | undefined][] = [
      ["text", undefined],
      ["text", " \n\t"],
      ["choices", []],
      ["number", undefined],
      ["boolean", undefined],
    ];
    for (const [type, answer] of blank) {
      const answers = answer === undefined ? {} : { q: answer };
      expect(answerErrors([question(type, true)], answers), type).toEqual([
        { path: "/answers/q", message: "is required" },
      ]);
    }
    expect(answerErrors([question("boolean", true)], { q: false })).toEqual([]);
    expect(answerErrors([question("number", true)], { q: 0 })).toEqual([]);
  });

  it("are found under their own names only", () => {
    const inherited = { ...question("text", true), id: "constructor" };
    expect(answerErrors([inherited], {})).toEqual([{ path: "/answers/constructor", message: "is required" }]);
    expect(Value.Check(Answers, { constructor: "x" })).toBe(true);
    expect(answerErrors([inherited], JSON.parse('{"constructor": "x"}'))).toEqual([]);
  });
});

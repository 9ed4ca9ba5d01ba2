import { expect, test } from "vitest";
import { createTxtLookUp } from "./dns-txt.ts";

const fails = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const lookUp = (
  resolveTxt: () => Promise<string[][]>,
  resolveNs: () => Promise<string[]> = async () => ["a.example"],
) => createTxtLookUp(100, { resolveTxt, resolveNs })("example.com");

test("records come in one piece each", async () => {
  expect(await lookUp(async () => [["v=spf1 ", "-all"], ["other"]])).toEqual(["v=spf1 -all", "other"]);
});

test.for(["ENOTFOUND", "ENODATA"])("%s is an answer: there is none", async (code) => {
  expect(await lookUp(fails(code))).toEqual([]);
});

test.for(["ETIMEOUT", "ECONNREFUSED", "ESERVFAIL", "EREFUSED"])("%s is none", async (code) => {
  expect(await lookUp(fails(code))).toBeNull();
});

test("a resolver that knows no name at all says nothing about this one", async () => {
  expect(await lookUp(fails("ENOTFOUND"), fails("ENOTFOUND"))).toBeNull();
});

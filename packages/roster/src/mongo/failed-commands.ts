// A database whose failed commands are told of where they surface: the driver's own command monitoring would decode every
// answer of a search twice, for the few that fail.
import { AbstractCursor, Collection, type Db } from "mongodb";
import { isDuplicateKey } from "./cursors.ts";

/**
 * The same database; `failed` is called for each command of it, of its collections and of their cursors that is answered
 * with an error, or with none at all. A key that is there already is an answer like any other.
 */
export const tellFailedCommands = (db: Db, failed: () => void): Db =>
  watched(db, (error) => {
    if (!isDuplicateKey(error)) failed();
  });

type Told = (error: unknown) => void;

function watched<T extends object>(target: T, told: Told): T {
  const proxy: T = new Proxy(target, {
    get: (_, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args);
        return result === target ? proxy : heard(result, told);
      };
    },
  });
  return proxy;
}

function heard(result: unknown, told: Told): unknown {
  if (result instanceof Promise) {
    return result.catch((error: unknown) => {
      told(error);
      throw error;
    });
  }
  const goesOn = result instanceof Collection || result instanceof AbstractCursor || isGenerator(result);
  return goesOn ? watched(result, told) : result;
}

/** What a cursor gives to `for await`. */
const isGenerator = (value: unknown): value is AsyncGenerator =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value && "next" in value;

import { describe, expect, it } from "vitest";
import { type ChoiceInput, choose, type Machine } from "./choose.ts";
import { MissingPrerequisite, RecordedChoiceUnavailable } from "./errors.ts";
import type { RecordedOrigin } from "./record.ts";
import { BACKING_NAMES, type BackingMode, type BackingName } from "./types.ts";

const machine = (engine: boolean, programs: BackingName[] = []): Machine => ({
  containerEngine: async () => engine,
  program: async (name) => programs.includes(name),
});

function input(
  mode: BackingMode,
  on: Machine,
  origin: Partial<Record<BackingName, RecordedOrigin>> = {},
): ChoiceInput {
  const record = { version: 1 as const, origin, ports: {}, volumes: "waitlist-1" };
  return { names: [...BACKING_NAMES], mode, home: "/home", record, machine: on };
}

const choice = async (given: ChoiceInput) => Object.fromEntries(await choose(given));

describe("the first start of a home", () => {
  it("takes containers where an engine answers, and maildev as it is here", async () => {
    expect(await choice(input("auto", machine(true)))).toEqual({
      kafka: "container",
      mongodb: "container",
      redis: "container",
      mailbox: "embedded",
    });
  });

  it("takes embedded processes where none answers, and the machine's own programs before them", async () => {
    expect(await choice(input("auto", machine(false, ["redis"])))).toEqual({
      kafka: "embedded",
      mongodb: "embedded",
      redis: "local",
      mailbox: "embedded",
    });
  });

  it("doesn't look for an engine in mode embedded", async () => {
    const chosen = await choice(input("embedded", machine(true, ["mongodb"])));
    expect(chosen).toMatchObject({ kafka: "embedded", mongodb: "local" });
  });

  it("asks for an engine in mode containers where none answers", async () => {
    await expect(choose(input("containers", machine(false)))).rejects.toThrow(MissingPrerequisite);
  });
});

describe("a later start of a home", () => {
  it("keeps what holds the data, whatever else has come to the machine", async () => {
    const recorded = { kafka: "embedded", mongodb: "embedded", redis: "embedded" } as const;
    const later = machine(true, ["mongodb", "redis"]);
    expect(await choice(input("auto", later, recorded))).toMatchObject(recorded);
  });

  it.each<[string, BackingMode, Machine, RecordedOrigin, RegExp]>([
    ["the engine is gone", "auto", machine(false), "container", /no container engine answers/],
    ["containers are ruled out", "embedded", machine(true), "container", /set WAITLIST_BACKING=containers/],
    ["containers are demanded", "containers", machine(true), "embedded", /set WAITLIST_BACKING=embedded/],
    ["the machine's program is gone", "auto", machine(false), "local", /install it again/],
  ])("stops with a sentence where %s", async (_why, mode, on, recorded, sentence) => {
    const failure = await choose(
      input(mode, on, { redis: recorded, kafka: recorded, mongodb: recorded }),
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RecordedChoiceUnavailable);
    expect((failure as Error).message).toMatch(sentence);
  });
});

// JSON that is valid and means harm: prototypes, numbers out of all bounds, names twice. See also hostile-input.test.ts.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bearer, createWorld, definitionWith, KEYS, LIST, type World } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const age = { id: "age", label: "Age?", type: "number", required: false } as const;
  world.list(LIST, definitionWith({ questions: [age] }));
});
afterAll(() => world.close());
beforeEach(() => world.events.splice(0));

const post = (path: string, payload: string, headers: Record<string, string> = {}) =>
  world.app.inject({
    method: "POST",
    url: `/v1/waitlists/${LIST}/${path}`,
    payload,
    headers: { "content-type": "application/json", ...headers },
  });

const signup = (more: string) => post("entries", `{"email":"ada@example.com",${more}}`);

describe("a signup", () => {
  it.each([
    '"answers":{"__proto__":{"polluted":1}}',
    '"answers":{"age":{"__proto__":{"polluted":1}}}',
    '"answers":{"age":[{"constructor":{"prototype":{"polluted":1}}}]}',
    '"\\u005f_proto__":{"polluted":1}',
    '"answers":{"constructor":1}',
    '"answers":{"toString":1}',
    '"answers":{"hasOwnProperty":1}',
    '"answers":{"age":1e400}',
    '"answers":{"age":-1e400}',
    '"answers":{"age":NaN}',
    '"consent":1e400',
    '"name":{"toString":"x"}',
    '"name":"\\ud800"',
    '"answers":{"age":1},"answers":{"other":1}',
    '"email":"not-an-email"',
    '"email":{"$gt":""}',
  ])("with %s is refused", async (more) => {
    const response = await signup(more);
    expect(response.statusCode).toBe(400);
    expect(world.events).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("with a field twice is judged and kept by the last", async () => {
    expect((await signup('"email":"bea@example.com","name":"\\u0000","name":"Bea"')).statusCode).toBe(202);
    expect(world.joins()[0]?.data).toMatchObject({ email: "bea@example.com", name: "Bea" });
  });

  it("keeps the largest and the smallest numbers as they are", async () => {
    for (const age of [Number.MAX_VALUE, Number.MIN_VALUE, -Number.MAX_SAFE_INTEGER]) {
      expect((await signup(`"answers":{"age":${age}}`)).statusCode).toBe(202);
    }
    expect(world.joins().map(({ data }) => data.answers?.age)).toEqual([
      Number.MAX_VALUE,
      Number.MIN_VALUE,
      -Number.MAX_SAFE_INTEGER,
    ]);
  });
});

describe("an invite batch", () => {
  it.each(["1e400", "1e21", "9007199254740993", "-1", "0.5", '"1"', "[1]", "null", "true"])(
    "of %s is refused",
    async (count) => {
      const response = await post("invite-batches", `{"count":${count}}`, bearer(KEYS.admin));
      expect(response.statusCode).toBe(400);
      expect(response.json().errors[0].path).toBe("/count");
      expect(world.events).toEqual([]);
    },
  );
});

import { describe, expect, test, vi } from "vitest";
import { byName } from "./support/smtp.ts";
import { letter, start, yes } from "./support/transport.ts";

describe.for([true, false])("a server with pipelining: %s", (pipelining) => {
  test.for([
    ["take", { kind: "accepted" }, 1],
    ["rcpt-451", { kind: "refused", permanent: false, failure: { replyCode: 451, command: "RCPT TO" } }, 0],
    ["rcpt-550", { kind: "refused", permanent: true, failure: { replyCode: 550, command: "RCPT TO" } }, 0],
    ["cut-at-rcpt", { kind: "unreached" }, 0],
    ["cut-at-data", { kind: "unreached" }, 0],
    ["cut-in-message", { kind: "unanswered" }, 0],
    ["cut-after-dot", { kind: "unanswered" }, 1],
    ["message-452", { kind: "refused", permanent: false, failure: { replyCode: 452, command: "DATA" } }, 0],
    ["message-554", { kind: "refused", permanent: true, failure: { replyCode: 554, command: "DATA" } }, 0],
  ] as const)("that does '%s' is understood, and asked once", async ([what, expected, received]) => {
    const { server, transport } = await start({ behaviour: byName, pipelining }, "?maxRequeues=5");
    // On a connection that has carried a mail before, too: nodemailer treats those otherwise.
    for (const address of [`${what}@example.com`, "before@example.com", `${what}.again@example.com`]) {
      const delivery = await transport.send(letter(address), yes);
      if (address.startsWith(what)) expect(delivery).toMatchObject(expected);
      else expect(delivery).toEqual({ kind: "accepted" });
      expect(server.tries.get(address)).toBe(1);
    }
    expect(server.inbox.filter(({ to }) => to.startsWith(what))).toHaveLength(received * 2);
  });
});

describe("the last question before the message", () => {
  test("is asked once the envelope is taken, and not before", async () => {
    const { transport } = await start();
    const begin = vi.fn(yes);
    await transport.send(letter("rcpt-550@example.com"), begin);
    await transport.send(letter("cut-at-rcpt@example.com"), begin);
    expect(begin).not.toHaveBeenCalled();
    await transport.send(letter("take@example.com"), begin);
    expect(begin).toHaveBeenCalledTimes(1);
  });

  test("answered with no, keeps the message here", async () => {
    const { server, transport } = await start();
    expect(await transport.send(letter("a@example.com"), async () => false)).toEqual({ kind: "withheld" });
    expect(await transport.send(letter("b@example.com"), yes)).toEqual({ kind: "accepted" });
    expect(server.inbox.map(({ to }) => to)).toEqual(["b@example.com"]);
  });

  test("not answered, keeps the message here", async () => {
    const { server, transport } = await start();
    const begin = () => Promise.reject(new Error("the database is away"));
    expect(await transport.send(letter("a@example.com"), begin)).toEqual({ kind: "unrecorded" });
    expect(server.inbox).toEqual([]);
  });

  test("answered after the connection is gone, keeps the message here", async () => {
    const { server, transport } = await start();
    const answer = Promise.withResolvers<boolean>();
    const delivery = transport.send(letter("a@example.com"), () => {
      void server.stop();
      return answer.promise;
    });
    expect(await delivery).toMatchObject({ kind: "unreached" });
    answer.resolve(true);
    await answer.promise;
    expect(server.inbox).toEqual([]);
  });
});

describe.for(["smtps", "starttls"] as const)("encrypted by %s", (tls) => {
  test("mails arrive where the certificate is taken, and the password goes with them", async () => {
    const { server, transport } = await start(
      { tls, password: "correct-horse" },
      "?tls.rejectUnauthorized=false",
      {
        login: "ada:correct-horse",
      },
    );
    expect(await transport.check()).toBe(true);
    expect(await transport.send(letter("ada@example.com"), yes)).toEqual({ kind: "accepted" });
    expect(server.inbox.map(({ encrypted }) => encrypted)).toEqual([true]);
  });

  test("no mail goes to a server for which nobody vouches, and it counts as not reached", async () => {
    const { server, transport } = await start({ tls });
    expect(await transport.check()).toBe(false);
    const begin = vi.fn(yes);
    expect(await transport.send(letter("ada@example.com"), begin)).toMatchObject({ kind: "unreached" });
    expect(begin).not.toHaveBeenCalled();
    expect(server.inbox).toEqual([]);
  });
});

test("a server that isn't there is not reached, and said not to be there", async () => {
  const { server, transport } = await start();
  expect(await transport.check()).toBe(true);
  await server.stop();
  expect(await transport.check()).toBe(false);
  expect(await transport.send(letter("a@example.com"), yes)).toMatchObject({ kind: "unreached" });
});

// SES's HTTP API (version 2) as far as mails need it, over real sockets: takes, refuses, cuts, or keeps one waiting.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export type SesManner =
  | "take"
  /** An error as the API has them. */
  | { status: number; type: string }
  /** The connection is reset: as it comes, when the request is there whole, or when it has been acted upon. */
  | "cut-at-once"
  | "cut-before-acting"
  | "cut-after-acting"
  | "silence"
  | "garbage";

export interface SesMail {
  from: string;
  to: string[];
  raw: string;
}

export interface FakeSes {
  endpoint: string;
  inbox: SesMail[];
  /** Calls that came, by operation. */
  calls: string[];
  behave(next: SesManner): void;
  account: { SendingEnabled: boolean; refusal: { status: number; type: string } | null };
  stop(): Promise<void>;
}

interface SendEmail {
  FromEmailAddress: string;
  Destination: { ToAddresses: string[] };
  Content: { Raw: { Data: string } };
}

export async function startFakeSes(): Promise<FakeSes> {
  let manner: SesManner = "take";
  const inbox: SesMail[] = [];
  const calls: string[] = [];
  const sockets = new Set<Socket>();
  const account: FakeSes["account"] = { SendingEnabled: true, refusal: null };

  const answer = (response: ServerResponse, status: number, body: object, type?: string) => {
    response.writeHead(status, {
      "content-type": "application/json",
      ...(type ? { "x-amzn-errortype": type } : {}),
    });
    response.end(JSON.stringify(body));
  };
  const refuse = (response: ServerResponse, { status, type }: { status: number; type: string }) =>
    answer(response, status, { message: "Address <ada@example.com> is refused here" }, type);

  function act(body: string): void {
    const { FromEmailAddress: from, Destination, Content } = JSON.parse(body) as SendEmail;
    inbox.push({
      from,
      to: Destination.ToAddresses,
      raw: Buffer.from(Content.Raw.Data, "base64").toString(),
    });
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      const cut = () => request.socket.resetAndDestroy();
      calls.push(`${request.method} ${request.url}`);
      if (request.url?.endsWith("/account")) {
        return account.refusal ? refuse(response, account.refusal) : answer(response, 200, account);
      }
      const body = Buffer.concat(chunks).toString();
      if (typeof manner === "object") return refuse(response, manner);
      if (manner === "cut-before-acting") return cut();
      act(body);
      if (manner === "cut-after-acting") return cut();
      if (manner === "silence") return;
      if (manner === "garbage") return response.end("<html>");
      answer(response, 200, { MessageId: `0102-${inbox.length}` });
    });
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    if (manner === "cut-at-once") socket.resetAndDestroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    inbox,
    calls,
    behave: (next) => {
      manner = next;
    },
    account,
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

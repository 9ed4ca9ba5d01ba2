// A receiver of traces (OTLP over HTTP, in JSON) that keeps what it gets.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface CollectedSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  /** SpanKind of OTLP: 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  attributes: Record<string, unknown>;
  /** Ids of the traces that it links to. */
  links: string[];
}

export interface TraceCollector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  url: string;
  spans(): CollectedSpan[];
  /** Everything that was sent, as text: for looking for what must not be in it. */
  text(): string;
  close(): Promise<void>;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

interface Export {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: (Pick<CollectedSpan, "name" | "traceId" | "spanId" | "kind"> & {
        parentSpanId?: string;
        attributes?: Attribute[];
        links?: { traceId: string }[];
      })[];
    }[];
  }[];
}

export async function startTraceCollector(): Promise<TraceCollector> {
  const bodies: Export[] = [];
  const server = createServer((request, response) => {
    json(request).then(
      (body) => {
        const isOurs = request.method === "POST" && request.url === "/v1/traces";
        if (isOurs) bodies.push(body as Export);
        response.writeHead(isOurs ? 200 : 404, { "content-type": "application/json" }).end("{}");
      },
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => bodies.flatMap(spansOf),
    text: () => JSON.stringify(bodies),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const spansOf = ({ resourceSpans }: Export): CollectedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ parentSpanId = "", attributes = [], links = [], ...span }) => ({
        ...span,
        service: String(asRecord(resource.attributes)["service.name"]),
        parentSpanId,
        attributes: asRecord(attributes),
        links: links.map(({ traceId }) => traceId),
      })),
    ),
  );

const asRecord = (attributes: Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

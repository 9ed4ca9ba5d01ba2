import { type OpenSpan, openSpan, type TraceHeaders } from "@waitlist/runtime";
import type { Appended, AppendRequest } from "./record.ts";

/**
 * Writes a record within the trace that the caller runs in, if any: it carries the trace on in its own headers (W3C Trace
 * Context), however many callers' records share a produce.
 */
export async function traceAppend(
  request: AppendRequest,
  write: (request: AppendRequest) => Promise<Appended>,
): Promise<Appended> {
  const span = openProduce(request.topic);
  if (!span) return write(request);
  return await ended(span, write(traced(request, span.headers())), (appended) => appended);
}

/** The same for the records of one call, which share a span: there may be hundreds. */
export async function traceAppendAll(
  requests: AppendRequest[],
  write: (requests: AppendRequest[]) => Promise<Appended[]>,
): Promise<Appended[]> {
  const [first] = requests;
  const span = first && openProduce(first.topic);
  if (!span) return write(requests);
  span.set({ "messaging.batch.message_count": requests.length });
  const trace = span.headers();
  return await ended(
    span,
    write(requests.map((request) => traced(request, trace))),
    ([appended]) => appended,
  );
}

const traced = (request: AppendRequest, trace: TraceHeaders): AppendRequest => ({
  ...request,
  headers: { ...request.headers, ...trace },
});

function openProduce(topic: string): OpenSpan | undefined {
  const span = openSpan(`send ${topic}`, { kind: "producer", within: "active" });
  span?.set({
    "messaging.system": "kafka",
    "messaging.operation.type": "send",
    "messaging.destination.name": topic,
  });
  return span;
}

/** Says where the first record has come to, or that it failed. */
async function ended<T>(
  span: OpenSpan,
  writing: Promise<T>,
  firstOf: (written: T) => Appended | undefined,
): Promise<T> {
  try {
    const written = await writing;
    const first = firstOf(written);
    if (first) {
      span.set({
        "messaging.destination.partition.id": String(first.partition),
        "messaging.kafka.offset": first.offset,
      });
    }
    span.end();
    return written;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

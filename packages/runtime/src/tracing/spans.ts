// Spans as the services make them. Nothing personal belongs in one: no address, no path (paths hold tokens), no message of
// an error. While traces are off, every function here returns at once and nothing is made.
import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";

/** What carries a trace on: fields of an HTTP request or headers of a record (W3C Trace Context). */
export type Carrier = Readonly<Record<string, string | string[] | undefined>>;

/** The W3C fields `traceparent` and, where there is one, `tracestate`. */
export type TraceHeaders = Record<string, string>;

export interface SpanOptions {
  kind: "server" | "client" | "producer" | "consumer" | "internal";
  /**
   * `active` goes on with the trace that this code runs in, and a carrier with the one that it names: without one there is
   * no span. `new` begins a trace.
   */
  within: "active" | "new" | { carrier: Carrier };
  /** Named beside the span, and not believed. */
  linked?: Carrier;
  attributes?: Attributes;
  /** In milliseconds since 1970; now without it. */
  startedAt?: number;
}

/** A span that has begun. */
export interface OpenSpan {
  /** What others need to go on with the trace. */
  headers(): TraceHeaders;
  /** Runs work, and all that it awaits, within the span. */
  run<T>(work: () => T): T;
  set(attributes: Attributes): void;
  /** Of an error only its kind is kept. */
  end(error?: unknown): void;
}

const KINDS: Record<SpanOptions["kind"], SpanKind> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

let tracer: Tracer | undefined;

/** Only the start and the end of tracing call this. */
export function useTracer(used: Tracer | undefined): void {
  tracer = used;
}

export const isTracing = (): boolean => tracer !== undefined;

/** Undefined where nothing is traced. */
export function openSpan(name: string, options: SpanOptions): OpenSpan | undefined {
  if (!tracer) return undefined;
  const parent = parentOf(options.within);
  if (!parent) return undefined;
  const link = options.linked && linkTo(options.linked);
  const span = tracer.startSpan(
    name,
    {
      kind: KINDS[options.kind],
      ...(options.attributes ? { attributes: options.attributes } : {}),
      ...(options.startedAt === undefined ? {} : { startTime: options.startedAt }),
      ...(link ? { links: [link] } : {}),
    },
    parent,
  );
  return span.isRecording() ? opened(span, trace.setSpan(parent, span)) : undefined;
}

/** Runs `work` within a span of its own, if any is made; the span ends with it. */
export async function inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  const span = openSpan(name, options);
  if (!span) return work();
  try {
    const result = await span.run(work);
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** Headers of the trace that this code runs in; undefined where it runs in none. */
export function activeTrace(): TraceHeaders | undefined {
  return tracer && trace.getActiveSpan() ? headersOf(context.active()) : undefined;
}

function opened(span: Span, within: Context): OpenSpan {
  return {
    headers: () => headersOf(within),
    run: (work) => context.with(within, work),
    set: (attributes) => {
      span.setAttributes(attributes);
    },
    end: (error) => {
      if (error !== undefined) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute("error.type", error instanceof Error ? error.name : typeof error);
      }
      span.end();
    },
  };
}

function headersOf(within: Context): TraceHeaders {
  const headers: TraceHeaders = {};
  propagation.inject(within, headers);
  return headers;
}

function parentOf(within: SpanOptions["within"]): Context | undefined {
  if (within === "new") return ROOT_CONTEXT;
  if (within === "active") return trace.getActiveSpan() ? context.active() : undefined;
  const named = propagation.extract(ROOT_CONTEXT, within.carrier);
  return trace.getSpanContext(named) ? named : undefined;
}

/** The propagator takes nothing but a well-formed `traceparent`: 55 characters of hex and dashes. */
function linkTo({ traceparent }: Carrier): Link | undefined {
  const named = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }));
  return named && isSpanContextValid(named) ? { context: named } : undefined;
}

import { type DestinationStream, type LoggerOptions, pino } from "pino";

export type { Logger } from "pino";

/**
 * JSON lines on standard output, or at `destination`. What could hold personal data or secrets is cut out even where
 * somebody logs a whole object by mistake; the rule is not to log it in the first place.
 */
export function createLogger(service: string, level: string, destination?: DestinationStream) {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        "email",
        "name",
        "token",
        "code",
        "authorization",
        "*.email",
        "*.name",
        "*.token",
        "*.code",
        "*.authorization",
        "*.headers.authorization",
      ],
      remove: true,
    },
    serializers: { err: errorWithoutValues },
  };
  return pino(options, destination);
}

/** An error's kind and stack, but no fields of its own: drivers hang whole documents on theirs. */
function errorWithoutValues(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = "code" in error && ["string", "number"].includes(typeof error.code) ? error.code : undefined;
  return { type: error.name, message: error.message, code, stack: error.stack };
}

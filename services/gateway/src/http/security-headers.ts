// What every answer tells browsers not to do with it.
import helmet, { type FastifyHelmetOptions } from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

const YEAR_S = 365 * 24 * 60 * 60;

const joined = (directives: Record<string, string>): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");

/**
 * What the page at `/docs` needs beyond nothing: its own scripts, styles and calls, and the pictures that stand in its
 * style sheet as `data:`.
 */
export const DOCS_CONTENT_POLICY = joined({
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self' data:",
  "connect-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
});

/**
 * What a mail needs to be looked at: its styles stand in it, and its logo comes from wherever the list has it. It is shown as
 * if it came from nowhere, and can run, send and open nothing.
 */
export const MAIL_CONTENT_POLICY = joined({
  "default-src": "'none'",
  "style-src": "'unsafe-inline'",
  "img-src": "https: http: data:",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
  sandbox: "",
}).trim();

/**
 * Headers for everything, errors included. HTTPS is demanded of browsers only where people reach us by it, and not of
 * other names below ours: those are their owners' to decide.
 */
export async function setSecurityHeaders(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(helmet, optionsFor(new URL(publicUrl).protocol === "https:"));
}

const optionsFor = (isHttps: boolean): FastifyHelmetOptions => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // Addresses hold tokens.
  referrerPolicy: { policy: "no-referrer" },
  strictTransportSecurity: isHttps ? { maxAge: YEAR_S, includeSubDomains: false } : false,
  // Other sites' pages read the API, by CORS or from behind a COEP. No cookie makes an answer somebody's: what they
  // may load, they may ask for themselves.
  crossOriginResourcePolicy: { policy: "cross-origin" },
  // For browsers that don't know `frame-ancestors`.
  xFrameOptions: { action: "deny" },
  // These are about plug-ins and browsers that are gone.
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xDnsPrefetchControl: false,
});

// What describes the API: the OpenAPI and AsyncAPI documents, and a page to read and try it.
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { asyncApiDocument, Problem } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { DOCS_CONTENT_POLICY } from "../http/security-headers.ts";
import { describedSchema, withOptionalBodies } from "./described.ts";

export interface DocumentOptions {
  version: string;
  publicUrl: string;
  partitions: number;
  topicPrefix: string;
}

const TAGS = [
  { name: "Signup", description: "For pages and apps where people sign up." },
  { name: "Waitlists", description: "What a list is, and whether it is open." },
  { name: "Entries", description: "Who is on a list." },
  { name: "Invites", description: "Who is let in, in which order." },
  { name: "Mails", description: "What people are written, what was sent to whom, and what wasn't." },
  { name: "Operations", description: "For whoever is on call: how far behind, and what was set aside." },
];

/** Must run before the routes that are to be in the document; `serveDocuments` after them. */
export async function describeApi(
  app: FastifyInstance,
  { version }: Pick<DocumentOptions, "version">,
): Promise<void> {
  app.addSchema(Problem);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Waitlist",
        version,
        description:
          "Signups in the order in which they were accepted, provably. Times are RFC 3339 in UTC, errors RFC 9457 " +
          "problem documents with a stable `code`. Public calls are limited: `RateLimit-Policy` and `RateLimit` " +
          "(draft-ietf-httpapi-ratelimit-headers) say how far, a `429` when to come back, in `Retry-After`.",
        license: { name: "MIT", identifier: "MIT" },
      },
      // Relative: the page tries the API where it was opened, whatever name the gateway is reached by.
      servers: [{ url: "/" }],
      tags: TAGS,
      components: {
        securitySchemes: {
          adminKey: { type: "http", scheme: "bearer", description: "An admin key." },
          statusToken: { type: "http", scheme: "bearer", description: "The token of a signup or a mail." },
          statusTokenInQuery: { type: "apiKey", in: "query", name: "token" },
        },
      },
    },
    transform: ({ schema, url }) => ({ schema: describedSchema(schema), url }),
    transformObject: (document) =>
      "openapiObject" in document ? withOptionalBodies(document.openapiObject) : document.swaggerObject,
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) => String(json.$id ?? `schema-${index}`),
    },
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: DOCS_CONTENT_POLICY,
    theme: { title: "Waitlist API" },
    // No third party: the page's own validator badge would ask one. No bar with the library's logo and an address field either: it is
    // for its own site, and brings a style that the policy refuses.
    uiConfig: { validatorUrl: null, layout: "BaseLayout", deepLinking: true, persistAuthorization: false },
  });
}

const JSON_TYPE = "application/json; charset=utf-8";

/** What was worked out when it was first asked for. */
function once(work: () => string): () => string {
  let text: string | undefined;
  return () => {
    text ??= work();
    return text;
  };
}

export function serveDocuments(app: FastifyInstance, options: DocumentOptions): void {
  const hidden = { schema: { hide: true } };
  // Written out once: they are public, large, and never change.
  const openApi = once(() => JSON.stringify(app.swagger()));
  const asyncApi = once(() => JSON.stringify(asyncApiDocument(options)));
  app.get("/openapi.json", hidden, (_request, reply) => reply.type(JSON_TYPE).send(openApi()));
  app.get("/asyncapi.json", hidden, (_request, reply) => reply.type(JSON_TYPE).send(asyncApi()));
  app.get("/", hidden, () => ({
    name: "waitlist",
    version: options.version,
    docs: "/docs",
    openapi: "/openapi.json",
    asyncapi: "/asyncapi.json",
  }));
}

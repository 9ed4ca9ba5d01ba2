// Liquid, of which mails have two things: a variable, and `if`. It runs when a letter's shape is known and its values aren't:
// what a text puts out is words that stand for values, so it can do nothing to them.
import type { MailKind } from "@waitlist/contracts";
import { Liquid, LiquidError, Tokenizer, TokenKind } from "liquidjs";
import type { Slots } from "./slots.ts";
import { type Shape, VARIABLES } from "./variables.ts";

const TAGS = ["if", "unless"];
const FILTERS = ["default"];

/** In characters: a subject or a body with all its tags. */
const LONGEST = 20_000;

const engine = createEngine();

function createEngine(): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    // What is never put out may be asked for.
    lenientIf: false,
    ownPropertyOnly: true,
    // No file is ever read: there is no tag for it either.
    templates: {},
    relativeReference: false,
    cache: false,
    parseLimit: LONGEST,
    // Roughly bytes. Time has no limit of its own: nothing loops, so the length bounds it; and on a busy machine a clock would
    // refuse texts that are right.
    memoryLimit: 20 * LONGEST,
  });
  keepOnly(liquid.tags, TAGS);
  keepOnly(liquid.filters, FILTERS);
  return liquid;
}

function keepOnly(from: Record<string, unknown>, names: readonly string[]): void {
  for (const name of Object.keys(from)) if (!names.includes(name)) delete from[name];
}

/** `{{ name }}`, or with words for where there is none. */
const OUTPUT = /^\s*([A-Za-z_]\w*)\s*(?:\|\s*default:\s*(?:"[^"]*"|'[^']*')\s*)?$/;
const CONDITION = /^[A-Za-z_]\w*(?:\s+(?:and|or)\s+[A-Za-z_]\w*)*$/;

/** What is wrong with a text as a mail of this kind, in words for an admin; null where nothing is. */
export function liquidError(kind: MailKind, source: string): string | null {
  try {
    const templates = engine.parse(source);
    const { values, conditions } = VARIABLES[kind];
    const known = new Set<string>([...values, ...conditions]);
    const stranger = engine.variablesSync(templates).find((name) => !known.has(name));
    if (stranger !== undefined) return unknownVariable(kind, stranger);
  } catch (error) {
    if (error instanceof Error && LiquidError.is(error)) return `is not a template: ${wordsOf(error)}`;
    throw error;
  }
  return formError(kind, source);
}

/** The first tag or output that is more than a variable or an `if` of one. */
function formError(kind: MailKind, source: string): string | null {
  const { values, conditions } = VARIABLES[kind];
  for (const token of new Tokenizer(source).readTopLevelTokens()) {
    const { kind: form } = token;
    const text = token.getText();
    const inner = text.replace(/^\{[{%]-?\s*|\s*-?[%}]\}$/g, "");
    if (form === TokenKind.Output) {
      const name = OUTPUT.exec(inner)?.[1];
      if (name === undefined) return `may hold a variable alone between braces, not ${shortened(text)}`;
      if (!(values as readonly string[]).includes(name))
        return `can't show ${name}: it can only be asked for`;
    }
    if (form === TokenKind.Tag) {
      const [tag = "", asked = ""] = splitTag(inner);
      if (!["if", "unless", "elsif"].includes(tag)) continue;
      const names = CONDITION.test(asked) ? asked.split(/\s+(?:and|or)\s+/) : [];
      const isAskable = names.every((name) => (conditions as readonly string[]).includes(name));
      if (names.length === 0 || !isAskable) return unaskable(kind, shortened(text));
    }
  }
  return null;
}

const splitTag = (inner: string) => [/^\w*/.exec(inner)?.[0] ?? "", inner.replace(/^\w*\s*/, "")] as const;

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

const unknownVariable = (kind: MailKind, name: string): string =>
  `has no variable ${shortened(name)}: a mail of this kind knows ${VARIABLES[kind].values.join(", ")}`;

function unaskable(kind: MailKind, text: string): string {
  const { conditions } = VARIABLES[kind];
  const may =
    conditions.length === 0 ? "has nothing to ask for" : `can be asked only for ${conditions.join(", ")}`;
  return `can't have ${text}: a mail of this kind ${may}`;
}

const wordsOf = (error: Error): string =>
  shortened(error.message.split("\n", 1)[0] ?? "").replace(/\s+/g, " ");

/** The text for a letter of this shape, with a mark where each value goes. Throws for what `liquidError` names. */
export function expand(kind: MailKind, source: string, shape: Shape, slots: Slots): string {
  const { values } = VARIABLES[kind];
  const marks = values.map((name) => [name, name === "name" && !shape.name ? null : slots.mark(name)]);
  const { pending, invited, requeued } = shape;
  const scope = { pending, invited, requeued, ...Object.fromEntries(marks) };
  return String(engine.parseAndRenderSync(source, scope));
}

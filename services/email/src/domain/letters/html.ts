// The smallest template language: whatever is put into a template is escaped, except another template.

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** A tag for templates: `` html`<p>${anything}</p>` ``. Null leaves nothing. */
export const html = (strings: TemplateStringsArray, ...values: (string | number | Html | null)[]): Html =>
  new Html(String.raw({ raw: strings }, ...values.map(toHtml)));

function toHtml(value: string | number | Html | null): string {
  if (value instanceof Html) return value.text;
  return value === null ? "" : escapeHtml(String(value));
}

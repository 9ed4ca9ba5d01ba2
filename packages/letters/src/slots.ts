// Places in a text that are filled in at the end. A value is put in when Liquid, Markdown and MJML are done with the text: it
// can be no markup of theirs, whatever it holds.

export interface Slots {
  /** A word that stands for a slot in a text: letters and digits, that no text of these has. */
  mark(name: string): string;
  /** The names of the slots in a text, in order, with repetitions. */
  within(text: string): string[];
  /** Whether a text is one slot and nothing else; its name then. */
  only(text: string): string | null;
  /** The text with some slots filled; others stay. */
  fill(text: string, values: ReadonlyMap<string, string>): string;
  /** The text between the slots, and the slots. */
  split(text: string): Pieces;
}

/** One more piece of text than slots: they take turns. */
export interface Pieces {
  texts: string[];
  slots: string[];
}

/** `texts` are all those that slots will be put into: marks are made so that none of them holds one by itself. */
export function createSlots(texts: readonly string[]): Slots {
  const all = texts.join("\n");
  let turn = 0;
  while (all.includes(`qz${turn}q`)) turn += 1;
  const pattern = new RegExp(`qz${turn}q([a-zA-Z]+?)(\\d*)zq`, "g");
  const split = (text: string): Pieces => {
    const pieces: Pieces = { texts: [], slots: [] };
    let from = 0;
    for (const found of text.matchAll(pattern)) {
      pieces.texts.push(text.slice(from, found.index));
      pieces.slots.push(`${found[1]}${found[2]}`);
      from = found.index + found[0].length;
    }
    pieces.texts.push(text.slice(from));
    return pieces;
  };
  return {
    mark: (name) => `qz${turn}q${name}zq`,
    within: (text) => split(text).slots,
    only: (text) => {
      const { texts: around, slots } = split(text);
      return slots.length === 1 && around.join("") === "" ? (slots[0] ?? null) : null;
    },
    fill: (text, values) =>
      text.replace(pattern, (mark, name: string, number: string) => values.get(name + number) ?? mark),
    split,
  };
}

/** Puts the values between the pieces. */
export function join({ texts, slots }: Pieces, fillIn: (slot: string) => string): string {
  let text = texts[0] ?? "";
  for (const [index, slot] of slots.entries()) text += fillIn(slot) + (texts[index + 1] ?? "");
  return text;
}

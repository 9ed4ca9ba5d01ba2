// The table of all settings, out of the schemas that the processes read them with.
import { OptionalKind, type TObject, type TSchema } from "@sinclair/typebox";
import { type SettingNotes, wanted } from "@waitlist/runtime";

export interface Row {
  name: string;
  /** Values that it may have. */
  values: string;
  /** As a person writes it; `null` where there is none. */
  usual: string | null;
  isOptional: boolean;
  isSecret: boolean;
  /** Which processes read it. */
  of: string[];
  says: string;
}

/** One row a setting, in the order of the first process that reads it; processes that see it otherwise have rows of their own. */
export function rowsOf(processes: Record<string, TObject>): Row[] {
  const rows = new Map<string, Row>();
  for (const [process, { properties }] of Object.entries(processes)) {
    for (const [name, setting] of Object.entries(properties)) {
      const row = rowOf(name, setting);
      const key = JSON.stringify(row);
      const known = rows.get(key) ?? row;
      known.of.push(process);
      rows.set(key, known);
    }
  }
  // Those of one name stand together, where the first one is.
  return [...Map.groupBy(rows.values(), ({ name }) => name).values()].flat();
}

function rowOf(name: string, setting: TSchema): Row {
  const { description, unit, secret, default: usual } = setting as TSchema & SettingNotes;
  if (!description) throw new Error(`${name} has no description.`);
  return {
    name,
    values: wanted(setting),
    usual:
      usual === undefined || usual === ""
        ? null
        : [usual, unit].filter((each) => each !== undefined).join(" "),
    isOptional: usual !== undefined || setting[OptionalKind] !== undefined,
    isSecret: secret === true,
    of: [],
    says: description,
  };
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

/** A table in Markdown. `everybody` processes together are written as "all". */
export function tableOf(rows: Row[], everybody: number): string {
  const lines = rows.map(({ name, values, usual, isOptional, isSecret, of, says }) => {
    const without = usual === null ? (isOptional ? "none" : "**must be given**") : `\`${usual}\``;
    const who = of.length === everybody && everybody > 1 ? "all" : of.join(", ");
    const words = isSecret ? `${says}. Secret` : says;
    return `| \`${name}\` | ${who} | ${without} | ${cell(values)} | ${cell(words)} |`;
  });
  return ["| setting | of | without it | values | |", "| --- | --- | --- | --- | --- |", ...lines].join("\n");
}

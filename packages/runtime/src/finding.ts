// What a doctor finds, and how it tells it.

/**
 * What a look has found: `right`; `wrong`, to be put right; `open`, where it could not be looked at; `note`, for what is
 * good to know.
 */
export interface Finding {
  state: "right" | "wrong" | "open" | "note";
  about: string;
  says: string;
  /** What would put it right, a line each. */
  todo?: string[];
}

/** Findings about one subject. */
export const about = (subject: string) => {
  const found =
    (state: Finding["state"]) =>
    (says: string, ...todo: string[]): Finding => ({
      state,
      about: subject,
      says,
      ...(todo.length > 0 ? { todo } : {}),
    });
  return { right: found("right"), wrong: found("wrong"), open: found("open"), note: found("note") };
};

const MARKS: Record<Finding["state"], string> = {
  right: "right",
  wrong: "WRONG",
  open: "open?",
  note: "note ",
};

/** For people: a line each, and what to do below theirs. */
export function tell(findings: Finding[]): string {
  const lines = findings.flatMap(({ state, about: subject, says, todo = [] }) => [
    `${MARKS[state]}  ${subject}: ${says}`,
    ...todo.map((line) => `       ${line}`),
  ]);
  const count = (state: Finding["state"]) => findings.filter((each) => each.state === state).length;
  const open = count("open");
  const rest = open > 0 ? ` ${open} could not be looked at.` : "";
  const wrong = count("wrong");
  const verdict =
    wrong === 0 ? "Nothing is wrong." : wrong === 1 ? "One thing is wrong." : `${wrong} things are wrong.`;
  return [...lines, "", verdict + rest, ""].join("\n");
}

import { parser } from "@prometheus-io/lezer-promql";

/** Throws where it is no PromQL. */
export function metricNames(promql: string): string[] {
  const names = new Set<string>();
  parser.parse(promql).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${promql}`);
      if (type.name === "Identifier" && node.parent?.name === "VectorSelector")
        names.add(promql.slice(from, to));
    },
  });
  return [...names];
}

/** The name that a series of a histogram is registered under. */
export const familyOf = (name: string, known: ReadonlySet<string>): string => {
  const family = name.replace(/_(bucket|sum|count)$/, "");
  return known.has(family) ? family : name;
};

/** Families in a text of Prometheus' exposition format, whether or not they have a value yet. */
export const familiesIn = (exposition: string): string[] =>
  [...exposition.matchAll(/^# TYPE (\S+) /gm)].map(([, name = ""]) => name);

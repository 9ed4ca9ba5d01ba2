// What rules and dashboards ask of Prometheus.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const INFRA = fileURLToPath(new URL("../../../infra/", import.meta.url));
export const CONFIG = `${INFRA}prometheus/prometheus.yml`;
export const RULES = `${INFRA}prometheus/rules/`;
export const RULE_TESTS = `${INFRA}prometheus/tests/`;
const DASHBOARDS = `${INFRA}grafana/dashboards/`;

export interface Expression {
  /** Which alert or panel it is of. */
  where: string;
  promql: string;
}

export interface Alert {
  alert: string;
  expr: string;
  annotations: { summary: string; runbook: string };
}

interface Dashboard {
  title: string;
  panels: { title: string; targets: { expr: string }[] }[];
}

export const filesIn = (folder: string): string[] => readdirSync(folder).map((name) => `${folder}${name}`);

export const readAlerts = (): Alert[] =>
  filesIn(RULES).flatMap((file) =>
    (parse(readFileSync(file, "utf8")) as { groups: { rules: Alert[] }[] }).groups.flatMap(
      ({ rules }) => rules,
    ),
  );

/** As Prometheus gets them: Grafana's variables stand for times. */
export const readPanels = (): Expression[] =>
  filesIn(DASHBOARDS).flatMap((file) => {
    const { title, panels } = JSON.parse(readFileSync(file, "utf8")) as Dashboard;
    return panels.flatMap((panel) =>
      panel.targets.map(({ expr }) => ({
        where: `${title}: ${panel.title}`,
        promql: expr.replaceAll("$__rate_interval", "5m").replaceAll("$__range", "6h"),
      })),
    );
  });

export const readExpressions = (): Expression[] => [
  ...readAlerts().map(({ alert, expr }) => ({ where: alert, promql: expr })),
  ...readPanels(),
];

// What the stack of containers and the cluster repeat of the launcher and the alerts, since neither can import them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NODE_FLAGS, type ServiceName } from "@waitlist/launcher";
import { readExpressions } from "@waitlist/monitoring";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const text = (file: string) => readFileSync(`${ROOT}${file}`, "utf8");
const NAMES = Object.keys(NODE_FLAGS) as ServiceName[];

interface Compose {
  services: Record<string, { command: string[]; ports?: string[]; environment: Record<string, string> }>;
}
interface Deployment {
  kind: string;
  spec: { template: { metadata: { labels: object }; spec: { containers: { args: string[] }[] } } };
}
interface NetworkPolicy {
  metadata: { name: string };
  spec: { podSelector: { matchLabels?: object }; egress: { ports: { port: number }[] }[] };
}
interface PodMonitor {
  spec: {
    selector: { matchLabels: object };
    podMetricsEndpoints: { relabelings: { targetLabel: string; replacement: string }[] }[];
  };
}

const compose = parse(text("docker-compose.yml"), { merge: true }) as Compose;
const deploymentOf = (name: string) =>
  parseAllDocuments(text(`infra/kubernetes/services/${name}.yaml`))
    .map((document) => document.toJS() as Deployment)
    .find(({ kind }) => kind === "Deployment");

describe.each(NAMES)("%s", (name) => {
  const args = [...NODE_FLAGS[name], `services/${name}/src/main.ts`];

  test("runs with the launcher's flags in the stack and on the cluster", () => {
    expect(compose.services[name]?.command).toEqual(args);
    expect(deploymentOf(name)?.spec.template.spec.containers[0]?.args).toEqual(args);
  });

  test("is one of the pods that are scraped, and may send traces", () => {
    const labels = deploymentOf(name)?.spec.template.metadata.labels;
    const monitor = parse(text("infra/kubernetes/monitoring/pods.yaml")) as PodMonitor;
    expect(labels).toMatchObject(monitor.spec.selector.matchLabels);
    const policies = parseAllDocuments(text("infra/kubernetes/network.yaml"));
    const services = policies
      .map((policy) => policy.toJS() as NetworkPolicy)
      .find(({ metadata }) => metadata.name === "services");
    expect(labels).toMatchObject(services?.spec.podSelector.matchLabels ?? { none: true });
    expect(services?.spec.egress.flatMap(({ ports }) => ports.map(({ port }) => port))).toContain(4318);
  });
});

test("pods are scraped under the job that alerts ask for", () => {
  const monitor = parse(text("infra/kubernetes/monitoring/pods.yaml")) as PodMonitor;
  const jobs = readExpressions().flatMap(({ promql }) =>
    [...promql.matchAll(/job="([^"]+)"/g)].map(([, job]) => job),
  );
  expect(jobs).not.toEqual([]);
  for (const { relabelings } of monitor.spec.podMetricsEndpoints) {
    const [job] = relabelings.filter(({ targetLabel }) => targetLabel === "job");
    expect(new Set(jobs)).toEqual(new Set([job?.replacement]));
  }
});

test("the stack's public address is where its gateway listens, on whatever port", () => {
  const { ports = [], environment } = compose.services.gateway ?? {};
  const port = /^127\.0\.0\.1:(\$\{GATEWAY_PORT:-8080\}):8080$/.exec(ports[0] ?? "")?.[1];
  expect(environment?.PUBLIC_URL).toBe(`\${PUBLIC_URL:-http://localhost:${port}}`);
});

// What infra/kubernetes repeats of the contracts, since nothing there can import them.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { deadLetterTopic, eventsTopic, GROUPS } from "../src/index.ts";

const folder = new URL("../../../infra/kubernetes/", import.meta.url);
const text = (file: string) => readFile(new URL(file, folder), "utf8");
const resources = async <T>(file: string) =>
  parseAllDocuments(await text(file)).map((document) => document.toJS() as T);

interface KafkaTopic {
  metadata: { name: string };
  spec: { partitions: number; replicas: number; config: Record<string, string> };
}

interface ScaledObject {
  kind: string;
  metadata: { name: string };
  spec: {
    maxReplicaCount: number;
    scaleTargetRef: { name: string };
    triggers: { metadata: { consumerGroup: string; topic: string } }[];
  };
}

/** As the services of the cluster are told. */
async function partitions(): Promise<number> {
  const { configMapGenerator } = parse(await text("services/kustomization.yaml")) as {
    configMapGenerator: { literals: string[] }[];
  };
  const literal = configMapGenerator[0]?.literals.find((line) => line.startsWith("EVENT_PARTITIONS="));
  return Number(literal?.split("=")[1]);
}

test("the cluster has the topics that the services use, with their settings, on three brokers", async () => {
  const wanted = [
    eventsTopic(await partitions()),
    ...Object.values(GROUPS).map((group) => deadLetterTopic(group)),
  ];
  const found = await resources<KafkaTopic>("kafka/topics.yaml");
  expect(found.map(({ metadata, spec }) => ({ name: metadata.name, ...spec }))).toEqual(
    wanted.map(({ name, partitions: count, config }) => ({
      name,
      partitions: count,
      replicas: 3,
      config: { ...config, "min.insync.replicas": "2" },
    })),
  );
});

test("each group is scaled on its own lag, up to as many instances as there are partitions", async () => {
  const count = await partitions();
  const scaled = (await resources<ScaledObject>("scaling.yaml")).filter(
    ({ kind }) => kind === "ScaledObject",
  );
  expect(scaled.map(({ spec }) => spec.scaleTargetRef.name).sort()).toEqual(Object.values(GROUPS).sort());
  for (const { metadata, spec } of scaled) {
    expect(spec.maxReplicaCount).toBe(count);
    expect(spec.scaleTargetRef.name).toBe(metadata.name);
    expect(spec.triggers[0]?.metadata).toMatchObject({
      consumerGroup: metadata.name,
      topic: eventsTopic(count).name,
    });
  }
});

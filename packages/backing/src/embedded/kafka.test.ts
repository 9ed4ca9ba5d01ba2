import { expect, it } from "vitest";
import { kafkaEnvironment } from "../containers/specs.ts";
import { serverProperties } from "./kafka.ts";

it("listens on the loopback interface only", () => {
  const lines = serverProperties("/data", { broker: 1001, controller: 1002 }).split("\n");
  expect(lines).toContain("listeners=PLAINTEXT://127.0.0.1:1001,CONTROLLER://127.0.0.1:1002");
  expect(lines).toContain("log.dirs=/data");
});

it("takes the settings of a broker's place among others over those of one that is alone", () => {
  const own = { "node.id": 2, "min.insync.replicas": 2, "controller.quorum.voters": "1@a:1,2@b:2" };
  const lines = serverProperties("/data", { broker: 1001, controller: 1002 }, own).split("\n");
  expect(lines).toEqual(expect.arrayContaining(Object.entries(own).map(([key, value]) => `${key}=${value}`)));
  expect(lines).not.toContain("node.id=1");
});

it("gives a container the same settings, in the image's spelling", () => {
  expect(kafkaEnvironment("127.0.0.1:9094")).toMatchObject({
    KAFKA_ADVERTISED_LISTENERS: "PLAINTEXT://127.0.0.1:9094",
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
  });
});

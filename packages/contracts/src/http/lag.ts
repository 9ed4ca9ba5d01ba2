// How far the services are behind the log.
import { type Static, Type } from "@sinclair/typebox";
import { Timestamp } from "../text.ts";

const Offset = Type.Integer({ minimum: 0 });

/** One consumer group on one partition, as it committed to Kafka. */
export const GroupLag = Type.Object({
  group: Type.String({ description: "Of the consumers, as Kafka's own tools name it." }),
  topic: Type.String(),
  partition: Offset,
  endOffset: { ...Offset, description: "Of the next record to be written." },
  committedOffset: Type.Union([Offset, Type.Null()], {
    description: "Of the next record to be processed; null where the group has never said.",
  }),
  lag: Type.Integer({
    description:
      "Records that are not processed yet: the end less what is committed, those included that retention has removed. " +
      "Below 0 where the log ends before what was processed: it is another log.",
  }),
  oldestAgeMs: {
    ...Offset,
    description:
      "Milliseconds since the broker took the oldest of them that the log still has; 0 where there are none.",
  },
});
export type GroupLag = Static<typeof GroupLag>;

/** Answer to `GET /v1/ops/lag`. */
export const LagView = Type.Object(
  { at: { ...Timestamp, description: "When it was read." }, items: Type.Array(GroupLag) },
  { title: "Lag" },
);
export type LagView = Static<typeof LagView>;

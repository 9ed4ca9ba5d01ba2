// The AsyncAPI 3.0 document of the log, made from the events' schemas.
import { EVENTS, type EventType } from "./events/index.ts";
import { eventsTopic } from "./topics.ts";

const SUMMARIES: Record<EventType, string> = {
  WaitlistDefined: "A list was created or changed: what happens after this offset uses this definition.",
  WaitlistJoined: "Somebody signed up: the record's offset is the place in the order.",
  EntryConfirmed: "The address was confirmed from a mail (double opt-in).",
  EntryLeft: "The person gave the place up; joining again opens a new one at the end.",
  EntryErased: "The person left and asked to be forgotten.",
  InviteBatchRequested: "The next invites were asked for; the record's offset decides who is eligible.",
  InviteAllocated: "One place got one invite.",
  InviteBatchCompleted: "Every invite of a batch is on the log.",
  InviteRedeemed: "Somebody came with an invite's code; the first closing of an invite counts.",
  InviteExpired: "An invite's time was over.",
  InviteWithdrawn: "One invite was taken back.",
  InviteBatchWithdrawn: "All invites of a batch that are not closed yet were taken back.",
  InviteScheduleSet: "A schedule of batches was set, changed, paused or ended.",
  EntryUndeliverable:
    "The address of a place takes no mail: the first one of a place counts, and changes nothing of it.",
  MailResendRequested: "An admin asked for mails to be sent again: those named, or all of a status.",
};

const messageOf = (type: EventType) => ({
  name: type,
  title: type,
  summary: SUMMARIES[type],
  contentType: "application/cloudevents+json",
  payload: { $ref: `#/components/schemas/${type}` },
  bindings: { kafka: { key: { type: "string", description: "the waitlistId" } } },
});

/** TypeBox keeps symbols beside the JSON Schema, and `$id`s would re-base the document's references. */
function plainSchema(schema: object): Record<string, unknown> {
  const { $id: _, ...plain } = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
  return plain;
}

const byType = <T>(make: (type: EventType) => T): Record<string, T> =>
  Object.fromEntries((Object.keys(EVENTS) as EventType[]).map((type) => [type, make(type)]));

/** `partitions` and `topicPrefix` as the installation has them; `version` is that of the software. */
export function asyncApiDocument(options: { version: string; partitions: number; topicPrefix: string }) {
  const topic = eventsTopic(options.partitions, options.topicPrefix);
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Waitlist events",
      version: options.version,
      description:
        "One totally ordered history per waitlist. Every value is a CloudEvents 1.0 JSON envelope; the key is the " +
        "waitlistId, and all of a list's records are in one partition.",
    },
    defaultContentType: "application/cloudevents+json",
    channels: {
      events: {
        address: topic.name,
        messages: byType((type) => ({ $ref: `#/components/messages/${type}` })),
        bindings: { kafka: { topic: topic.name, partitions: topic.partitions } },
      },
    },
    operations: {
      followHistory: {
        action: "send",
        channel: { $ref: "#/channels/events" },
        summary: "What happened to the waitlists, in order.",
        messages: (Object.keys(EVENTS) as EventType[]).map((type) => ({
          $ref: `#/channels/events/messages/${type}`,
        })),
      },
    },
    components: {
      messages: byType(messageOf),
      schemas: byType((type) => plainSchema(EVENTS[type].schema)),
    },
  };
}

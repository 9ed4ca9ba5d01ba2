import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import {
  BatchAccepted,
  BatchDryRun,
  BatchesPage,
  BatchRequest,
  Challenge,
  DeliveryReportResult,
  EntriesPage,
  EntryAccepted,
  EntryStatusView,
  ExplainedEntry,
  InviteBatch,
  JoinAccepted,
  JoinPlaced,
  JoinRequest,
  MailCountsView,
  MailsPage,
  PublicWaitlist,
  ResendAccepted,
  ResendRequest,
  ScheduleRequest,
  ScheduleView,
  WaitlistDefinition,
} from "@waitlist/contracts";
import { describe, expect, it } from "vitest";
import { examples } from "./examples.ts";

const SCHEMAS: [keyof typeof examples, TSchema][] = [
  ["publicWaitlist", PublicWaitlist],
  ["challenge", Challenge],
  ["join", JoinRequest],
  ["joinAccepted", JoinAccepted],
  ["joinPlaced", JoinPlaced],
  ["entryAccepted", EntryAccepted],
  ["entryStatus", EntryStatusView],
  ["batchRequest", BatchRequest],
  ["namedBatchRequest", BatchRequest],
  ["batchDryRun", BatchDryRun],
  ["batchAccepted", BatchAccepted],
  ["batch", InviteBatch],
  ["scheduleRequest", ScheduleRequest],
  ["schedule", ScheduleView],
  ["batchesPage", BatchesPage],
  ["entriesPage", EntriesPage],
  ["explainedEntry", ExplainedEntry],
  ["deliveryReport", DeliveryReportResult],
  ["mailsPage", MailsPage],
  ["mailCounts", MailCountsView],
  ["resendRequest", ResendRequest],
  ["resendAccepted", ResendAccepted],
];

describe("the document's examples", () => {
  it.each(SCHEMAS)("%s fits its schema", (name, schema) => {
    expect([...Value.Errors(schema, examples[name])]).toEqual([]);
  });

  it("of a definition fits, once its defaults are there", () => {
    const definition = Value.Default(WaitlistDefinition, structuredClone(examples.definition));
    expect([...Value.Errors(WaitlistDefinition, definition)]).toEqual([]);
  });
});

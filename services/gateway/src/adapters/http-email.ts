import { TEST_MAIL_WITHIN_MS, type TestMailOutcome } from "@waitlist/contracts";
import type { InternalClient } from "@waitlist/runtime";
import type { TestMails } from "../ports.ts";
import { surely } from "./http-answers.ts";

/** Longer than the email service waits for its mail server, in milliseconds: it knows what became of the mail. */
export const TEST_MAIL_TIMEOUT_MS = TEST_MAIL_WITHIN_MS + 5000;

/** The email service over internal HTTP. */
export const createHttpEmail = (client: InternalClient): TestMails => ({
  send: (waitlistId, kind, order) =>
    surely(client.post<TestMailOutcome>(`/internal/waitlists/${waitlistId}/mails/${kind}/test`, order)),
});

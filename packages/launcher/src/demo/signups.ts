// Posts the sample signups one after the other, as people come, and keeps what the gateway said of each.
import type { Api } from "../api.ts";
import { SAMPLE_LIST, sampleSignups } from "../examples.ts";

export interface Outcome {
  /** The person's id, or null where the row was refused. */
  entryId: string | null;
  /** Why it was refused. */
  reason: string | null;
}

const RETRIES = 20;

export async function postSignups(
  api: Api,
  onProgress: (done: number, of: number) => void,
): Promise<Outcome[]> {
  const signups = await sampleSignups();
  const outcomes: Outcome[] = [];
  for (const [row, signup] of signups.entries()) {
    outcomes.push(await postOne(api, signup, `demo-row-${row}`));
    onProgress(outcomes.length, signups.length);
  }
  return outcomes;
}

async function postOne(
  api: Api,
  signup: Parameters<Api["join"]>[1],
  idempotencyKey: string,
): Promise<Outcome> {
  for (let attempt = 0; ; attempt++) {
    const { status, body } = await api.join(SAMPLE_LIST, signup, { "idempotency-key": idempotencyKey });
    // 503: the log was away for a moment. Under the same key, trying again is not signing up again.
    if (status === 503 && attempt < RETRIES) continue;
    if (status === 202) return { entryId: body.entryId, reason: null };
    const [first] = body.errors ?? [];
    const words = first ? `${first.path.slice(1)}: ${first.message}` : (body.title ?? "");
    return { entryId: null, reason: `${status} ${words}` };
  }
}

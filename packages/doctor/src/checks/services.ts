// The four services: there, ready, and taking our keys.
import { about, type Finding, type Readiness } from "@waitlist/runtime";
import { examineClock } from "./clock.ts";

export interface ServiceSettings {
  STORAGE_URL: string;
  EMAIL_URL: string;
  INVITE_URL: string;
  INTERNAL_TOKEN: string;
}

const ANSWER_WITHIN_MS = 5000;
const ask = (url: URL, authorization?: string) =>
  fetch(url, {
    headers: authorization ? { authorization } : {},
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    redirect: "error",
  });

/** Something behind the token of each, that changes nothing and finds nothing. */
const BEHIND_THE_TOKEN = {
  storage: "/internal/installation",
  email: "/internal/waitlists/doctor/mails",
  invite: "/internal/waitlists/doctor/invite-schedules",
};

/** `adminKey` is tried where it is known. */
export async function checkServices(
  { INTERNAL_TOKEN, ...urls }: ServiceSettings,
  gateway: { url: string; adminKey: string | null },
): Promise<Finding[]> {
  const behind = { storage: urls.STORAGE_URL, email: urls.EMAIL_URL, invite: urls.INVITE_URL };
  const { adminKey } = gateway;
  const key = adminKey === null ? null : { path: "/v1/waitlists/doctor", key: adminKey, of: "The admin key" };
  const all = await Promise.all([
    checkService("gateway", gateway.url, key),
    ...Object.entries(behind).map(([name, url]) => {
      const path = BEHIND_THE_TOKEN[name as keyof typeof behind];
      return checkService(name, url, { path, key: INTERNAL_TOKEN, of: "INTERNAL_TOKEN" });
    }),
  ]);
  return all.flat();
}

async function checkService(
  name: string,
  url: string,
  shown: { path: string; key: string; of: string } | null,
): Promise<Finding[]> {
  const { right, wrong } = about(`Service ${name}`);
  try {
    const asked = Date.now();
    const response = await ask(new URL("/readyz", url));
    const answered = Date.now();
    const readiness = (await response.json()) as Readiness | null;
    if (!readiness?.dependencies) throw new SyntaxError("not a service's readiness");
    const date = Date.parse(response.headers.get("date") ?? "");
    return [
      ...examineReadiness(name, readiness),
      ...(Number.isNaN(date) ? [] : [examineClock(name, { asked, answered, theirs: date, grainMs: 1000 })]),
      ...(shown ? [await checkKey(name, new URL(shown.path, url), shown)] : []),
    ];
  } catch (error) {
    if (error instanceof SyntaxError) {
      return [wrong("what answers there is no service of ours.", "Is its address right?")];
    }
    return [
      wrong("it doesn't answer.", "Is it running, and is its address right? Its log says why it ended."),
    ];
  }

  function examineReadiness(service: string, { status, dependencies }: Readiness): Finding[] {
    const down = Object.entries(dependencies).filter(([, { state }]) => state === "down");
    if (down.length === 0) return [right("it is ready, and reaches all that it depends on.")];
    const names = down.map(([dependency]) => dependency).join(", ");
    const says =
      status === "ready"
        ? `it is ready, but doesn't reach ${names}.`
        : `it isn't ready: it doesn't reach ${names}.`;
    return [wrong(says, `The log of ${service} says why.`)];
  }
}

async function checkKey(name: string, url: URL, { key, of }: { key: string; of: string }): Promise<Finding> {
  const { right, wrong } = about(`${of} at ${name}`);
  const response = await ask(url, `Bearer ${key}`);
  await response.body?.cancel();
  return response.status === 401 || response.status === 403
    ? wrong(
        "it isn't taken: the service was started with another.",
        "Give all services the same, and start them again.",
      )
    : right("it is taken.");
}

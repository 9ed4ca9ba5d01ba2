// Reads the development mailbox (maildev's API).
export interface Mail {
  to: string;
  subject: string;
}

interface MailboxItem {
  subject?: string;
  to?: { address: string }[];
}

/** Every mail that has arrived. */
export async function readMailbox(web: string): Promise<Mail[]> {
  const response = await fetch(new URL("/api/email", web), { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`The mailbox answered ${response.status}.`);
  const items = (await response.json()) as MailboxItem[];
  return items.map(({ subject = "", to = [] }) => ({ subject, to: to[0]?.address ?? "" }));
}

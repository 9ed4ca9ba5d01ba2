import { secretFingerprint } from "@waitlist/contracts";
import { CannotAudit } from "./cannot-audit.ts";
import type { Databases } from "./databases/documents.ts";
import { SERVICES } from "./findings.ts";

/**
 * Makes sure that all three databases were begun with this secret and number of partitions; returns the latter.
 * `asked` is null where the databases' own is taken. Throws `CannotAudit`.
 */
export async function readInstallation(
  databases: Pick<Databases, "installation">,
  { secret, asked }: { secret: string; asked: number | null },
): Promise<number> {
  let partitions = asked;
  for (const service of SERVICES) {
    const found = await databases.installation(service);
    if (!found)
      throw new CannotAudit(`There is nothing in ${service}'s database: the service has never run on it.`);
    if (found.secretFingerprint !== secretFingerprint(secret)) {
      throw new CannotAudit(`${service}'s database was begun with another ENTRY_ID_SECRET.`);
    }
    partitions ??= found.partitions;
    if (found.partitions !== partitions) {
      throw new CannotAudit(
        `${service}'s database was begun with EVENT_PARTITIONS=${found.partitions}, not ${partitions}.`,
      );
    }
  }
  return partitions ?? 0;
}

import type { Installation } from "@waitlist/contracts";
import type { Db } from "mongodb";

/** This database was begun with another secret or number of partitions; going on would split people and lists. */
export class InstallationMismatch extends Error {
  override name = "InstallationMismatch";
}

/** Records what a database was begun with, and refuses to go on with anything else. */
export async function ensureInstallation(db: Db, ours: Installation): Promise<void> {
  const collection = db.collection<Installation & { _id: string }>("installation");
  await collection.updateOne({ _id: "installation" }, { $setOnInsert: ours }, { upsert: true });
  const recorded = await collection.findOne({ _id: "installation" });
  if (recorded?.secretFingerprint !== ours.secretFingerprint) {
    throw new InstallationMismatch(
      "This database was begun with another ENTRY_ID_SECRET: with this one, people would get other ids. Set the former secret. Runbook: docs/runbooks/another-id-secret.md",
    );
  }
  if (recorded.partitions !== ours.partitions) {
    throw new InstallationMismatch(
      `This database was begun with EVENT_PARTITIONS=${recorded.partitions}: with ${ours.partitions}, lists would move to other histories. Runbook: docs/runbooks/added-partitions.md`,
    );
  }
}

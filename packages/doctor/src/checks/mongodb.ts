// Each service's database: there, begun with our secret and partitions, with the indexes that its queries count on.
import { type Installation, secretFingerprint } from "@waitlist/contracts";
import {
  connectMongo,
  type Database,
  type Index,
  type MongoConnection,
  missingIndexes,
} from "@waitlist/roster";
import { about, type Finding } from "@waitlist/runtime";
import { examineClock } from "./clock.ts";

export interface MongoSettings {
  MONGODB_URL: string;
  ENTRY_ID_SECRET: string;
  EVENT_PARTITIONS: number;
}

export async function checkMongodb(
  { MONGODB_URL, ENTRY_ID_SECRET, EVENT_PARTITIONS }: MongoSettings,
  databases: readonly Database[],
): Promise<Finding[]> {
  const ours = { secretFingerprint: secretFingerprint(ENTRY_ID_SECRET), partitions: EVENT_PARTITIONS };
  const { right, wrong } = about("MongoDB");
  const findings: Finding[] = [];
  for (const database of databases) {
    const connection = connectMongo(MONGODB_URL, database.name);
    try {
      if (findings.length === 0) findings.push(await readClock(connection), right("it answers."));
      findings.push(...(await checkDatabase(connection, database, ours)));
    } catch (error) {
      // A driver's message may repeat the address, and so a password.
      const { name } = error as Error;
      return [
        ...findings,
        wrong(`it doesn't answer as it should (${name}).`, "Is it running, and is MONGODB_URL right?"),
      ];
    } finally {
      await connection.close();
    }
  }
  return findings;
}

async function readClock({ db }: MongoConnection): Promise<Finding> {
  await db.command({ ping: 1 });
  const asked = Date.now();
  // By its former name, which every server still knows (https://www.mongodb.com/docs/manual/reference/command/hello/).
  const { localTime } = (await db.command({ isMaster: 1 })) as { localTime?: Date };
  const answered = Date.now();
  if (!localTime) return about("Clock of MongoDB").open("the server doesn't say what time it has.");
  return examineClock("MongoDB", { asked, answered, theirs: localTime.getTime(), grainMs: 1 });
}

async function checkDatabase(
  { db }: MongoConnection,
  database: Database,
  ours: Installation,
): Promise<Finding[]> {
  const { right, wrong } = about(`Database ${database.name}`);
  const recorded = await db.collection<Installation>("installation").findOne();
  if (!recorded) {
    return [wrong("there is nothing in it: its service has never run on it.", "Start the service.")];
  }
  const missing = await missingIndexes(db, database.indexes);
  const findings = [
    ...(recorded.secretFingerprint === ours.secretFingerprint
      ? []
      : [
          wrong(
            "it was begun with another ENTRY_ID_SECRET: its service refuses to start with this one.",
            "Set the former secret. Without it, nobody can be found again.",
          ),
        ]),
    ...(recorded.partitions === ours.partitions
      ? []
      : [
          wrong(
            `it was begun with EVENT_PARTITIONS=${recorded.partitions}, not ${ours.partitions}.`,
            `Set EVENT_PARTITIONS=${recorded.partitions}.`,
          ),
        ]),
    ...missing.map((index) =>
      wrong(
        `${index.collection} has no index over ${nameOf(index)}: some queries read all of it.`,
        "Start the service again: it makes the indexes that are missing.",
      ),
    ),
  ];
  if (findings.length > 0) return findings;
  return [right(`it was begun with these settings, and has its ${database.indexes.length} indexes.`)];
}

const nameOf = ({ keys, sparse }: Index) => `${Object.keys(keys).join(", ")}${sparse ? " (sparse)" : ""}`;

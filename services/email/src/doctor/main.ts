// `pnpm mail:doctor [address…]`: reads the email service's settings, and says what is right and what is wrong with them.
import { ConfigError, tell } from "@waitlist/runtime";
import { diagnose } from "./diagnose.ts";

const USAGE = `Usage: pnpm mail:doctor [address…]

Reads the email service's settings from the environment, as the service itself does, and says what is right and wrong: the
mail server, the DKIM key, and the SPF, DKIM and DMARC records of the From addresses' domains. The addresses are those that
lists name as their senders, beside MAIL_FROM. Ends with 1 where something is wrong.
`;

const addresses = process.argv.slice(2);
if (addresses.some((each) => each === "--help" || each === "-h" || !each.includes("@"))) {
  process.stderr.write(USAGE);
  process.exit(2);
}

try {
  const findings = await diagnose(process.env, addresses);
  process.stdout.write(tell(findings));
  process.exitCode = findings.some(({ state }) => state === "wrong") ? 1 : 0;
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stdout.write(`WRONG  Settings: ${error.message}\n`);
  process.exitCode = 1;
}

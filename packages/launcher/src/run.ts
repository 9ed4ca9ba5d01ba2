// What `start` and `demo` have in common: read the settings, hold the home, end everything whatever happens.
import closeWithGrace from "close-with-grace";
import { lockHome } from "./home-lock.ts";
import { showFailure } from "./screen.ts";
import { type LauncherSettings, readLauncherSettings } from "./settings.ts";
import { type System, startSystem } from "./system.ts";

const STOP_WITHIN_MS = 9500;

export interface Run {
  settings: LauncherSettings;
  /** Starts the system; it ends with the process. */
  start(
    more?: Partial<LauncherSettings> & { env?: NodeJS.ProcessEnv },
    onEvent?: Parameters<typeof startSystem>[0]["onEvent"],
  ): Promise<System>;
  /** Ends everything and exits with this code. */
  exit(code: number): void;
}

/** Runs a command of the launcher. A failure is one sentence and exit code 1. */
export async function run(command: (run: Run) => Promise<void>): Promise<void> {
  let home = ".waitlist";
  let starting: Promise<System> | undefined;
  let release = async () => undefined as unknown;
  let failed = false;
  const grace = closeWithGrace({ delay: STOP_WITHIN_MS, logger: false }, async ({ err }) => {
    if (err) showFailure(err, home);
    // A start under way is let through to its end or its failure: only then is it known what runs.
    await starting?.then(
      (system) => system.stop(),
      () => undefined,
    );
    await release();
    // The library itself would exit with 0.
    if (failed) process.exit(1);
  });
  try {
    const settings = readLauncherSettings(process.argv.slice(2), process.env);
    home = settings.home;
    await command({
      settings,
      start: async (more = {}, onEvent = () => undefined) => {
        const { port, ...chosen } = { env: process.env, ...settings, ...more };
        home = chosen.home;
        release = await lockHome(chosen.home);
        starting = startSystem({ ...chosen, ...(port ? { port } : {}), onEvent });
        return starting;
      },
      exit: (code) => {
        failed = code !== 0;
        grace.close();
      },
    });
  } catch (error) {
    showFailure(error, home);
    failed = true;
    grace.close();
  }
}

import type { Log } from "../client.ts";

/** Reports an outage once at its beginning and once at its end, however many attempts it takes. */
export function createOutageLog(log: Log, where: object) {
  let down = false;
  return {
    report: (error: unknown) => {
      const report = { ...where, err: error };
      if (down) log.debug(report, "the log still can't be written to");
      else log.warn(report, "the log can't be written to; trying again");
      down = true;
    },
    over: () => {
      if (down) log.info(where, "the log can be written to again");
      down = false;
    },
  };
}

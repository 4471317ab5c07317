import { Cron } from "croner";
import { unstable_readConfig } from "wrangler";

/** Wrangler does not fire crons on a laptop, so we do. */
const LOOK_MS = 5_000;
const CALL_MS_MAX = 30_000;
/** A world that starts catches up on the quarter of an hour before: what is fetched is on its way from the first minute. */
const CAUGHT_UP_MS = 15 * 60_000;

/** Fires every cron of the deployment at each Worker when it is due by the world's own clock; returns what ends it. */
export function driveCrons(options: { config: string; urls: readonly string[]; now: () => number }): () => void {
  const { config, urls, now } = options;
  const { triggers } = unstable_readConfig({ config, env: "ls" });
  const crons = (triggers.crons ?? []).map((cron: string) => ({
    cron,
    times: new Cron(cron, { timezone: "UTC", paused: true }),
  }));
  let lookedAt = now() - CAUGHT_UP_MS;
  const timer = setInterval(() => {
    const at = now();
    for (const { cron, times } of crons) {
      const due = times.nextRun(new Date(lookedAt));
      if (due === null || due.getTime() > at) continue;
      for (const url of urls)
        fetch(`${url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`, {
          signal: AbortSignal.timeout(CALL_MS_MAX),
        }).catch(() => undefined);
    }
    lookedAt = at;
  }, LOOK_MS);
  return () => clearInterval(timer);
}

import { LOOKS_PER_RUN_MAX } from "../../src/domain/live-balance.ts";
import { log } from "../../src/ports/log.ts";
import { lookAtWallets } from "../../src/services/look-at-wallets.ts";
import { livePortsOf } from "../live-balances.ts";
import type { Job } from "./job.ts";

/** Looks of one message: other jobs wait behind it. */
const LOOKS_PER_MESSAGE = 40;

/** Every five minutes: wallets of those whose supply may end soon, so that what is shown of them is fresh. */
export const liveBalancesJob: Job = async (env, page) => {
  const left = typeof page === "object" && page !== null && "left" in page ? Number(page.left) : LOOKS_PER_RUN_MAX;
  const max = Math.min(LOOKS_PER_MESSAGE, left);
  const { due, looked, stopped } = await lookAtWallets(livePortsOf(env), max);
  if (due > 0) log.info("live-balances", { due, looked, stopped });
  // What was not had now is due in five minutes still.
  const hasMore = due > looked && looked > 0 && left > looked && Object.keys(stopped).length === 0;
  return hasMore ? { next: { left: left - looked } } : null;
};

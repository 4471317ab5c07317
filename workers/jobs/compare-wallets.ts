import { log } from "../../src/ports/log.ts";
import { compareWallets } from "../../src/services/compare-wallets.ts";
import type { Env } from "../env.ts";
import { comparePortsOf } from "../wallets.ts";
import type { Job } from "./job.ts";

/** Nightly, a page of accounts a message: our balance beside the platform's wallet. A vendor that refuses is asked again in a minute, by the queue. */
export const compareWalletsJob: Job = async (env: Env, page) => {
  const after = typeof page === "object" && page !== null && "after" in page ? String(page.after) : "";
  const { checked, differ, stopped, next } = await compareWallets(comparePortsOf(env), after);
  log.info("compare-wallets", { checked, differ: differ.length, stopped });
  // What is spent for today, or needs a person, is not asked for in vain: tomorrow's run begins anew.
  if (stopped !== null && !/: (busy|unavailable)/.test(stopped)) return null;
  if (stopped !== null && next === after) throw new Error(stopped);
  return next === null ? null : { next: { after: next } };
};

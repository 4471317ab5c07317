import type { SiteMonth } from "../../src/ports/vendor-files.ts";
import { refreshVendorMonth } from "../../src/services/refresh-vendor-month.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, vendorFilesOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Months of one message. */
const MONTHS_MAX = 50;

/** Nightly: an estimated month of which real payments have come since, by whichever road, is estimated no longer. */
export const vendorMonthsJob: Job = async (env: Env, page) => {
  const after = isMonth(page) ? page : null;
  const months = await vendorFilesOf(env).estimatedMonths(after, MONTHS_MAX);
  for (const month of months) await refreshVendorMonth(vendorFilesOf(env), countryOf(env), month, clockOf(env).now());
  const last = months.at(-1);
  return months.length < MONTHS_MAX || last === undefined ? null : { next: last };
};

const isMonth = (page: unknown): page is SiteMonth =>
  typeof page === "object" && page !== null && "site" in page && "month" in page;

import { neonWebhooks } from "../../src/adapters/neon/webhooks.ts";
import { localDay } from "../../src/domain/local-day.ts";
import { clockOf, countryOf, databaseOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Statements and vendors' files bring a day some days after; what comes later still is read with a key. */
export const LATE_DAYS = 31;
const DAY_MS = 24 * 3_600_000;

/** Each night: days of readings that were told, and are other than they were told, are told again, of the accounts that differ. */
export const lateReadingsJob: Job = async (env) => {
  const from = clockOf(env).now() - LATE_DAYS * DAY_MS;
  await neonWebhooks(databaseOf(env)).noteLate(localDay(from, countryOf(env).utcOffsetMinutes));
  return null;
};

import { neonWebhooks } from "../../src/adapters/neon/webhooks.ts";
import { tellLateDays } from "../../src/services/send-webhooks.ts";
import { clockOf, countryOf, databaseOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Each night: days of readings that came late are told, and of those that are other than they were told the accounts that differ. */
export const lateReadingsJob: Job = async (env) => {
  const { utcOffsetMinutes } = countryOf(env);
  await tellLateDays({ webhooks: neonWebhooks(databaseOf(env)), utcOffsetMinutes }, clockOf(env).now());
  return null;
};

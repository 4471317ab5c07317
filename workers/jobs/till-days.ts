import type { Operator } from "../../src/domain/country.ts";
import { dayStart, localDay } from "../../src/domain/local-day.ts";
import { DAYS_MAX } from "../../src/ports/statements.ts";
import { tillsWithStatements } from "../../src/queries/uploads.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import type { Job } from "./job.ts";
import { refreshPeriod } from "./uploads.ts";

/** Nightly: the last hundred days of each till that has statements, one till a message. Money that a person moved since shows in its day. */
export const tillDaysJob: Job = async (env, page) => {
  const after = typeof page === "string" ? page : "";
  const [till] = await tillsWithStatements(readerOf(env), after, 1);
  if (till === undefined) return null;
  const { utcOffsetMinutes } = countryOf(env);
  const now = clockOf(env).now();
  const from = dayStart(localDay(now - (DAYS_MAX - 1) * 86_400_000, utcOffsetMinutes), utcOffsetMinutes);
  await refreshPeriod(env, { tillId: till.tillId, provider: till.provider as Operator }, { from, to: now });
  return { next: `${till.tillId} ${till.provider}` };
};

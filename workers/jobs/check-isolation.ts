import { foreignCaseKey, isolationCases } from "../../src/domain/isolation-cases.ts";
import { foreignRows, isolationCasesKnown } from "../../src/queries/isolation.ts";
import { clockOf, copiesOf, countryOf, readerOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Payments are looked at for so long: a night that was missed is made up for. */
const DAYS = 8;
const DAY_MS = 86_400_000;

/**
 * Nightly: what of another country stands in this one's database is a case each, which closes when it is gone. Whose the
 * database is was asked before.
 */
export const checkIsolation: Job = async (env) => {
  const now = clockOf(env).now();
  const reader = readerOf(env);
  const open = await isolationCasesKnown(reader, []);
  // Payments of an open case are looked for as far back as they were found, or it would close for their age.
  const since = Math.min(now, ...open.map(({ openedAt }) => openedAt)) - DAYS * DAY_MS;
  const found = await foreignRows(reader, countryOf(env), since);
  const known = await isolationCasesKnown(reader, found.map(foreignCaseKey));
  const rows = isolationCases(found, known, now);
  if (rows.length > 0) await copiesOf(env).write(rows.map((row, id) => ({ id, row })));
  return null;
};

import type { OutboxItem } from "../../src/domain/outbox.ts";
import { foreignRows } from "../../src/queries/isolation.ts";
import { clockOf, copiesOf, countryOf, readerOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Payments are looked at for so long: a night that was missed is made up for. */
const DAYS = 8;

/** Nightly: what of another country stands in this one's database is a case each. Whose the database is was asked before. */
export const checkIsolation: Job = async (env) => {
  const now = clockOf(env).now();
  const found = await foreignRows(readerOf(env), countryOf(env), now - DAYS * 86_400_000);
  const cases = found.map(
    ({ what, which, rows }, id): OutboxItem => ({
      id,
      row: {
        kind: "case",
        caseKey: `foreign_row:${what}:${which}`,
        caseKind: "foreign_row",
        subject: `${what}:${which}`,
        detailsJson: JSON.stringify({ what, which, rows }),
        state: "open",
        openedAt: now,
        closedAt: null,
        version: 1,
      },
    }),
  );
  if (cases.length > 0) await copiesOf(env).write(cases);
  return null;
};

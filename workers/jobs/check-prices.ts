import type { OutboxItem } from "../../src/domain/outbox.ts";
import { otherwisePriced } from "../../src/queries/tariff-checks.ts";
import { clockOf, copiesOf, readerOf } from "../ports.ts";
import type { Job } from "./job.ts";

const DAYS = 35;
const CASES_MAX = 1_000;

/** Nightly: a payment that its account priced before it was told of a change is a case, for a person to correct. */
export const checkPrices: Job = async (env) => {
  const now = clockOf(env).now();
  const found = await otherwisePriced(readerOf(env), now - DAYS * 86_400_000, CASES_MAX);
  const cases = found.map(
    ({ entryKey, account, ...seen }, id): OutboxItem => ({
      id,
      row: {
        kind: "case",
        caseKey: `priced_otherwise:${entryKey}`,
        caseKind: "priced_otherwise",
        subject: account,
        detailsJson: JSON.stringify({ entryKey, ...seen }),
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

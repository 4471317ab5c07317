import type { Operator } from "../domain/country.ts";
import type { TillDay } from "../domain/statements/till-day.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** More than a hundred days of all tills of a country. */
const ROWS_MAX = 5_000;

export type StoredTillDay = TillDay & {
  tillId: string;
  provider: Operator;
  day: string;
  covered: boolean;
  state: "open" | "final";
  computedAt: number;
  finalAt: number | null;
};

type Asked = {
  till: string | null;
  from: string;
  to: string;
  state: "open" | "final" | null;
  provider?: Operator;
};

/** Days of tills as they were last added up, newest first. */
export const tillDays = (db: Reader, { till, from, to, state, provider }: Asked): Promise<StoredTillDay[]> =>
  db.read<StoredTillDay>(
    `SELECT till_id AS "tillId", provider, day::text AS day, statement_minor AS "statementMinor", payments_minor AS "paymentsMinor",
        suspense_minor AS "suspenseMinor", treasury_minor AS "treasuryMinor", withdrawn_minor AS "withdrawnMinor",
        reversed_minor AS "reversedMinor", difference_minor AS "differenceMinor", lines, missing, unexplained, covered, state,
        ${ms("computed_at", '"computedAt"')}, ${ms("final_at", '"finalAt"')}
      FROM till_days WHERE day BETWEEN $1::date AND $2::date AND ($3::text = '' OR till_id = $3::text)
        AND ($4::text = '' OR state = $4::text) AND ($5::text = '' OR provider = $5::text)
      ORDER BY day DESC, till_id, provider LIMIT ${ROWS_MAX}`,
    [from, to, till ?? "", state ?? "", provider ?? ""],
  );

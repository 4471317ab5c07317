import type { Country } from "../../domain/country.ts";
import type { TillRestores } from "../../ports/till-restores.ts";
import type { TillFacts } from "../../ports/tills.ts";
import { type Database, orDown } from "./database.ts";

export const neonTillRestores = (db: Database, country: Country): TillRestores => ({
  tillFacts: (tillId) => orDown("restore till", () => tillFacts(db, country, tillId)),
});

async function tillFacts(db: Database, country: Country, tillId: string): Promise<TillFacts | null> {
  const [row] = await db.read<Omit<TillFacts, "utcOffsetMinutes">>(
    `SELECT id AS "tillId", name, currency, senders, facts_version AS version, json_build_object(
      'paymentMinorMax', payment_minor_max, 'accountDayMinorMax', account_day_minor_max,
      'tillDayMinorMax', till_day_minor_max, 'chainBreakMinorMax', chain_break_minor_max) AS caps
    FROM tills WHERE id = $1::text`,
    [tillId],
  );
  return row === undefined ? null : { ...row, utcOffsetMinutes: country.utcOffsetMinutes };
}

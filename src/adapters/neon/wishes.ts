import type { Wishes } from "../../ports/wishes.ts";
import { neonCustomers } from "./customers-write.ts";
import { type Database, orDown } from "./database.ts";
import { OF_PHONE, ofPhone } from "./of-phone.ts";

/** Customers who share one phone. */
const HOLDERS_MAX = 10;
/** Stands in the audit as who chose. */
const ACTOR = "customer by SMS";

/** `later`: a language was chosen since. */
const HOLDERS = `SELECT c.id AS "customerId", c.facts_version AS version, c.language, EXISTS (
    SELECT FROM mutations m WHERE m.subject = 'customer:' || c.id AND m.at >= cc_at($3::bigint)
      AND m.before->>'language' IS DISTINCT FROM m.after->>'language') AS later
  FROM customers c WHERE ${OF_PHONE}
  ORDER BY c.id LIMIT ${HOLDERS_MAX}`;

const CAMPAIGNS = `INSERT INTO sms_opt_outs AS o (phone, source, at, ended_at)
  VALUES ($1::text, 'sms', cc_at($3::bigint), CASE WHEN $2::boolean THEN cc_at($3::bigint) END)
  ON CONFLICT (phone) DO UPDATE SET source = excluded.source, at = excluded.at, ended_at = excluded.ended_at WHERE o.at < excluded.at`;

type Holder = { customerId: number; version: number; language: string | null; later: boolean };

export const neonWishes = (db: Database): Wishes => ({
  speak: (phone, language, receivedAt) =>
    orDown("language of a customer", async () => {
      const holders = await db.read<Holder>(HOLDERS, [...ofPhone(phone), String(receivedAt)]);
      const open = holders.filter((holder) => !holder.later);
      for (const { customerId, version } of open.filter((holder) => holder.language !== language)) {
        const by = { actor: ACTOR, reason: null, at: receivedAt };
        const changed = await neonCustomers(db).update(customerId, version, { language }, by);
        if (!changed.ok) return "down";
      }
      return open.length > 0 ? "kept" : "older";
    }),
  campaigns: (phone, wanted, receivedAt) =>
    orDown("campaigns of a phone", async () => {
      await db.transaction([{ query: CAMPAIGNS, params: [phone, String(wanted), String(receivedAt)] }]);
      return "kept" as const;
    }),
});

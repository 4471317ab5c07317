import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Who last set something, when (UTC ms), why, and what was set before; `before` null: nothing. */
export type LastSaid<Value> = { by: string; at: number; reason: string | null; before: Value | null };

/** The newest act about a subject, as `setting:sms_carrier`. Null: nobody has ever set it. */
export async function lastSaid<Value>(db: Reader, subject: string): Promise<LastSaid<Value> | null> {
  const [said] = await db.read<LastSaid<Value>>(
    `SELECT actor AS by, ${ms("at", "at")}, reason, before FROM mutations WHERE subject = $1::text ORDER BY seq DESC LIMIT 1`,
    [subject],
  );
  return said ?? null;
}

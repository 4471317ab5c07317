import type { Database } from "./database.ts";

export type DeadLetter = { queue: string; messageId: string; bodyJson: string; diedAt: number };

/** Kept once per queue and message id, however often it dies. */
export async function storeDeadLetter(db: Database, letter: DeadLetter): Promise<void> {
  await db.transaction([
    {
      query: `INSERT INTO dead_letters (queue, message_id, body, died_at)
        VALUES ($1, $2, $3::jsonb, to_timestamp($4::float8 / 1000)) ON CONFLICT (queue, message_id) DO NOTHING`,
      params: [letter.queue, letter.messageId, letter.bodyJson, String(letter.diedAt)],
    },
  ]);
}

/**
 * Takes a letter for sending: of two people, or two presses, one gets it. `seen`: who had begun before, as it was read; a
 * letter that somebody began and nobody ended can so be taken knowingly.
 */
export async function takeDeadLetter(db: Database, id: number, seen: string | null, by: string): Promise<boolean> {
  const [rows] = await db.transaction([
    {
      query: `UPDATE dead_letters SET handled_by = $3
        WHERE id = $1::bigint AND handled_at IS NULL AND coalesce(handled_by, '') = $2 RETURNING id`,
      params: [String(id), seen ?? "", by],
    },
  ]);
  return (rows?.length ?? 0) === 1;
}

/** It was sent, or (`null`) it was not and waits as before. */
export async function endDeadLetter(db: Database, id: number, by: string, at: number | null): Promise<void> {
  await db.transaction([
    {
      query: `UPDATE dead_letters SET handled_at = cc_at(nullif($3, '')::bigint), handled_by = CASE WHEN $3 = '' THEN NULL ELSE $4 END
        WHERE id = $1::bigint AND handled_at IS NULL AND handled_by = $2`,
      params: [String(id), by, at === null ? "" : String(at), by.split(" · ")[0] ?? by],
    },
  ]);
}

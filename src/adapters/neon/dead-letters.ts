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

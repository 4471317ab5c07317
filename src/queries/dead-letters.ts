import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Letters on one page. */
export const LETTERS_PAGE_MAX = 100;

export type DeadLetterRow = {
  id: number;
  body: unknown;
  diedAt: number;
  handledAt: number | null;
  /** Who sent it again; without `handledAt`: who began to, and nobody heard of the end. */
  handledBy: string | null;
};

const LETTER = `id, body, ${ms("died_at", '"diedAt"')}, ${ms("handled_at", '"handledAt"')}, handled_by AS "handledBy"`;

/** What queues gave up on, newest first: those that wait, or all. */
export const deadLetters = (db: Reader, order: { all: boolean; before: number | null; limit: number }) =>
  db.read<DeadLetterRow>(
    `SELECT ${LETTER} FROM dead_letters WHERE ($1::boolean OR handled_at IS NULL) AND ($2::text = '' OR id < $2::bigint)
      ORDER BY id DESC LIMIT $3::int`,
    [String(order.all), order.before === null ? "" : String(order.before), String(order.limit)],
  );

export async function deadLetter(db: Reader, id: number): Promise<DeadLetterRow | null> {
  const [found] = await db.read<DeadLetterRow>(`SELECT ${LETTER} FROM dead_letters WHERE id = $1::bigint`, [
    String(id),
  ]);
  return found ?? null;
}

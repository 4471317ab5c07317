import type { Result } from "../../domain/result.ts";
import type { BatchMode, Registrations } from "../../ports/registrations.ts";
import type { RegistryRefusal } from "../../ports/registry.ts";
import { byColumn } from "./customers-fields.ts";
import type { Database, Statement } from "./database.ts";
import {
  ADD_ROWS,
  BEGIN_BATCH,
  COMMIT_BATCH,
  FIND_TWINS,
  FINISH_BATCH,
  GIVE_BACK,
  TOUCH,
  UNDO_BATCH,
} from "./registrations-batch.ts";
import { REGISTER_ROWS } from "./registrations-register.ts";
import { TOLD_ROWS, UNDO_ROWS } from "./registrations-undo.ts";
import { change, told } from "./registry-write.ts";

/** Rows whose likely twins are looked for in one statement. */
const TWINS_PAGE = 500;

/** Rows after one, up to another. */
type RowRange = { after: number; to: number };
const WHOLE: RowRange = { after: 0, to: 2_147_483_647 };

const MADE = `SELECT r.row_number AS row, a.account_number AS account, r.customer_id AS "customerId"
  FROM registration_rows r JOIN accounts a ON a.id = r.account_id`;

export const neonRegistrations = (db: Database): Registrations => ({
  async begin({ columns, ...batch }, by) {
    const begun = await change(db, { ...batch, columns, actor: by.actor, at: by.at }, by, BEGIN_BATCH);
    if (!begun.ok) return begun;
    const [row] = await db.read<{ batchId: number }>(
      `SELECT id AS "batchId" FROM registration_batches WHERE batch_key = $1::text
        OR (content_hash = $2::text AND state <> 'undone') ORDER BY batch_key = $1::text DESC, id DESC LIMIT 1`,
      [batch.key, batch.contentHash],
    );
    if (row === undefined) throw new Error("a batch that was begun is not there");
    return { ok: true, value: row };
  },

  async addRows(batchId, rows) {
    const input = rows.map(({ row, typed, faults, customer, site, openedAt, readyboard }) => ({
      row,
      typed,
      faults,
      // Beside the customer's columns: those who read the row as a customer do not see it.
      fields: customer === null ? null : { ...byColumn(customer), ...(readyboard ? { readyboard } : {}) },
      site,
      openedAt,
    }));
    await db.transaction([{ query: ADD_ROWS, params: [String(batchId), JSON.stringify(input)] }]);
  },

  async check(batchId) {
    await findTwins(db, batchId, WHOLE);
    await db.transaction([
      {
        query: "UPDATE registration_batches SET state = 'checked' WHERE id = $1::bigint AND state = 'reading'",
        params: [String(batchId)],
      },
    ]);
  },

  commit: (batchId, how, by) => change(db, { batchId, ...how, at: by.at }, by, COMMIT_BATCH),

  async registerRows(batchId, after, limit, at) {
    const [batch] = await db.read<Ordered & { mode: BatchMode; last: number | null; isMore: boolean }>(
      `SELECT b.committed_by AS actor, ${REQUEST("commit")}, b.mode, w.last, w.count = $3::int AS "isMore" FROM registration_batches b
        CROSS JOIN LATERAL (SELECT max(p.row_number) AS last, count(*) FROM (SELECT r.row_number FROM registration_rows r
          WHERE r.batch_id = b.id AND r.state = 'waiting' AND r.row_number > $2::int
          ORDER BY r.row_number LIMIT $3::int) AS p) AS w
        WHERE b.id = $1::bigint AND b.state = 'committing'`,
      [String(batchId), String(after), String(limit)],
    );
    if (batch === undefined || batch.last === null) return { ok: true, value: { next: null } };
    const range = batch.mode === "all" ? WHOLE : { after, to: batch.last };
    await findTwins(db, batchId, range);
    const by = { actor: batch.actor, reason: `registration ${batchId}`, at, requestId: batch.requestId };
    const registered = await change(db, { batchId, ...range }, by, REGISTER_ROWS);
    if (!registered.ok) return registered;
    return { ok: true, value: { next: batch.mode === "good" && batch.isMore ? batch.last : null } };
  },

  giveBack: (batchId, because, at) => run(db, { query: GIVE_BACK, params: [String(batchId), because, String(at)] }),

  rowsIn: (batchId, state, limit) =>
    db.read(`${MADE} WHERE r.batch_id = $1::bigint AND r.state = $2::text ORDER BY r.row_number LIMIT $3::int`, [
      String(batchId),
      state,
      String(limit),
    ]),

  rowsToUndo: (batchId, afterRow, limit) =>
    db.read(
      `${MADE} WHERE r.batch_id = $1::bigint AND r.state IN ('registered', 'told', 'kept') AND r.row_number > $2::int
        ORDER BY r.row_number LIMIT $3::int`,
      [String(batchId), String(afterRow), String(limit)],
    ),

  async told(batchId, rows, used, at) {
    const params = [String(batchId), JSON.stringify(rows), JSON.stringify(used)];
    await db.transaction([
      { query: TOLD_ROWS, params },
      { query: TOUCH, params: [String(batchId), String(at)] },
    ]);
  },

  undo: (batchId, by) => change(db, { batchId, at: by.at }, by, UNDO_BATCH),

  async undoRows(batchId, rows, used, at) {
    const [batch] = await db.read<Ordered & { reason: string }>(
      `SELECT b.undone_by AS actor, ${REQUEST("undo")}, b.undo_reason AS reason FROM registration_batches b
        WHERE b.id = $1::bigint AND b.state = 'undoing'`,
      [String(batchId)],
    );
    if (batch === undefined) return { ok: true, value: { version: 0 } };
    return change(db, { batchId, rows, used }, { ...batch, at }, UNDO_ROWS);
  },

  finish: (batchId, at) => run(db, { query: FINISH_BATCH, params: [String(batchId), String(at)] }),
});

/** Who ordered what is done in the background, and by which request: the act of `b` that its rows follow. */
type Ordered = { actor: string; requestId: string };
const REQUEST = (verb: "commit" | "undo") => `coalesce((SELECT m.request_id FROM mutations m
  WHERE m.subject = 'registration:' || b.id AND m.action = 'registration.${verb}' ORDER BY m.seq DESC LIMIT 1), '') AS "requestId"`;

const run = async (db: Database, statement: Statement): Promise<void> => {
  await db.transaction([statement]);
};

/** In pages: each may look into very many customers, and has to end in time. */
async function findTwins(db: Database, batchId: number, range: RowRange): Promise<void> {
  for (let after: number | null = range.after; after !== null; ) {
    const params: string[] = [String(batchId), String(after), String(TWINS_PAGE), String(range.to)];
    const answer: Result<number | null, RegistryRefusal> = await told<{ last: number | null }, number | null>(
      () => db.transaction([{ query: FIND_TWINS, params }]),
      ({ last }) => last,
    );
    if (!answer.ok) throw new Error(`twins were not looked for: ${answer.error.detail}`);
    after = answer.value;
  }
}

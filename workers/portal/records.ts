import { type Context, Hono } from "hono";
import { neonRecords } from "../../src/adapters/neon/record-write.ts";
import type { PlainTable, RecordRefusal } from "../../src/ports/records.ts";
import { tableNamed } from "../../src/queries/tables/list.ts";
import { type Acting, allow } from "../allow.ts";
import { limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { configureAccounts } from "../jobs/refresh-accounts.ts";
import { countryOf, databaseOf } from "../ports.ts";
import { isPlain, readChange, readErase, readNew } from "./records-body.ts";
import { badQuestion, mayRead, noTable } from "./tables.ts";

type C = Context<{ Bindings: Env; Variables: Acting }>;

const REFUSED = {
  exists: [409, "a row of this name is there already"],
  unknown: [404, "no such row"],
  refused: [422, "the records do not allow this"],
  changed: [409, "somebody changed this row since you read it; read it again"],
  in_use: [409, "others name this row; take those away first"],
} as const satisfies Record<RecordRefusal["kind"], readonly [404 | 409 | 422, string]>;

/** Rows of plain tables, made, changed and erased. Everything else has its own road, with its own rules. */
export const records = new Hono<{ Bindings: Env; Variables: Acting }>()
  .post("/:table", allow("tables.write"), limited, saysJson, async (c) => {
    const table = plainOf(c);
    if (table instanceof Response) return table;
    const read = readNew(table, await bodyOf(c), countryOf(c.env));
    if (!read.ok) return badQuestion(c, read.faults);
    const { name, fields } = read.value;
    const made = await neonRecords(databaseOf(c.env)).create(table, name, fields, changeOf(c));
    return made.ok ? c.json({ table, name, version: made.value.version }, 201) : refuse(c, made.error);
  })
  .patch("/:table/:name", allow("tables.write"), limited, saysJson, async (c) => {
    const table = plainOf(c);
    if (table instanceof Response) return table;
    const read = readChange(table, await bodyOf(c));
    if (!read.ok) return badQuestion(c, read.faults);
    const log = neonRecords(databaseOf(c.env));
    const name = c.req.param("name");
    const { set, seen, reason } = read.value;
    const changed = await log.update(table, name, set, seen, changeOf(c, reason));
    if (!changed.ok) return refuse(c, changed.error);
    await configureAccounts(c.env, await log.touched(table, name));
    return c.json({ table, name, version: changed.value.version });
  })
  .delete("/:table/:name", allow("tables.erase"), limited, saysJson, async (c) => {
    const table = plainOf(c);
    if (table instanceof Response) return table;
    const read = readErase(table, await bodyOf(c));
    if (!read.ok) return badQuestion(c, read.faults);
    const name = c.req.param("name");
    const { seen, reason } = read.value;
    const erased = await neonRecords(databaseOf(c.env)).erase(table, name, seen, changeOf(c, reason));
    return erased.ok ? c.json({ table, name, version: erased.value.version }) : refuse(c, erased.error);
  });

function plainOf(c: C): PlainTable | Response {
  const name = c.req.param("table") ?? "";
  const table = tableNamed(name);
  if (table === null || !mayRead(c, table)) return noTable(c);
  return isPlain(name)
    ? name
    : fail(
        c,
        405,
        "not_plain",
        `${name} is not written row by row: its truth is elsewhere, or it has a road of its own`,
        {
          writer: table.writer,
        },
      );
}

const bodyOf = (c: C): Promise<unknown> => c.req.json().catch(() => null);

function refuse(c: C, refusal: RecordRefusal) {
  const [status, message] = REFUSED[refusal.kind];
  return fail(c, status, refusal.kind, message, "detail" in refusal ? refusal.detail : null);
}

import { type Context, Hono } from "hono";
import { z } from "zod";
import { neonAudit } from "../../src/adapters/neon/revert.ts";
import { may } from "../../src/domain/permission.ts";
import { exportOrder } from "../../src/queries/audit.ts";
import { readQuestion } from "../../src/queries/tables/ask.ts";
import { tableNamed } from "../../src/queries/tables/list.ts";
import type { BrowsedTable } from "../../src/queries/tables/shape.ts";
import { type Acting, allow, anyone } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { exportStream } from "../exports/stream.ts";
import { CONTENT_TYPE, writerOf } from "../exports/writers.ts";
import { clockOf, countryOf, databaseOf, readerOf } from "../ports.ts";
import { signInPortsOf } from "../session.ts";
import { linkToken, openLink } from "../signed-link.ts";
import { badQuestion, mayRead, noTable, question } from "./tables.ts";

/** Long enough to begin; a download that has begun goes on. */
const LINK_MS = 5 * 60_000;

const ExportBody = z.strictObject({ table: z.string().max(63), format: z.enum(["csv", "xlsx"]), ...question });

/**
 * A table as a file. Who asks is let in and written down; the file itself is fetched by a link that was signed for this one
 * order and expires, so that a browser can take it without a credential in its address.
 */
export const exports_ = new Hono<{ Bindings: Env; Variables: Acting }>().post(
  "/",
  allow("exports.make"),
  limited,
  saysJson,
  json(ExportBody),
  async (c) => {
    const { table: name, format, filter: filters, q } = c.req.valid("json");
    const table = tableNamed(name);
    if (table === null || !mayRead(c, table)) return noTable(c);
    const asked = readQuestion(table, { filters, search: q ?? null, sort: null, order: "asc" });
    if (!asked.ok) return badQuestion(c, asked.error);
    const id = crypto.randomUUID();
    const order = { table: name, format, filters, search: q ?? null };
    await neonAudit(databaseOf(c.env)).record(
      { action: "export.make", subject: `export:${id}`, after: order },
      changeOf(c),
    );
    const expiresAt = clockOf(c.env).now() + LINK_MS;
    const token = linkToken(c.env, { purpose: "export", subject: id, expiresAt });
    return c.json({ url: `/api/exports/${token}`, expiresAt: new Date(expiresAt).toISOString(), ...order }, 201);
  },
);

/** The file behind a link. Mounted for everybody: the link is the credential. */
export const exportFiles = new Hono<{ Bindings: Env }>().get(
  "/:token",
  anyone("the link was signed for one export, expires in minutes, and ends with whoever asked for it"),
  async (c) => {
    const opened = openLink(c.env, "export", c.req.param("token"), clockOf(c.env).now());
    if (!opened.ok)
      return opened.error.kind === "expired"
        ? fail(c, 410, "expired", "this link has expired; ask for the export again")
        : notThere(c);
    const order = await exportOrder(readerOf(c.env), opened.value.subject);
    const table = order === null ? null : tableNamed(order.table);
    if (order === null || table === null || !(await mayStill(c.env, order.actor, table))) return notThere(c);
    const asked = readQuestion(table, { ...order, sort: null, order: "asc" });
    if (!asked.ok) return notThere(c);
    const country = countryOf(c.env);
    const day = new Date(clockOf(c.env).now() + country.utcOffsetMinutes * 60_000).toISOString().slice(0, 10);
    const name = `${country.code}-${table.name}-${day}.${order.format}`.toLowerCase();
    return new Response(exportStream(readerOf(c.env), table, asked.value, writerOf(order.format, table, country)), {
      headers: {
        "Content-Type": CONTENT_TYPE[order.format],
        "Content-Disposition": `attachment; filename="${name}"`,
        "Cache-Control": "no-store",
      },
    });
  },
);

const BY_STAFF = /^staff:(\d{1,15}) /;

/** Whoever asked may have left since, or lost the right to this table. An order by the operator's key is nobody's in particular. */
async function mayStill(env: Env, actor: string, { permission }: BrowsedTable): Promise<boolean> {
  const staffId = BY_STAFF.exec(actor)?.[1];
  if (staffId === undefined) return true;
  const ports = signInPortsOf(env);
  const person = await ports.staff.byId(Number(staffId));
  if (person === null || !person.active || !person.countries.includes(ports.country)) return false;
  return may(person.roles, "exports.make") && may(person.roles, permission);
}

const notThere = (c: Context) => fail(c, 404, "unknown", "no such export");

import { type Context, Hono } from "hono";
import type { Permission } from "../../src/domain/permission.ts";
import { FILE_BYTES_MAX } from "../../src/domain/registration/cell.ts";
import type { UploadKind } from "../../src/ports/uploads.ts";
import { uploads as listUploads, upload, uploadRows } from "../../src/queries/uploads.ts";
import { type Acting, allow } from "../allow.ts";
import { limitedTo, query } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { readerOf } from "../ports.ts";
import { takeFile, tryFile } from "../take-file.ts";
import { idOf } from "./acts.ts";
import { badFields, type C, refuse } from "./refusals.ts";
import { UploadQuery, UploadRowsQuery, UploadsQuery } from "./uploads-body.ts";

/** Rows with something to say that the answer to an upload shows at once. */
const PROBLEMS_SHOWN = 100;
const VALUE_CHARS_SHOWN = 200;

/** Readings say what customers used: whoever may ask for them may bring them, and nobody by a right to money. */
const READINGS: readonly string[] = ["daily_readings", "monthly_readings"] satisfies UploadKind[];
const neededFor = (c: Context): Permission =>
  READINGS.includes(c.req.query("kind") ?? "") ? "meters.write" : "money.write";

/** Files of operators and vendors: looked at row by row, kept, taken in the background. */
export const uploads = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("money.read"), query(UploadsQuery), async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const found = await listUploads(readerOf(c.env), cursor ?? null, limit);
    return c.json({ uploads: found, next: found.length === limit ? (found.at(-1)?.uploadId ?? null) : null });
  })
  .post("/", allow("money.write", neededFor), limitedTo(FILE_BYTES_MAX), query(UploadQuery), async (c) => {
    const { dry, name, kind, till, site, month, day, from, to } = c.req.valid("query");
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const days = from === undefined || to === undefined ? null : { from, to };
    const of = { kind, tillId: till ?? null, site: site ?? null, month: month ?? null, day: day ?? null, days };
    if (dry === "1") {
      const tried = await tryFile(c.env, bytes, of);
      return tried.ok ? c.json(tried.value) : refused(c, tried.error);
    }
    const taken = await takeFile(c.env, bytes, name ?? null, of, changeOf(c));
    if (!taken.ok) return refused(c, taken.error);
    return answer(c, taken.value.uploadId, 202);
  })
  .get("/:id{[0-9]+}", allow("money.read"), (c) => answer(c, idOf(c), 200))
  .get("/:id{[0-9]+}/rows", allow("money.read"), query(UploadRowsQuery), async (c) => {
    const { limit, cursor, show } = c.req.valid("query");
    if ((await upload(readerOf(c.env), idOf(c))) === null) return nothing(c);
    const rows = await uploadRows(readerOf(c.env), idOf(c), { show, after: cursor, limit });
    return c.json({ rows, next: rows.length === limit ? (rows.at(-1)?.row ?? null) : null });
  });

type Refusal = Exclude<Awaited<ReturnType<typeof takeFile>>, { ok: true }>["error"];
const refused = (c: C, error: Refusal) =>
  error.kind === "bad_file"
    ? badFields(c, error.faults.map(withoutLong))
    : refuse(c, error.kind === "busy" ? { ...error, kind: "refused" } : error);

const nothing = (c: C) => fail(c, 404, "unknown", "no such upload here");

async function answer(c: C, uploadId: number, status: 200 | 202) {
  const found = await upload(readerOf(c.env), uploadId);
  if (found === null) return nothing(c);
  const shown = { show: "problems", after: 0, limit: PROBLEMS_SHOWN } as const;
  return c.json({ upload: found, problems: await uploadRows(readerOf(c.env), uploadId, shown) }, status);
}

const withoutLong = <T extends { value: unknown }>(fault: T): T =>
  typeof fault.value === "string" ? { ...fault, value: fault.value.slice(0, VALUE_CHARS_SHOWN) } : fault;

import { Hono } from "hono";
import { z } from "zod";
import { neonLegacyBooks } from "../../src/adapters/neon/legacy-books.ts";
import { claimLegacy, LEGACY_ROWS_MAX } from "../../src/services/claim-legacy.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { countryOf, databaseOf, gatheredReceiptsOf } from "../ports.ts";

/** Rows of one file. */
const TOTAL_MAX = 10_000_000;
const COLUMNS_MAX = 60;
const CELL_CHARS_MAX = 500;

const job = z.string().regex(/^[0-9a-f]{16,64}$/, "the file's hash, in hex");
const cell = z.string().max(CELL_CHARS_MAX).refine(isStorable, "text without U+0000 and lone surrogates").nullable();
const PageBody = z.object({
  job,
  source: z.string().trim().max(80).refine(isStorable).default(""),
  /** Place of the first row in the file, from 0. */
  from: z.number().int().nonnegative().max(TOTAL_MAX),
  total: z.number().int().nonnegative().max(TOTAL_MAX),
  rows: z
    .array(
      z
        .record(z.string().max(80), cell)
        .refine((row) => Object.keys(row).length <= COLUMNS_MAX, `at most ${COLUMNS_MAX} columns`),
    )
    .max(LEGACY_ROWS_MAX),
  write: z.boolean().default(false),
});

/** The move-in of the old books, a page a call; a file's hash names the job, so that it goes on where it was. */
export const opsLegacy = new Hono<{ Bindings: Env; Variables: { actor: string } }>()
  .get("/legacy/claim/:job", async (c) => {
    const progress = await neonLegacyBooks(databaseOf(c.env)).progress(c.req.param("job"));
    return c.json(progress ?? { rows: 0, total: 0, done: false });
  })
  .post("/legacy/claim", actor, limited, saysJson, json(PageBody), async (c) => {
    const page = c.req.valid("json");
    const books = neonLegacyBooks(databaseOf(c.env));
    const by = changeOf(c);
    const ports = { country: countryOf(c.env), receipts: gatheredReceiptsOf(c.env), books };
    const done = await claimLegacy(ports, page, by);
    if (!done.ok) return fail(c, 503, "not_ready", "not all receipts answered yet; send the same again");
    const to = page.from + page.rows.length;
    const progress = page.write ? await books.advance(page.job, page.from, to, page.total, by.at) : null;
    return c.json({ written: page.write, ...done.value, progress });
  });

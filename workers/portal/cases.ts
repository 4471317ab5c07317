import { Hono } from "hono";
import { z } from "zod";
import { CASES_PAGE_MAX, listCases, openCaseKinds } from "../../src/queries/cases.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, readerOf } from "../ports.ts";
import { line } from "./fields.ts";

const CasesQuery = z.object({
  state: z.enum(["open", "closed"]).optional(),
  kind: z
    .string()
    .regex(/^[a-z_]{1,40}$/, "a kind of case")
    .optional(),
  q: line(200).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}:.{1,400}$/, "the `next` of the page before")
    .optional(),
});

/** What a person has to look at, of all kinds. Each is closed where it is put right: its own page or command. */
export const cases = new Hono<{ Bindings: Env; Variables: Acting }>().get(
  "/",
  allow("money.read"),
  query(CasesQuery),
  async (c) => {
    const { state, kind, q, cursor } = c.req.valid("query");
    const at = cursor?.indexOf(":") ?? 0;
    const before =
      cursor === undefined ? null : { openedAt: Number(cursor.slice(0, at)), caseKey: cursor.slice(at + 1) };
    const db = readerOf(c.env);
    const [rows, kinds] = await Promise.all([
      listCases(db, { state: state ?? null, kind: kind ?? null, text: q ?? null }, before, CASES_PAGE_MAX),
      openCaseKinds(db),
    ]);
    const last = rows.length === CASES_PAGE_MAX ? rows.at(-1) : undefined;
    return c.json({
      asOf: clockOf(c.env).now(),
      cases: rows,
      kinds,
      next: last === undefined ? null : `${last.openedAt}:${last.caseKey}`,
    });
  },
);

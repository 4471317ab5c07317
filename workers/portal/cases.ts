import { Hono } from "hono";
import { z } from "zod";
import { closeCase, reopenCase } from "../../src/adapters/neon/cases.ts";
import { isClosedByHand } from "../../src/domain/case-rules.ts";
import { CASES_PAGE_MAX, listCases, openCaseKinds } from "../../src/queries/cases.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { line, reason } from "./fields.ts";
import { refuse } from "./refusals.ts";

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

type CaseState = "open" | "closed";
/** A key has colons and names in it: it goes into the body. */
const CaseBody = z.object({ caseKey: line(400), reason });

/** What a person has to look at, of all kinds. Most are closed where they are put right; the others here, with a reason. */
export const cases = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("money.read"), query(CasesQuery), async (c) => {
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
      cases: rows.map((row) => ({ ...row, isByHand: isClosedByHand(row.caseKind) })),
      kinds,
      next: last === undefined ? null : `${last.openedAt}:${last.caseKey}`,
    });
  })
  .post("/close", allow("money.write"), limited, saysJson, json(CaseBody), async (c) => {
    const { caseKey, reason: why } = c.req.valid("json");
    const closed = await closeCase(databaseOf(c.env), caseKey, changeOf(c, why));
    return closed.ok ? c.json({ caseKey, state: "closed" as CaseState }) : refuse(c, closed.error);
  })
  .post("/reopen", allow("money.write"), limited, saysJson, json(CaseBody), async (c) => {
    const { caseKey, reason: why } = c.req.valid("json");
    const reopened = await reopenCase(databaseOf(c.env), caseKey, changeOf(c, why));
    return reopened.ok ? c.json({ caseKey, state: "open" as CaseState }) : refuse(c, reopened.error);
  });

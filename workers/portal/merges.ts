import { Hono } from "hono";
import { z } from "zod";
import type { Registered } from "../../src/ports/registry.ts";
import {
  type CustomerMerge,
  customerMerge,
  customerMerges,
  MERGE_STATES,
  MERGES_PAGE_MAX,
  mergeOfPair,
} from "../../src/queries/customer-merges.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { configureAccounts } from "../jobs/refresh-accounts.ts";
import { mergesOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { idOf } from "./acts.ts";
import { reason } from "./fields.ts";
import { badFields, type C, refuse } from "./refusals.ts";

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const ListQuery = z.object({
  state: z.enum(MERGE_STATES).default("proposed"),
  limit: queryNumber(1, MERGES_PAGE_MAX).default(MERGES_PAGE_MAX),
  cursor: queryNumber(0, Number.MAX_SAFE_INTEGER).default(0),
});
const ProposeBody = z.strictObject({ one: id, other: id, reason });
const DecideBody = z.strictObject({ reason });
const AcceptBody = z.strictObject({ keep: id, reason });

/** Likely twins as proposals: two people, or one, and back again. Money stays where it is; accounts change their holder. */
export const merges = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("customers.read"), query(ListQuery), async (c) => {
    const { state, limit, cursor } = c.req.valid("query");
    const found = await customerMerges(readerOf(c.env), { state, after: cursor, limit });
    return c.json({ merges: found, next: found.length === limit ? (found.at(-1)?.mergeId ?? null) : null });
  })
  .post("/", allow("customers.write"), limited, saysJson, json(ProposeBody), async (c) => {
    const { one, other, reason: why } = c.req.valid("json");
    if (one === other) return badFields(c, [{ field: "other", value: other, expected: "another customer" }]);
    const proposed = await mergesOf(c.env).propose(one, other, changeOf(c, why));
    if (!proposed.ok) return refuse(c, proposed.error);
    const merge = await mergeOfPair(readerOf(c.env), one, other);
    return merge === null ? nothing(c) : c.json({ merge }, 201);
  })
  .get("/:id{[0-9]+}", allow("customers.read"), async (c) => {
    const merge = await customerMerge(readerOf(c.env), idOf(c));
    return merge === null ? nothing(c) : c.json({ merge });
  })
  .post("/:id{[0-9]+}/dismiss", allow("customers.write"), limited, saysJson, json(DecideBody), async (c) =>
    answer(c, await mergesOf(c.env).dismiss(idOf(c), changeOf(c, c.req.valid("json").reason))),
  )
  .post("/:id{[0-9]+}/accept", allow("customers.write"), limited, saysJson, json(AcceptBody), async (c) => {
    const { keep, reason: why } = c.req.valid("json");
    return answer(c, await mergesOf(c.env).accept(idOf(c), keep, changeOf(c, why)));
  })
  .post("/:id{[0-9]+}/undo", allow("customers.write"), limited, saysJson, json(DecideBody), async (c) =>
    answer(c, await mergesOf(c.env).undo(idOf(c), changeOf(c, c.req.valid("json").reason))),
  );

const nothing = (c: C) => fail(c, 404, "unknown", "no such proposal here");

/** The objects of all accounts of both are told whose they are now. If that fails, sending the same again ends it well. */
async function answer(c: C, decided: Registered) {
  if (!decided.ok) return decided.error.detail.startsWith("merge ") ? nothing(c) : refuse(c, decided.error);
  const merge = await customerMerge(readerOf(c.env), idOf(c));
  if (merge === null) return nothing(c);
  await configureAccounts(c.env, accountsOf(merge));
  return c.json({ merge });
}

const accountsOf = ({ one, other }: CustomerMerge) => [...one.accounts, ...other.accounts];

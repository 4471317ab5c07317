import { Hono } from "hono";
import type { z } from "zod";
import { canonicalAccount } from "../../src/domain/account.ts";
import { decideEvent, progressOf, type Refusal } from "../../src/domain/commissioning.ts";
import { RULES, STEPS } from "../../src/domain/commissioning-rules.ts";
import { sayRefusal } from "../../src/domain/commissioning-words.ts";
import { localDay } from "../../src/domain/local-day.ts";
import type { CommissioningFacts } from "../../src/ports/commissioning.ts";
import { accountsAtStage, commissioningFunnel } from "../../src/queries/commissioning.ts";
import {
  type BatchMode,
  recordCommissioning,
  type Said,
  type SaidResult,
  stepsByBooks,
} from "../../src/services/record-commissioning.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { configureAccounts } from "../jobs/refresh-accounts.ts";
import { clockOf, commissioningsOf, countryOf, readerOf } from "../ports.ts";
import { BulkBody, BulkRow, DecommissionBody, EventBody, FunnelQuery } from "./commissioning-body.ts";
import { type C, refuse } from "./refusals.ts";

type Vars = { Bindings: Env; Variables: Acting };

const REFUSED = {
  not_by_hand: 422,
  bad_day: 400,
  in_future: 400,
  needs: 409,
  needs_meter: 409,
  out_of_order: 409,
  other_day: 409,
  not_reached: 409,
  needed_by: 409,
  terminated: 409,
} as const satisfies Record<Refusal["kind"], number>;

/** How far accounts are on their way to light: counted by stage and site, and many said of at once. */
export const commissioning = new Hono<Vars>()
  .get("/", allow("customers.read"), query(FunnelQuery), async (c) => {
    const { site, stage, limit, cursor } = c.req.valid("query");
    const country = countryOf(c.env);
    if (site !== undefined && !country.siteCodes.includes(site))
      return fail(c, 400, "bad_field", "check site", [
        { field: "site", value: site, expected: `a site of ${country.name}` },
      ]);
    const sites = await commissioningFunnel(readerOf(c.env), site ?? null);
    const asked = { site: site ?? null, after: cursor ?? "", limit };
    // Null: nobody asked who they are.
    const accounts = stage === undefined ? null : await accountsAtStage(readerOf(c.env), { ...asked, stage });
    const next = accounts?.length === limit ? (accounts.at(-1)?.account ?? null) : null;
    return c.json({ steps: STEPS, rules: RULES, sites, accounts, next });
  })
  .post("/bulk", allow("commissioning.write"), limited, saysJson, json(BulkBody), async (c) => {
    const { rows, mode } = c.req.valid("json");
    const today = todayOf(c);
    const read = rows.map((row) => BulkRow.safeParse(row));
    const bad = read.flatMap((row, index) =>
      row.success
        ? []
        : [
            {
              row: index,
              status: "refused" as const,
              because: { kind: "bad_field" as const, fields: faultsOf(row.error) },
            },
          ],
    );
    const good = read.flatMap((row, index) =>
      row.success ? [{ index, said: saidOf(row.data, row.data.account, today) }] : [],
    );
    // One bad row is enough for nothing to be written, whatever the others are.
    const how = mode === "all" && bad.length > 0 ? "none" : mode;
    const recorded = await recordAll(
      c,
      good.map(({ said }) => said),
      how,
    );
    if (recorded instanceof Response) return recorded;
    const results = [
      ...bad,
      ...recorded.results.map((result, n) => ({ row: good[n]?.index ?? n, ...shownResult(result) })),
    ].toSorted((one, other) => one.row - other.row);
    const refused = results.filter(({ status }) => status === "refused").length;
    if (mode === "all" && refused > 0)
      return fail(c, 409, "refused", `${refused} of ${rows.length} rows are refused, so nothing was written`, results);
    return c.json({ written: recorded.written, refused, results });
  });

/** What an account went through, and what a person says of it. */
export const accountCommissioning = new Hono<Vars>()
  .get("/:account/commissioning", allow("customers.read"), (c) => answer(c, accountOf(c)))
  .post("/:account/commissioning", allow("commissioning.write"), limited, saysJson, json(EventBody), async (c) => {
    const account = accountOf(c);
    return account === null ? nobody(c) : recordOne(c, saidOf(c.req.valid("json"), account, todayOf(c)));
  })
  .post(
    "/:account/decommission",
    allow("commissioning.write"),
    limited,
    saysJson,
    json(DecommissionBody),
    async (c) => {
      const { on, reason } = c.req.valid("json");
      const account = accountOf(c);
      const [facts] = account === null ? [] : await commissioningsOf(c.env).facts([account]);
      if (account === null || facts === undefined) return nobody(c);
      const { isConnected, isTerminated } = progressOf(facts.events);
      if (!isConnected && !isTerminated)
        return fail(c, 409, "not_commissioned", "this account was never connected: terminate it instead");
      return recordOne(c, { account, ask: { act: "record", step: "terminated", day: on ?? todayOf(c) }, reason });
    },
  );

async function recordOne(c: C, said: Said) {
  const recorded = await recordAll(c, [said], "all");
  if (recorded instanceof Response) return recorded;
  const [result] = recorded.results;
  if (result?.status === "refused") {
    const { because } = result;
    if (because.kind === "unknown_account") return nobody(c);
    return fail(c, REFUSED[because.kind], because.kind, sayRefusal(because), because);
  }
  return answer(c, said.account, result?.status === "created" ? 201 : 200);
}

/** Written, then told to the accounts' objects; if telling fails the answer is a 503, and the same again ends it well. */
async function recordAll(c: C, said: Said[], mode: BatchMode) {
  const ports = { country: countryOf(c.env), commissionings: commissioningsOf(c.env) };
  const recorded = await recordCommissioning(ports, said, mode, changeOf(c));
  if (!recorded.ok)
    return recorded.error.kind === "busy"
      ? fail(c, 409, "stale", "somebody writes about the same accounts; send the same again")
      : refuse(c, recorded.error);
  // Light and its end are the object's business; it is told also of what had been written when it could not be told.
  const told = recorded.value.results.filter(
    ({ step, status }) =>
      (step === "terminated" || step === "commissioned") && (status === "created" || status === "exists"),
  );
  await configureAccounts(c.env, [...new Set(told.map(({ account }) => account))]);
  return recorded.value;
}

async function answer(c: C, account: string | null, status: 200 | 201 = 200) {
  const [facts] = account === null ? [] : await commissioningsOf(c.env).facts([account]);
  return facts === undefined ? nobody(c) : c.json(shownProgress(facts, todayOf(c)), status);
}

/** Flags and dates of one account, what could be said of it today, and every event. */
function shownProgress({ account, site, customerId, events, meters, charged }: CommissioningFacts, today: string) {
  const { reached, lastSeq: _, ...progress } = progressOf(events);
  const steps = STEPS.map((step) => {
    const asked = decideEvent(
      { events, today, meters, byBooks: stepsByBooks({ charged }) },
      { act: "record", step, day: today },
    );
    return {
      step,
      on: reached[step]?.day ?? null,
      reached: reached[step] !== undefined,
      // Null: it could be recorded today.
      waitsFor: reached[step] !== undefined || asked.ok ? null : sayRefusal(asked.error),
    };
  });
  return { account, site, customerId, ...progress, steps, meters, events };
}

const shownResult = (result: SaidResult) =>
  result.status === "refused" && result.because.kind !== "unknown_account"
    ? { ...result, says: sayRefusal(result.because) }
    : result;

type Read = z.infer<typeof EventBody>;
const saidOf = ({ step, act, on, reason }: Read, account: string, today: string): Said => ({
  account,
  ask: act === "withdraw" ? { act, step } : { act, step, day: on ?? today },
  reason: reason ?? null,
});

const faultsOf = (error: z.ZodError) =>
  error.issues.map(({ path, message }) => ({ field: path.map(String).join("."), expected: message }));

const todayOf = (c: C) => localDay(clockOf(c.env).now(), countryOf(c.env).utcOffsetMinutes);
const accountOf = (c: C) => {
  const account = canonicalAccount(c.req.param("account") ?? "");
  return account.ok ? account.value : null;
};
const nobody = (c: C) => fail(c, 404, "unknown", "no such account here");

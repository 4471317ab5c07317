import { Hono } from "hono";
import { canonicalAccount } from "../../src/domain/account.ts";
import { resolveTariff } from "../../src/domain/tariff.ts";
import { effectOf } from "../../src/domain/tariff-effect.ts";
import { concernsOf, saysAlready } from "../../src/domain/tariff-rules.ts";
import { otherwisePriced, tellingRuns } from "../../src/queries/tariff-checks.ts";
import { boughtUnder, tariffProfiles } from "../../src/queries/tariff-effect.ts";
import { ownRates, rowsOfAccount, siteCodes, tariffHistory, tariffOf, wideRows } from "../../src/queries/tariffs.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { factsBehind } from "../jobs/facts-behind.ts";
import { clockOf, countryOf, readerOf, registryOf } from "../ports.ts";
import { refuse } from "./refusals.ts";
import {
  AtQuery,
  CancelBody,
  CheckQuery,
  DryRunBody,
  HistoryQuery,
  ListQuery,
  PricedQuery,
  ScheduleBody,
  TellBody,
} from "./tariffs-body.ts";
import { faultOf, readAsked, schedule, tell } from "./tariffs-schedule.ts";
import { rowView, tariffView } from "./tariffs-view.ts";

type Vars = { Bindings: Env; Variables: Acting };

const DAY_MS = 86_400_000;
/** A dry run compares with what was paid in so many days; the check looks so far back. */
const PAID_DAYS = 30;
const PRICED_DAYS = 35;
const RUNS_MAX = 20;
const PRICED_MAX = 200;

/** What a kWh costs, where, since when and why; what it will cost; and what a change would mean. */
export const tariffs = new Hono<Vars>()
  .get("/", allow("tariffs.read"), query(ListQuery), async (c) => {
    const { at = clockOf(c.env).now(), cursor = "", limit } = c.req.valid("query");
    const country = countryOf(c.env);
    const reader = readerOf(c.env);
    const [sites, wide, own] = await Promise.all([
      siteCodes(reader),
      wideRows(reader),
      ownRates(reader, cursor, limit),
    ]);
    const of = (site: string) => wide.filter((row) => row.site === null || row.site === site);
    return c.json({
      at,
      global: tariffView(of(""), at, country),
      sites: sites.map(({ code, name }) => ({ site: code, name, ...tariffView(of(code), at, country) })),
      accounts: own.map(({ account, site, rows }) => ({
        account,
        site,
        ...tariffView([...of(site), ...rows], at, country),
      })),
      next: own.length === limit ? (own.at(-1)?.account ?? null) : null,
    });
  })
  .get("/history", allow("tariffs.read"), query(HistoryQuery), async (c) => {
    const { scope = null, site = null, account = null, cursor = null, limit } = c.req.valid("query");
    const rows = await tariffHistory(readerOf(c.env), { scope, site, account, before: cursor, limit });
    const now = clockOf(c.env).now();
    return c.json({
      rows: rows.map((row) => rowView(row, now, countryOf(c.env))),
      next: rows.length === limit ? (rows.at(-1)?.tariffId ?? null) : null,
    });
  })
  .post("/", allow("tariffs.write"), limited, saysJson, json(ScheduleBody), (c) =>
    schedule(c, c.req.valid("json"), clockOf(c.env).now(), false),
  )
  .post("/back-dated", allow("tariffs.backdate"), limited, saysJson, json(ScheduleBody), (c) =>
    schedule(c, c.req.valid("json"), clockOf(c.env).now(), true),
  )
  .post("/dry-run", allow("tariffs.read"), limited, saysJson, json(DryRunBody), async (c) => {
    const now = clockOf(c.env).now();
    const asked = await readAsked(c, c.req.valid("json"), now);
    if (asked instanceof Response) return asked;
    const { wanted, rows, of } = asked;
    const { repriced, ...effect } = effectOf(
      await tariffProfiles(readerOf(c.env), of),
      rows.filter(({ scope }) => scope === wanted.scope),
      wanted,
      now,
    );
    const time = { from: now - PAID_DAYS * DAY_MS, to: now };
    const { minorDigits } = countryOf(c.env);
    const paid = await boughtUnder(readerOf(c.env), repriced, time, minorDigits);
    const standing = saysAlready(rows, wanted);
    return c.json({
      wanted: { ...wanted, ...of },
      exists: standing?.tariffId ?? null,
      fault: standing === null ? faultOf(c, asked, now, false) : null,
      concerns: concernsOf(rows, wanted),
      before: resolveTariff(rows, wanted.validFrom).rateE4PerKwh,
      ...effect,
      paid: { days: PAID_DAYS, ...time, ...paid },
    });
  })
  .post("/:id{[0-9]{1,15}}/cancel", allow("tariffs.write"), limited, saysJson, json(CancelBody), async (c) => {
    const { reason } = c.req.valid("json");
    const tariffId = Number(c.req.param("id"));
    const by = { ...changeOf(c), reason };
    const cancelled = await registryOf(c.env).cancelTariff(tariffId, by);
    const row = await tariffOf(readerOf(c.env), tariffId);
    if (row === null) return fail(c, 404, "unknown", "no such tariff here");
    if (!cancelled.ok) return refuse(c, cancelled.error);
    const told = await tell(c.env, `tariff:${tariffId}:cancel`, row.scope === "account");
    return c.json({ status: "cancelled" as const, tariff: rowView(row, by.at, countryOf(c.env)), told });
  })
  .get("/told", allow("tariffs.read"), query(CheckQuery), async (c) => {
    const { cursor = "" } = c.req.valid("query");
    const [runs, page] = await Promise.all([tellingRuns(readerOf(c.env), RUNS_MAX), factsBehind(c.env, cursor, false)]);
    return c.json({ runs, ...page });
  })
  .post("/told", allow("tariffs.write"), limited, saysJson, json(TellBody), async (c) =>
    c.json(await factsBehind(c.env, c.req.valid("json").cursor ?? "", true)),
  )
  .get("/priced", allow("tariffs.read"), query(PricedQuery), async (c) => {
    const { since = clockOf(c.env).now() - PRICED_DAYS * DAY_MS } = c.req.valid("query");
    return c.json({ since, otherwise: await otherwisePriced(readerOf(c.env), since, PRICED_MAX) });
  });

/** Of one account, at any instant. */
export const accountTariff = new Hono<Vars>().get(
  "/:account/tariff",
  allow("tariffs.read"),
  query(AtQuery),
  async (c) => {
    const { at = clockOf(c.env).now() } = c.req.valid("query");
    const account = canonicalAccount(c.req.param("account"));
    const found = account.ok ? await rowsOfAccount(readerOf(c.env), account.value) : null;
    if (!account.ok || found === null) return fail(c, 404, "unknown", "no such account here");
    return c.json({ account: account.value, site: found.site, at, ...tariffView(found.rows, at, countryOf(c.env)) });
  },
);

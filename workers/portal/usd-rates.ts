import { Hono } from "hono";
import { z } from "zod";
import { scaledRate, USD_DECIMALS } from "../../src/domain/dollars.ts";
import { isDay, localDay } from "../../src/domain/local-day.ts";
import { usdRates } from "../../src/queries/usd-rates.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, readerOf, registryOf } from "../ports.ts";
import { line, reason, seenVersion } from "./fields.ts";
import { refuseSetting } from "./refusals.ts";

/** Rates of one call: a year of days. */
const RATES_MAX = 400;

const RateBody = z.strictObject({
  validFrom: z.string().refine(isDay, "a day, as 2026-11-03"),
  usdPerUnit: z
    .string()
    .max(20)
    .refine(
      (text) => scaledRate(text) !== null,
      `dollars for one unit, as 0.0571, with at most ${USD_DECIMALS} decimals`,
    ),
  source: line(120),
  version: seenVersion,
});
const RatesBody = z
  .strictObject({ rates: z.array(RateBody).min(1).max(RATES_MAX), reason })
  .refine(({ rates }) => new Set(rates.map(({ validFrom }) => validFrom)).size === rates.length, {
    path: ["rates"],
    message: "each day once",
  });

/**
 * What the country's money is worth in dollars: reports convert with it. Each rate names the `version` that was read of its day, null
 * where there was none; where somebody set one of them since, none is set. A change is taken back on the page of changes.
 */
export const usdRatesRoutes = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("reports.read"), async (c) => {
    const { currency } = countryOf(c.env);
    return c.json({ asOf: clockOf(c.env).now(), currency, rates: await usdRates(readerOf(c.env), currency) });
  })
  .post("/", allow("tariffs.write"), limited, saysJson, json(RatesBody), async (c) => {
    const { rates, reason: why } = c.req.valid("json");
    const { currency, utcOffsetMinutes } = countryOf(c.env);
    const today = localDay(clockOf(c.env).now(), utcOffsetMinutes);
    const early = rates.findIndex(({ validFrom }) => validFrom > today);
    if (early !== -1)
      return fail(c, 400, "bad_field", "check rates", [
        { field: `rates.${early}.validFrom`, value: rates[early]?.validFrom ?? "", expected: `a day until ${today}` },
      ]);
    const put = await registryOf(c.env).putUsdRates(
      rates.map((rate) => ({ ...rate, usdPerUnit: rate.usdPerUnit.trim(), currency })),
      changeOf(c, why),
    );
    if (put.ok) return c.json({ version: put.value.version, rates: rates.length });
    const kept = put.error.kind === "stale" ? await usdRates(readerOf(c.env), currency) : [];
    const stale = rates.find(
      ({ validFrom, version }) => (kept.find((each) => each.validFrom === validFrom)?.version ?? null) !== version,
    );
    return refuseSetting(c, readerOf(c.env), put.error, `fx_rate:${currency}~${stale?.validFrom ?? ""}`);
  });

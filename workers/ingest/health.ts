import { Hono } from "hono";
import { anyone } from "../allow.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf } from "../ports.ts";

/** For anyone: no secrets, no counts of people. */
export const health = new Hono<{ Bindings: Env }>()
  .get("/health", anyone("whether it lives"), (c) =>
    c.json({
      status: "ok",
      country: c.env.COUNTRY,
      version: c.env.RELEASE ?? null,
      now: new Date(clockOf(c.env).now()).toISOString(),
    }),
  )
  .get("/api/config", anyone("what a sign-in page shows: country, currency, languages"), (c) => {
    const { code, name, currency, minorDigits, money, dialCode, timeZone, utcOffsetMinutes, ...rest } = countryOf(
      c.env,
    );
    const { languages, siteCodes, operators, features } = rest;
    const written = { currency, symbol: money.symbol, symbolPlace: money.place, minorDigits };
    const when = { timeZone, utcOffsetMinutes };
    return c.json({ code, name, ...written, dialCode, ...when, languages, siteCodes, operators, features });
  });

import { Hono } from "hono";
import { anyone } from "../allow.ts";
import type { Env } from "../env.ts";
import { directoryOf } from "../objects/locate.ts";
import { within } from "../objects/turns.ts";
import { clockOf, countryOf } from "../ports.ts";

/** A look comes each minute: of what is older somebody outside has to hear, since nobody inside tells it. */
export const LOOK_SECONDS_MAX = 5 * 60;
const DIRECTORY_MS_MAX = 5_000;

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
  .get("/api/health", anyone("whether anybody looks: how old the last look of alarms is"), async (c) => {
    const now = clockOf(c.env).now();
    const lookedAt = await within(DIRECTORY_MS_MAX, directoryOf(c.env).alarmsLookedAt()).catch(() => null);
    const ageSeconds = lookedAt === null ? null : Math.max(0, Math.floor((now - lookedAt) / 1_000));
    const isWatched = ageSeconds !== null && ageSeconds <= LOOK_SECONDS_MAX;
    c.header("Cache-Control", "no-store");
    const said = { country: c.env.COUNTRY, version: c.env.RELEASE ?? null, ageSeconds };
    return c.json({ status: isWatched ? "ok" : "alarms_not_looked_at", ...said }, isWatched ? 200 : 503);
  })
  .get("/api/config", anyone("what a sign-in page shows: country, currency, languages"), (c) => {
    const { code, name, currency, minorDigits, money, dialCode, timeZone, utcOffsetMinutes, ...rest } = countryOf(
      c.env,
    );
    const { languages, siteCodes, operators, features } = rest;
    const written = { currency, symbol: money.symbol, symbolPlace: money.place, minorDigits };
    const when = { timeZone, utcOffsetMinutes };
    return c.json({ code, name, ...written, dialCode, ...when, languages, siteCodes, operators, features });
  });

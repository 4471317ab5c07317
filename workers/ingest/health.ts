import { Hono } from "hono";
import { anyone } from "../allow.ts";
import type { Env } from "../env.ts";
import { directoryOf } from "../objects/locate.ts";
import { within } from "../objects/turns.ts";
import { clockOf, countryOf } from "../ports.ts";

export const HEALTH_PATH = "/api/health";
/** A look comes each minute: of what is older somebody outside has to hear, since nobody inside tells it. */
export const LOOK_SECONDS_MAX = 5 * 60;
/** A raise that went by no way for so long: the same. */
export const UNTOLD_SECONDS_MAX = 15 * 60;
const DIRECTORY_MS_MAX = 5_000;
/** So long an isolate knows what the Directory said: whoever asks often, and anyone may, asks it no more than this. */
export const KNOWN_SECONDS = 10;

type Said = { lookedAt: number | null; untoldSince: number | null };
/** Of this isolate. An answer, not the promise of one, which would belong to the request that asked. */
let known: { at: number; said: Said } | null = null;

async function alarmsHealth(env: Env, now: number): Promise<Said> {
  if (known !== null && now >= known.at && now - known.at < KNOWN_SECONDS * 1_000) return known.said;
  // A Directory that does not answer knows of no look.
  const none: Said = { lookedAt: null, untoldSince: null };
  const said = await within(DIRECTORY_MS_MAX, directoryOf(env).alarmsHealth()).catch(() => none);
  known = { at: now, said };
  return said;
}

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
  .get(HEALTH_PATH, anyone("whether anybody looks: how old the last look of alarms is"), async (c) => {
    const now = clockOf(c.env).now();
    const { lookedAt, untoldSince } = await alarmsHealth(c.env, now);
    const secondsSince = (at: number | null) => (at === null ? null : Math.max(0, Math.floor((now - at) / 1_000)));
    const ageSeconds = secondsSince(lookedAt);
    const untoldSeconds = secondsSince(untoldSince);
    const isWatched = ageSeconds !== null && ageSeconds <= LOOK_SECONDS_MAX;
    const isTold = untoldSeconds === null || untoldSeconds <= UNTOLD_SECONDS_MAX;
    c.header("Cache-Control", "no-store");
    const said = { country: c.env.COUNTRY, version: c.env.RELEASE ?? null, ageSeconds, untoldSeconds };
    const status = !isWatched ? "alarms_not_looked_at" : isTold ? "ok" : "alarms_not_told";
    return c.json({ status, ...said }, status === "ok" ? 200 : 503);
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

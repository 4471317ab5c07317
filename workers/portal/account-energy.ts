import { Hono } from "hono";
import { z } from "zod";
import { canonicalAccount } from "../../src/domain/account.ts";
import { WINDOWS } from "../../src/domain/energy-window.ts";
import { ENERGY_DAYS_MAX, energyDays } from "../../src/queries/energy-measures.ts";
import { energyWindow } from "../../src/queries/my-energy.ts";
import { allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";

const DAY_MS = 86_400_000;
const DAYS_DEFAULT = 30;

const Query = z.object({ from: z.iso.date().optional(), to: z.iso.date().optional() });

const WindowQuery = z.object({ window: z.enum(WINDOWS, `one of ${WINDOWS.join(", ")}`).default("7d") });

/** `GET /api/accounts/0045MAK/energy?from&to`: what an account was sold and what it used, by local day, side by side. */
export const accountEnergy = new Hono<{ Bindings: Env }>()
  .get("/:account/energy", allow("customers.read"), query(Query), async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    if (!account.ok) return fail(c, 404, "unknown", "no such account here");
    const { utcOffsetMinutes, timeZone } = countryOf(c.env);
    const asked = c.req.valid("query");
    const to = asked.to ?? dayOf(clockOf(c.env).now() + utcOffsetMinutes * 60_000);
    const from = asked.from ?? dayOf(Date.parse(to) - (DAYS_DEFAULT - 1) * DAY_MS);
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (days < 1 || days > ENERGY_DAYS_MAX)
      return fail(c, 400, "bad_field", "check from, to", [
        { field: "from", value: from, expected: `1 to ${ENERGY_DAYS_MAX} days, the last not before the first` },
      ]);
    const rows = await energyDays(readerOf(c.env), { account: account.value, from, to, timeZone });
    return rows === null
      ? fail(c, 404, "unknown", "no such account here")
      : c.json({ account: account.value, from, to, timeZone, days: rows });
  })
  .get("/:account/energy-window", allow("customers.read"), query(WindowQuery), async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    if (!account.ok) return fail(c, 404, "unknown", "no such account here");
    const { window } = c.req.valid("query");
    const { timeZone, utcOffsetMinutes } = countryOf(c.env);
    const now = clockOf(c.env).now();
    const asked = { account: account.value, window, now, timeZone, utcOffsetMinutes };
    const energy = await energyWindow(readerOf(c.env), asked);
    if (energy === null) return fail(c, 404, "unknown", "no such account here");
    return c.json({ account: account.value, asOf: now, ...energy });
  });

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

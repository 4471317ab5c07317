import { Hono } from "hono";
import { z } from "zod";
import { daysOfStep, refreshMonth } from "../../src/services/refresh-rollups.ts";
import { recordAct } from "../act.ts";
import { json, limited, saysJson } from "../body.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { rollupsOf } from "../jobs/rollups.ts";

/** Days of one call: a command asks month by month. */
const DAYS_MAX = 31;
const DAY_MS = 86_400_000;

const Days = z
  .object({ from: z.iso.date(), to: z.iso.date(), write: z.boolean().default(false) })
  .refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < DAYS_MAX * DAY_MS, {
    path: ["to"],
    message: `a day not before \`from\`, and of at most ${DAYS_MAX} days`,
  });

/** What reports add up, beside the rows that it is made of. */
export const opsRollups = new Hono<{ Bindings: Env; Variables: { actor: string } }>().post(
  "/rollups/verify",
  actor,
  limited,
  saysJson,
  json(Days),
  async (c) => {
    const { from, to, write } = c.req.valid("json");
    const days = daysBetween(from, to);
    const rollups = rollupsOf(c.env);
    const tables = await rollups.verify(days);
    if (!write) return c.json({ from, to, tables, written: null });
    await recordAct(c, "rollups.rebuild", `days:${from} to ${to}`, { from, to });
    const step = daysOfStep(await rollups.accounts());
    let written = 0;
    for (let at = 0; at < days.length; at += step) {
      const some = days.slice(at, at + step);
      written += await rollups.refresh({ money: some, energy: some }, []);
    }
    // A month gets what its days gained or lost: one that is wrong over right days is added up whole.
    for (const month of new Set(days.map((day) => `${day.slice(0, 7)}-01`)))
      written += await refreshMonth(rollups, month);
    return c.json({ from, to, tables, written });
  },
);

const daysBetween = (from: string, to: string): string[] =>
  Array.from({ length: (Date.parse(to) - Date.parse(from)) / DAY_MS + 1 }, (_, n) =>
    new Date(Date.parse(from) + n * DAY_MS).toISOString().slice(0, 10),
  );

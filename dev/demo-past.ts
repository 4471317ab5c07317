import { neonCopies } from "../src/adapters/neon/copy-rows.ts";
import { connect } from "../src/adapters/neon/database.ts";
import { COUNTRIES } from "../src/domain/country.ts";
import { emptyDay, HOUR_MS, HOURS, startOfDay } from "../src/domain/imports/vendor-day.ts";
import type { OutboxRow } from "../src/domain/outbox.ts";
import { DAY_MS, dayOf, Energy } from "./vendors/energy.ts";
import type { DemoWorld } from "./world.ts";

/** Whole days before the demo's present of which the village's hours are known: two months are whole among any of them. */
const DAYS = 95;
const SEED = 1;
const ROWS_AT_ONCE = 200;
/** Of the hours of a site whose supply is metered, what wires and transformers take. */
export const LOST_PERMILLE = 64;
/** A village of customers on a platform, whose past was brought with the move. */
const VILLAGE = { LS: "KET", BJ: "GBO" } as const;

/** What counts the supply of a whole site; it hangs at an account that nobody pays for. */
export type DemoSupply = { account: string; site: string; name: string; meter: string };
/** In Ketane alone: a site without one has to say so. */
export const demoSupply = (country: DemoWorld["country"]): DemoSupply[] =>
  country === "LS" ? [{ account: "0399KET", site: "KET", name: "Ketane powerhouse", meter: "91000399" }] : [];

export const demoVillage = (country: DemoWorld["country"]) => VILLAGE[country];

export type PastDay = { account: string; meter: string; day: string; energyWh: number[] };

/** What each customer of the village used hour by hour on days that are over, and what the site was fed meanwhile. */
export function pastDays({ country, vendorCustomers }: DemoWorld, before: number): PastDay[] {
  const { utcOffsetMinutes } = COUNTRIES[country];
  const people = vendorCustomers.filter(({ site }) => site === VILLAGE[country]);
  const meters = people.map(({ account, meter, kind }) => ({
    ...{ account, meter, energy: new Energy({ serial: meter, kind, seed: SEED, utcOffsetMinutes }) },
  }));
  const supplies = demoSupply(country).filter(({ site }) => site === VILLAGE[country]);
  const first = startOfDay(dayOf(before)) - DAYS * DAY_MS;
  return Array.from({ length: DAYS }, (_, nth) => first + nth * DAY_MS).flatMap((start) => {
    const used = meters.map(({ account, meter, energy }) => ({
      ...{ account, meter, day: dayOf(start) },
      energyWh: hoursFrom(start).map((hour) => energy.betweenWh(hour, hour + HOUR_MS)),
    }));
    const fed = supplies.map(({ account, meter }) => ({
      ...{ account, meter, day: dayOf(start) },
      energyWh: hoursFrom(start).map((_, hour) =>
        Math.round((used.reduce((sum, each) => sum + (each.energyWh[hour] ?? 0), 0) * 1_000) / (1_000 - LOST_PERMILLE)),
      ),
    }));
    return [...used, ...fed];
  });
}

const hoursFrom = (start: number) => Array.from({ length: HOURS }, (_, hour) => start + hour * HOUR_MS);

/** Into the books, as their objects would bring them; nobody pays for days before the cut-over. The same again changes nothing. */
export async function bringPast(
  world: DemoWorld,
  before: number,
  { url, sqlUrl }: { url: string; sqlUrl: string },
): Promise<void> {
  const db = connect(url, sqlUrl);
  const { timeZone } = COUNTRIES[world.country];
  const days = pastDays(world, before);
  const known = await db.read<{ account: string; id: number }>(
    "SELECT account_number AS account, id FROM accounts WHERE account_number = ANY (SELECT jsonb_array_elements_text($1::jsonb))",
    [JSON.stringify([...new Set(days.map(({ account }) => account))])],
  );
  const ids = new Map(known.map(({ account, id }) => [account, id]));
  const rows = days.map(
    ({ account, meter, day, energyWh }): OutboxRow => ({
      ...{ kind: "vendor_day", account, accountId: ids.get(account) ?? 0, meterNumber: meter, day, timeZone },
      ...{ ...emptyDay(), energyWh, sources: energyWh.map(() => "koios_file"), version: 1 },
    }),
  );
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const page = rows.slice(from, from + ROWS_AT_ONCE).map((row, id) => ({ id, row }));
    const { refused } = await neonCopies(db).write(page);
    if (refused.length > 0) throw new Error(`days of the past were refused: ${JSON.stringify(refused[0])}`);
  }
}

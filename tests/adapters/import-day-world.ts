import { withClient } from "../../dev/database-server.ts";
import type { UnitName } from "../../src/domain/imports/unit.ts";
import { DAY_MS } from "../../src/domain/imports/vendor-day.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import {
  interval,
  M1,
  M2,
  page,
  quarters,
  type Script,
  STRAY,
  scripted,
  seedSite,
  type World,
  worldOf,
} from "./import-world.ts";
import { seed } from "./rows.ts";

/** A site's day that is fetched page by page into a database of its own. */

export let database: FreshDatabase;
export const open = async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
  await seedSite(database.ownerUrl);
};
export const close = () => database.drop();

export const rowsOf = <T extends object>(query: string) =>
  withClient(database.ownerUrl, async (client) => (await client.query<T>(query)).rows);
export const dayRow = async ({ site, day, source }: UnitName) =>
  (
    await rowsOf<
      Record<string, unknown>
    >(`SELECT expected_hours, received_hours, complete, attempts, last_error, details,
      lease_until IS NULL AS free, cc_ms(next_at)::float AS next_at FROM meter_days
      WHERE site_code = '${site}' AND day = '${day}' AND source = '${source}'`)
  )[0];
export const stagedRows = async ({ day }: UnitName) =>
  Number((await rowsOf<{ n: string }>(`SELECT count(*) AS n FROM meter_day_intervals WHERE day = '${day}'`))[0]?.n);
export const runsOf = ({ day }: UnitName) =>
  rowsOf<{ state: string; pages: number }>(`SELECT state, pages FROM import_runs WHERE day = '${day}' ORDER BY id`);

export const NOW_ASKED = { freshAt: null, sentAt: null };
/** Noon of the day after. */
export const afterwards = (day: string) => Date.parse(day) + 1.5 * DAY_MS;
/** Three pages that tell parts of the same hours again, in another order, and one meter that nobody has placed. */
export const threePages = (day: string): Script => ({
  first: page([...quarters(day, M1, 10, 0, 60), ...quarters(day, STRAY, 9, 0, 4)], "p2", { totalizer: 2 }),
  p2: page([...quarters(day, M1, 10, 40, 96).reverse(), ...quarters(day, M2, 20, 0, 50)], "p3"),
  p3: page([...quarters(day, M2, 20, 30, 96), interval(day, 3, 1.66e15)]),
});
export const ENDS = { [`0045MAK ${M1}`]: 960, [`0046MAK ${M2}`]: 1_920 };

export async function opened(unit: UnitName, script: Script, over: (world: World) => void = () => {}) {
  const feed = scripted(() => script);
  const world = worldOf(database, feed, afterwards(unit.day));
  over(world);
  await world.ports.days.open([unit], world.clock.now);
  return { ...world, feed };
}

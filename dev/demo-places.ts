import { call, type Door } from "./door.ts";

/** Where the demo's people live: invented yards round the middle of their village, the same at every start. */

type Place = { latitude: number; longitude: number };

const VILLAGES: Record<string, Place> = {
  MAK: { latitude: -29.232, longitude: 27.873 },
  MAS: { latitude: -29.694, longitude: 28.804 },
  SHG: { latitude: -29.741, longitude: 28.771 },
  MAT: { latitude: -29.207, longitude: 28.903 },
  KET: { latitude: -29.862, longitude: 28.161 },
  GBO: { latitude: 7.214, longitude: 2.143 },
  SAM: { latitude: 7.306, longitude: 2.087 },
};
/** Each next yard lies a golden angle further round, and so much further out that yards keep their distance. */
const TURN = Math.PI * (3 - Math.sqrt(5));
const APART_METRES = 45;
const METRES_PER_DEGREE = 111_320;
/** As a telephone tells it: a metre. */
const DIGITS = 5;
const AT_ONCE = 4;
const ACTOR = "demo world";

/** The yard of each account, by its place among those of its village. */
export function placesOf(accounts: readonly { account: string }[]): (Place & { account: string })[] {
  const yards = new Map<string, number>();
  return accounts.flatMap(({ account }) => {
    const site = account.slice(-3);
    const village = VILLAGES[site];
    if (village === undefined) return [];
    const yard = yards.get(site) ?? 0;
    yards.set(site, yard + 1);
    const out = (APART_METRES * Math.sqrt(yard + 1)) / METRES_PER_DEGREE;
    const east = (out * Math.cos(yard * TURN)) / Math.cos((village.latitude * Math.PI) / 180);
    return {
      account,
      latitude: Number((village.latitude + out * Math.sin(yard * TURN)).toFixed(DIGITS)),
      longitude: Number((village.longitude + east).toFixed(DIGITS)),
    };
  });
}

type Card = { customer: { customerId: number; version: number; latitude: number | null } };

/** Tells the Worker where everybody lives, and what kind of customer it is; who has a place already keeps it. */
export async function placePeople(
  door: Door,
  accounts: readonly { account: string }[],
  types: ReadonlyMap<string, string>,
): Promise<void> {
  const waiting = placesOf(accounts);
  const one = async ({ account, ...place }: (typeof waiting)[number]) => {
    const { customer } = await call<Card>(door, "GET", `/accounts/${account}/customer`, undefined, ACTOR);
    if (customer.latitude !== null) return;
    const customerType = types.get(account);
    const change = { version: customer.version, ...place, ...(customerType === undefined ? {} : { customerType }) };
    await call(door, "PATCH", `/customers/${customer.customerId}`, change, ACTOR);
  };
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await one(next);
    }),
  );
}

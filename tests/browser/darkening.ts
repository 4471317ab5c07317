import { ask, type LocalWorld, until } from "../stories/world.ts";

/** A site where nobody else's journey is. */
export const DARK_SITE = "LEB";
/** One more than may go dark within an hour at a site of few. */
const ACCOUNTS = 4;
const TOLD_MS_MAX = 60_000;

/** Accounts that have paid nothing while their meters run: the light goes out when two looks agree, five minutes apart. */
export type Darkening = { accounts: { account: string; meter: string }[]; beganAt: number };

/**
 * Begun with the world, so that the minutes between the two looks pass while other journeys are made, and nobody waits for
 * them: nothing hurries them either.
 */
export async function beginDarkening({ url, opsKey, iotKey }: LocalWorld["countries"]["LS"]): Promise<Darkening> {
  // A world that has just started may be restarted by whoever watches it: all that is told here may be told twice.
  const tell = (path: string, headers: Record<string, string>, json: unknown) =>
    until(
      path,
      TOLD_MS_MAX,
      () => ask(`${url}${path}`, { headers, json }),
      ({ status }) => status < 300,
    );
  const operate = (path: string, json: unknown) =>
    tell(`/api/ops${path}`, { "X-Ops-Key": opsKey, "X-Actor": "journey" }, json);
  const first = 7_000 + Math.floor(Math.random() * 1_900);
  const meter = 80_000_000 + Math.floor(Math.random() * 9_000_000);
  const accounts = Array.from({ length: ACCOUNTS }, (_, nth) => ({
    account: `${first + nth}${DARK_SITE}`,
    meter: String(meter + nth),
  }));
  await operate("/sites", { sites: [{ code: DARK_SITE, name: "Lebakeng", district: null }] });
  for (const { account, meter: meterNumber } of accounts) {
    const meters = [{ meterNumber, thing: `JRN-${meterNumber}` }];
    const made = { account, name: "Journey Dark", phone: null, language: "en", status: "live", meters };
    await operate("/accounts", { accounts: [made] });
  }
  for (const each of accounts) {
    const reading = { meter_id: each.meter.padStart(12, "0"), energy_active: "50.000", relay: "1" };
    await tell("/api/meters/reading", { "X-IoT-Key": iotKey }, { ...reading, timestamp: new Date().toISOString() });
  }
  return { accounts, beganAt: Date.now() };
}

/** Readings as accounts owe them, and what hours they make by the rule of docs/schema.md, reckoned without the database. */
import { withClient } from "../../dev/database-server.ts";
import type { MeterReadingsRow, OutboxRow, RegisterRow } from "../../src/domain/outbox.ts";
import { NOON } from "./rows.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
const SPREAD_MS_MAX = 92 * DAY_MS;

export type Point = { meterNumber: string; accountId: number; readAt: number; registerWh: number };

export const reading = (
  readAt: number,
  registerWh: number,
  over: Partial<MeterReadingsRow["readings"][number]> = {},
) => ({
  readAt,
  registerWh,
  powerW: 84,
  voltageMv: 230_100,
  currentMa: 370,
  frequencyMhz: 50_000,
  connected: true,
  source: "iot" as const,
  receivedAt: readAt + 1_000,
  ...over,
});

export function readings(
  accountId: number,
  meterNumber: string,
  rows: MeterReadingsRow["readings"],
  register: Partial<RegisterRow> = {},
): OutboxRow {
  const newest = rows.reduce((a, b) => (b.readAt > a.readAt ? b : a));
  return {
    kind: "meter_readings",
    account: "0045MAK",
    accountId,
    meterNumber,
    timeZone: "Africa/Maseru",
    readings: rows,
    register: {
      registerWh: newest.registerWh,
      readAt: newest.readAt,
      postedWh: newest.registerWh,
      postedAt: newest.readAt,
      connected: true,
      seenAt: newest.readAt,
      seenWh: newest.registerWh,
      heldWh: null,
      version: newest.readAt,
      ...register,
    },
  };
}

export type Hour = {
  meter: string;
  account: number;
  hour: number;
  energyWh: number;
  estimated: boolean;
  source: string;
};

type Start = { meterNumber: string; accountId: number; from: number; baseRegisterWh: number | null };

/** Hour by hour and in whole numbers, one reading after the other: slow, and nothing like the SQL. */
export function hoursOf(points: (Point & { source?: string })[], starts: Start[] = []): Hour[] {
  const hours = new Map<string, Hour & { at: number }>();
  const lines = Map.groupBy(
    [
      ...points.map((point) => ({ ...point, at: point.readAt, wh: point.registerWh as number | null, begins: false })),
      ...starts.map((start) => ({ ...start, at: start.from, wh: start.baseRegisterWh, begins: true })),
    ],
    ({ meterNumber, accountId }) => `${meterNumber}/${accountId}`,
  );
  for (const line of lines.values()) {
    line.sort((a, b) => a.at - b.at || Number(b.begins) - Number(a.begins));
    line.forEach((to, n) => {
      const from = line[n - 1];
      if (from === undefined || to.begins || from.wh === null || to.wh === null || to.at === from.at) return;
      const riseWh = BigInt(Math.max(to.wh - from.wh, 0));
      const begin = Math.max(from.at, to.at - SPREAD_MS_MAX);
      const span = BigInt(to.at - begin);
      const risen = (at: number) => (2n * riseWh * BigInt(at - begin) + span) / (2n * span);
      for (let hour = Math.floor(begin / HOUR_MS) * HOUR_MS; hour < to.at; hour += HOUR_MS) {
        const energyWh = Number(risen(Math.min(hour + HOUR_MS, to.at)) - risen(Math.max(hour, begin)));
        const key = `${to.meterNumber}/${to.accountId}/${hour}`;
        const known = hours.get(key);
        hours.set(key, {
          meter: to.meterNumber,
          account: to.accountId,
          hour,
          energyWh: energyWh + (known?.energyWh ?? 0),
          estimated: to.at - from.at > 2 * HOUR_MS || (known?.estimated ?? false),
          source: ("source" in to ? to.source : undefined) ?? "iot",
          at: to.at,
        });
      }
    });
  }
  return [...hours.values()].map(({ at: _, ...hour }) => hour).sort(byPlace);
}

export type Day = {
  meter: string;
  account: number;
  day: string;
  energyWh: number;
  hours: number;
  estimatedHours: number;
};

/** Maseru is two hours ahead of UTC, all the year. */
export function daysOf(hours: Hour[]): Day[] {
  const days = new Map<string, Day>();
  for (const { meter, account, hour, energyWh, estimated } of hours) {
    const day = new Date(hour + 2 * HOUR_MS).toISOString().slice(0, 10);
    const known = days.get(`${meter}/${account}/${day}`);
    days.set(`${meter}/${account}/${day}`, {
      meter,
      account,
      day,
      energyWh: energyWh + (known?.energyWh ?? 0),
      hours: 1 + (known?.hours ?? 0),
      estimatedHours: Number(estimated) + (known?.estimatedHours ?? 0),
    });
  }
  return [...days.values()].sort((a, b) =>
    byPlace({ ...a, hour: Date.parse(a.day) }, { ...b, hour: Date.parse(b.day) }),
  );
}

const byPlace = (a: { meter: string; account: number; hour: number }, b: typeof a) =>
  a.meter.localeCompare(b.meter) || a.account - b.account || a.hour - b.hour;

/** What the database has. */
export const storedHours = (ownerUrl: string): Promise<Hour[]> =>
  withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ row: Hour }>(`SELECT json_build_object('meter', m.meter_number,
      'account', c.account_id, 'hour', cc_ms(c.hour), 'energyWh', c.energy_wh, 'estimated', c.estimated,
      'source', c.source) AS row FROM consumption_hourly c JOIN meters m ON m.id = c.meter_id`);
    return rows.map(({ row }) => row).sort(byPlace);
  });

export const storedDays = (ownerUrl: string): Promise<Day[]> =>
  withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ row: Day }>(`SELECT json_build_object('meter', m.meter_number,
      'account', c.account_id, 'day', c.day, 'energyWh', c.energy_wh, 'hours', c.hours,
      'estimatedHours', c.estimated_hours) AS row FROM consumption_daily c JOIN meters m ON m.id = c.meter_id`);
    return rows
      .map(({ row }) => row)
      .sort((a, b) => byPlace({ ...a, hour: Date.parse(a.day) }, { ...b, hour: Date.parse(b.day) }));
  });

/** Meters 1 to `count`, numbered 7000001 and on. */
export const seedMeters = (ownerUrl: string, count: number): Promise<string[]> =>
  withClient(ownerUrl, async (client) => {
    const made = await client.query<{ n: string }>(
      `INSERT INTO meters (meter_number) SELECT (7000000 + n)::text FROM generate_series(1, $1::int) AS n
      RETURNING meter_number AS n`,
      [count],
    );
    return made.rows.map(({ n }) => n);
  });

/** Same seed, same numbers. */
export function dice(seed: number): (below: number) => number {
  let state = seed + 0x9e3779b9;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) % below;
  };
}

/** A meter's life: readings of about 15 minutes, gaps of hours and days, resets, hour edges, idle spells. */
export function lifeOf(seed: number, meterNumber: string, accountIds: number[], count: number, from = NOON): Point[] {
  const roll = dice(seed);
  const points: Point[] = [];
  let at = from - (roll(3_600) + 1) * 1_000;
  let wh = roll(5_000_000);
  for (let n = 0; n < count; n++) {
    const what = roll(40);
    const step =
      what === 0 ? roll(70) * HOUR_MS + 1_000 : what === 1 ? 3 * HOUR_MS : 10 * MINUTE_MS + roll(900) * 1_000;
    at += step;
    // Now and then exactly on the hour, where hours and segments share an edge.
    if (roll(8) === 0) at = Math.ceil(at / HOUR_MS) * HOUR_MS;
    wh = what === 2 ? roll(50) : wh + (roll(5) === 0 ? 0 : roll(900));
    const owner = accountIds[Math.floor((n * accountIds.length) / count)];
    if (owner !== undefined) points.push({ meterNumber, accountId: owner, readAt: at, registerWh: wh });
  }
  return points;
}

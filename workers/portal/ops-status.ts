import { Hono } from "hono";
import { keptFor } from "../../src/queries/kept.ts";
import { statusRows } from "../../src/queries/status.ts";
import { lightsNow, lowAccounts, type Metered, meteredLately } from "../../src/queries/status-energy.ts";
import { waitingCredits } from "../../src/queries/vendor-credits.ts";
import { type Acting, allow } from "../allow.ts";
import type { Env } from "../env.ts";
import { gateOf, mailboxOf, RECEIPT_SHARDS, shardOf, unmappedOf } from "../objects/locate.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { refusedFar } from "./ops-copies.ts";
import type { StatusView } from "./status-view.ts";

/** Phones asked for their depths; more than any country has. */
const PHONES_MAX = 200;
/** The page asks every two seconds; what looks at every meter is asked for this often. */
const METERED_MS_MAX = 15_000;

/** One country a deployment, so one answer an isolate. */
const metered = keptFor<Metered>(METERED_MS_MAX);

/** What is under way now, from the objects themselves, and what is recorded, from Postgres; either may be missing. */
export const opsStatus = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/status", allow("reports.read"), async (c) => c.json(await statusOf(c.env)))
  .get("/phones", allow("reports.read"), async (c) =>
    c.json({ asOf: clockOf(c.env).now(), phones: await phoneViews(c.env) }),
  );

async function statusOf(env: Env): Promise<StatusView> {
  const now = clockOf(env).now();
  const { timeZone, lowBalance } = countryOf(env);
  const db = readerOf(env);
  const [underWay, energy, counted] = await Promise.all([
    underWayOf(env, now),
    Promise.all([lightsNow(db, now), lowAccounts(db, { now, warnWh: lowBalance.warnWh })]).catch(() => null),
    metered(now, () => meteredLately(db, { now, timeZone })).catch(() => null),
  ]);
  return { ...underWay, lights: energy?.[0] ?? null, low: energy?.[1] ?? null, metered: counted };
}

/** Without what every meter is looked at for: the live line (live.ts) looks every few seconds, and shows none of that. */
export async function underWayOf(env: Env, now: number): Promise<Omit<StatusView, "lights" | "low" | "metered">> {
  const country = countryOf(env);
  const db = readerOf(env);
  const [rows, phones, shards, far, disconnects, unmappedMeters, vendorCredits] = await Promise.all([
    statusRows(db, country.timeZone, now).catch(() => null),
    phoneViews(env),
    Promise.all(Array.from({ length: RECEIPT_SHARDS }, (_, shard) => shardOf(env, shard).depths())),
    refusedFar(env),
    gateOf(env).state(),
    unmappedOf(env).count(),
    waitingCredits(db).catch(() => null),
  ]);
  const sum = (of: (phone: (typeof phones)[number]) => number) => phones.reduce((total, phone) => total + of(phone), 0);
  return {
    country: country.code,
    countryName: country.name,
    currency: country.currency,
    minorDigits: country.minorDigits,
    utcOffsetMinutes: country.utcOffsetMinutes,
    asOf: now,
    database: rows === null ? "down" : "up",
    phones,
    depths: {
      unprocessedSms: sum((phone) => phone.unprocessed),
      forwards: sum((phone) => phone.forwardWaiting),
      parkedForwards: sum((phone) => phone.forwardParked),
      outgoingSms: sum((phone) => phone.outgoingWaiting),
      openClaims: shards.reduce((total, shard) => total + shard.open, 0),
      copyRows: sum((phone) => phone.copyWaiting) + shards.reduce((total, shard) => total + shard.copyWaiting, 0),
      refusedRows:
        sum((phone) => phone.copyRefused) + shards.reduce((total, shard) => total + shard.copyRefused, 0) + far,
    },
    disconnects,
    unmappedMeters,
    vendorCredits,
    today: rows?.today ?? null,
    perMinute: rows?.perMinute ?? [],
    sms: rows?.sms ?? [],
    payments: rows?.payments ?? [],
    entries: rows?.entries ?? [],
    commands: rows?.commands ?? [],
    outgoing: rows?.outgoing ?? [],
  };
}

export async function phoneViews(env: Env) {
  const known = (await gateOf(env).phones()).slice(0, PHONES_MAX);
  const views = await Promise.all(known.map(({ phoneId }) => mailboxOf(env, phoneId).view()));
  return views.flatMap((view) => (view === null ? [] : [view]));
}

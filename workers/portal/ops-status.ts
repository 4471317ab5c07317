import { Hono } from "hono";
import { statusRows } from "../../src/queries/status.ts";
import type { Env } from "../env.ts";
import { gateOf, mailboxOf, RECEIPT_SHARDS, shardOf } from "../objects/locate.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { refusedFar } from "./ops-copies.ts";
import type { StatusView } from "./status-view.ts";

/** Phones asked for their depths; more than any country has. */
const PHONES_MAX = 200;

/** What is under way now, from the objects themselves, and what is recorded, from Postgres; either may be missing. */
export const opsStatus = new Hono<{ Bindings: Env }>()
  .get("/status", async (c) => {
    const now = clockOf(c.env).now();
    const country = countryOf(c.env);
    const [rows, phones, shards, far] = await Promise.all([
      statusRows(readerOf(c.env), country.timeZone, now).catch(() => null),
      phoneViews(c.env),
      Promise.all(Array.from({ length: RECEIPT_SHARDS }, (_, shard) => shardOf(c.env, shard).depths())),
      refusedFar(c.env),
    ]);
    const sum = (of: (phone: (typeof phones)[number]) => number) =>
      phones.reduce((total, phone) => total + of(phone), 0);
    const view: StatusView = {
      country: country.code,
      countryName: country.name,
      currency: country.currency,
      minorDigits: country.minorDigits,
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
      today: rows?.today ?? null,
      perMinute: rows?.perMinute ?? [],
      sms: rows?.sms ?? [],
      payments: rows?.payments ?? [],
      entries: rows?.entries ?? [],
      commands: rows?.commands ?? [],
      outgoing: rows?.outgoing ?? [],
    };
    return c.json(view);
  })
  .get("/phones", async (c) => c.json({ asOf: clockOf(c.env).now(), phones: await phoneViews(c.env) }));

async function phoneViews(env: Env) {
  const known = (await gateOf(env).phones()).slice(0, PHONES_MAX);
  const views = await Promise.all(known.map(({ phoneId }) => mailboxOf(env, phoneId).view()));
  return views.flatMap((view) => (view === null ? [] : [view]));
}

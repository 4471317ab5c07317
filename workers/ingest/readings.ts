import { Hono } from "hono";
import { type MessageFault, type MeterMessage, readMeterMessage } from "../../src/domain/meter-message.ts";
import type { Reading } from "../../src/domain/reading.ts";
import { READINGS_MAX, type Recorded, recordReadings } from "../../src/services/record-readings.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, recordPortsOf } from "../ports.ts";
import { type MeterRoute, meterDoor } from "./meter-door.ts";

type C = Parameters<typeof fail>[0];

/** What a message is answered: the same in a batch and alone. */
type Item =
  | {
      status: "accepted" | "quarantined" | "unmapped" | "dropped";
      meter_id: string;
      account: string | null;
      /** What the difference comes to is settled in the account, in order, and not known here. */
      delta_kwh: null;
      because: string | null;
    }
  | ({ status: "rejected"; meter_id: string | null } & MessageFault);

const TOO_MANY_METERS = "a meter that is placed: too many without a place are kept already";

/**
 * `POST /api/meters/reading` and `/readings`: what the IoT bridge forwards, one message or up to a thousand. An answer
 * in the 200s means that every reading it calls accepted, quarantined or unmapped is committed. When an account cannot
 * take its own, the whole call is answered 503: sent again, what was taken is taken once.
 */
export const readings = new Hono<MeterRoute>()
  .post("/reading", meterDoor, async (c) => {
    const body = parsed(c.get("body"));
    if (body === undefined) return notJson(c);
    const list = listIn(body);
    return list === null ? answerOne(c, c.env, body) : answerMany(c, c.env, list);
  })
  .post("/readings", meterDoor, async (c) => {
    const body = parsed(c.get("body"));
    return body === undefined ? notJson(c) : answerMany(c, c.env, listIn(body) ?? [body]);
  });

async function answerOne(c: C, env: Env, message: unknown) {
  const items = await take(env, [message]);
  if (!Array.isArray(items)) return later(c, items.meters);
  const [item] = items;
  if (item === undefined) throw new Error("a message was left without an answer");
  if (item.status !== "rejected") return c.json(item);
  const { field, value, expected } = item;
  return fail(c, 400, "bad_field", `check ${field || "the body"}`, [{ field, value, expected }]);
}

async function answerMany(c: C, env: Env, messages: unknown[]) {
  if (messages.length > READINGS_MAX)
    return fail(c, 413, "too_many", `send at most ${READINGS_MAX} readings a call`, { sent: messages.length });
  const results = await take(env, messages);
  if (!Array.isArray(results)) return later(c, results.meters);
  const counts: Record<Item["status"], number> = { accepted: 0, quarantined: 0, unmapped: 0, dropped: 0, rejected: 0 };
  for (const { status } of results) counts[status] += 1;
  return c.json({ results, counts });
}

/** One answer a message, in their order; or the meters whose readings nobody could take. */
async function take(env: Env, messages: unknown[]): Promise<Item[] | { meters: string[] }> {
  const { utcOffsetMinutes } = countryOf(env);
  const read = messages.map((message) => readMeterMessage(message, { utcOffsetMinutes, source: "iot" }));
  const own = read.flatMap((message) => (message.kind === "reading" ? [message.reading] : []));
  const recorded = own.length === 0 ? [] : await recordReadings(recordPortsOf(env), own, clockOf(env).now());
  const meters = own.filter((_, index) => recorded[index]?.status === "later").map(({ meterNumber }) => meterNumber);
  if (meters.length > 0) return { meters: [...new Set(meters)] };
  let nth = 0;
  return read.map((message) => itemOf(message, message.kind === "reading" ? recorded[nth++] : undefined));
}

function itemOf(message: MeterMessage, recorded: Recorded | undefined): Item {
  if (message.kind === "rejected") {
    const { meterNumber, field, value, expected } = message;
    return { status: "rejected", meter_id: meterNumber, field, value, expected };
  }
  if (message.kind === "dropped") return taken("dropped", message.meterNumber, null, message.because);
  const { meterNumber }: Reading = message.reading;
  if (recorded === undefined || recorded.status === "later") throw new Error("a reading was left without an answer");
  if (recorded.status === "no_room")
    return {
      status: "rejected",
      meter_id: meterNumber,
      field: "meter_id",
      value: meterNumber,
      expected: TOO_MANY_METERS,
    };
  return taken(recorded.status, meterNumber, recorded.account, recorded.because);
}

const taken = (
  status: Exclude<Item["status"], "rejected">,
  meterNumber: string,
  account: string | null,
  because: string | null,
): Item => ({ status, meter_id: meterNumber, account, delta_kwh: null, because });

const METERS_NAMED_MAX = 100;

function later(c: C, meters: string[]) {
  c.header("Retry-After", "5");
  return fail(c, 503, "not_ready", "not everything could be stored; send the same again", {
    meters: meters.slice(0, METERS_NAMED_MAX),
    count: meters.length,
  });
}

const notJson = (c: C) =>
  fail(c, 400, "not_json", 'send a reading, an array of readings, or {"readings": […]} as JSON');

/** Undefined: it is not JSON, or not UTF-8. */
function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body));
  } catch {
    return undefined;
  }
}

/** Null: one message and no list. */
function listIn(body: unknown): unknown[] | null {
  if (Array.isArray(body)) return body;
  const held = typeof body === "object" && body !== null && "readings" in body ? body.readings : null;
  return Array.isArray(held) ? held : null;
}

import { Hono } from "hono";
import { READINGS_MAX } from "../../src/services/record-readings.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { countsOf, takeReadings } from "../take-readings.ts";
import { type MeterRoute, meterDoor } from "./meter-door.ts";

type C = Parameters<typeof fail>[0];

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
  const items = await takeReadings(env, [message], "iot");
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
  const results = await takeReadings(env, messages, "iot");
  if (!Array.isArray(results)) return later(c, results.meters);
  return c.json({ results, counts: countsOf(results) });
}

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

import { Hono } from "hono";
import { z } from "zod";
import { neonCare } from "../../src/adapters/neon/care.ts";
import { workersAi } from "../../src/adapters/workers-ai.ts";
import { MESSAGE_CHARS_MAX } from "../../src/domain/classify-message.ts";
import { canonicalPhone } from "../../src/domain/phone.ts";
import { ticketOfKey } from "../../src/queries/tickets.ts";
import { takeMessage } from "../../src/services/take-message.ts";
import { tellEnded } from "../../src/services/tell-ended.ts";
import { isStorable, json, limited, query, saysJson } from "../body.ts";
import { door } from "../door.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, databaseOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";

/** Notices of one answer, and acknowledgements of one request. */
const NOTICES_MAX = 50;
/** A notice that was handed over and not acknowledged is handed over again: the bridge leaves out what it has sent, by its number. */
const AGAIN_MS = 5 * 60_000;
/** The bridge drops what is older than two minutes; one that was down for long brings nothing from before yesterday. */
const AGE_MS_MAX = 26 * 3_600_000;
const AHEAD_MS_MAX = 5 * 60_000;

const id = z.string().regex(/^[\x21-\x7e]{1,128}$/, "the message's id: 1 to 128 visible characters, no space");
const digits = z.string().regex(/^\+?\d{8,15}$/, "a phone number of 8 to 15 digits with its country's code");
const PhoneQuery = z.object({ phone: digits });
const MessageBody = z.strictObject({
  id,
  /** Where an answer goes: the number, or the id that hides it. */
  from: z.string().regex(/^[\x21-\x7e]{3,128}$/, "the sender's address: 3 to 128 visible characters, no space"),
  phone: digits.nullable().optional(),
  text: z
    .string()
    .refine(isStorable, "text without U+0000 and lone surrogates")
    .transform((typed) => typed.normalize("NFC").trim())
    .pipe(
      z.string().min(1, "at least one character").max(MESSAGE_CHARS_MAX, `at most ${MESSAGE_CHARS_MAX} characters`),
    ),
  at: z.iso
    .datetime({ offset: true, error: "an instant, as 2026-11-03T12:00:00Z" })
    .transform((iso) => Date.parse(iso)),
});
const NoticesQuery = z.object({ limit: queryNumber(1, NOTICES_MAX).default(NOTICES_MAX) });
const AckBody = z.strictObject({
  noticeIds: z.array(z.number().int().positive().max(Number.MAX_SAFE_INTEGER)).min(1).max(NOTICES_MAX),
});

/** Off where nobody has set one. */
const modelOf = ({ MODEL_URL: url, MODEL_TOKEN: token }: Env) => (url && token ? workersAi({ url, token }) : null);
const careOf = (env: Env) => neonCare(databaseOf(env));

/** A phone as the country writes it; of another country, its digits. */
const phoneOf = (env: Env, typed: string | null | undefined): string | null =>
  typed == null ? null : (canonicalPhone(typed, countryOf(env)) ?? typed).replace(/^\+/, "");

/**
 * The WhatsApp bridge, a program on another machine with a phone: it asks whose number writes, brings each message once, fetches
 * what is to be said and says what it has said. Its key opens this and nothing else.
 */
export const bridge = new Hono<{ Bindings: Env }>()
  .use("*", door("bridge"))
  .get("/customers", query(PhoneQuery), async (c) => {
    const phone = phoneOf(c.env, c.req.valid("query").phone) ?? "";
    const customers = await careOf(c.env).customersOfPhone(phone);
    return c.json({ phone, count: customers.length, customers });
  })
  .post("/messages", limited, saysJson, json(MessageBody), async (c) => {
    const { id: messageId, from, phone, text, at } = c.req.valid("json");
    const now = clockOf(c.env).now();
    // A clock that is wrong there does not move a conversation here.
    const isSane = at <= now + AHEAD_MS_MAX && at >= now - AGE_MS_MAX;
    const taken = await takeMessage(
      {
        country: countryOf(c.env),
        care: careOf(c.env),
        ticketIdOf: async (key) => (await ticketOfKey(readerOf(c.env), key))?.ticketId ?? null,
        model: modelOf(c.env),
        now: () => now,
      },
      { id: messageId, sender: from, phone: phoneOf(c.env, phone), text, at: isSane ? at : now },
    );
    return c.json(taken, taken.status === "duplicate" ? 200 : 201);
  })
  .get("/notices", query(NoticesQuery), async (c) => {
    const care = careOf(c.env);
    const now = clockOf(c.env).now();
    await tellEnded({ country: countryOf(c.env), care }, now);
    return c.json({ notices: await care.fetch(c.req.valid("query").limit, now, AGAIN_MS) });
  })
  .post("/notices/ack", limited, saysJson, json(AckBody), async (c) =>
    c.json({ told: await careOf(c.env).acknowledge(c.req.valid("json").noticeIds, clockOf(c.env).now()) }),
  );

import { Hono } from "hono";
import { z } from "zod";
import { COMMAND_TTL_MS, TTL_SECONDS_MAX, TTL_SECONDS_MIN } from "../../src/domain/relay-commands.ts";
import { metersOfThing } from "../../src/queries/thing.ts";
import { type Acting, allow } from "../allow.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { isKeyOf } from "../keys.ts";
import { accountLocator, directoryOf } from "../objects/locate.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";

const REASON_CHARS_MAX = 500;
const ID_CHARS_MAX = 64;
/** A person's word over a relay ends by itself: nobody is kept dark, or lit for nothing, because somebody forgot. */
const OVERRIDE_MS_MAX = 31 * 86_400_000;

const reason = z
  .string()
  .trim()
  .min(1)
  .max(REASON_CHARS_MAX)
  .refine(isStorable, "text without U+0000 and lone surrogates");

/** The bridge's words are the engineer's: a closed relay lets the current through. Both are understood. */
const ACTIONS = { connect: "connect", close: "connect", disconnect: "disconnect", open: "disconnect" } as const;
const RelayBody = z.object({
  action: z.enum(["connect", "disconnect", "close", "open"]),
  reason,
  ttl_seconds: z.number().int().min(TTL_SECONDS_MIN).max(TTL_SECONDS_MAX).optional(),
  note: z.string().max(REASON_CHARS_MAX).refine(isStorable, "text without U+0000 and lone surrogates").optional(),
  force: z.boolean().optional(),
});
const OverrideBody = z
  .object({
    state: z.enum(["keep_lit", "keep_dark", "auto"]),
    reason,
    until: z.iso
      .datetime({ offset: true })
      .transform((iso) => Date.parse(iso))
      .nullish(),
  })
  .refine(({ state, until }) => state === "auto" || until != null, {
    path: ["until"],
    message: "when it ends, as 2026-12-01T06:00:00Z",
  });
const ReleaseBody = z.object({
  read_at: z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso)),
  register_wh: z.number().int(),
  /** bill: it is right. rebase: right from now on, the jump is nobody's. discard: it was wrong. */
  how: z.enum(["bill", "rebase", "discard"]),
  reason,
});

type Vars = { Bindings: Env; Variables: Acting };
type C = Parameters<typeof fail>[0];

/** What persons order of a meter: light, dark, their word over it, and what becomes of a reading that waits. */
export const relays = new Hono<Vars>()
  .post("/:id/relay", allow("relay.command"), limited, saysJson, json(RelayBody), async (c) => {
    const { action, force = false, ttl_seconds = COMMAND_TTL_MS / 1_000, note, ...body } = c.req.valid("json");
    if (force && !isKeyOf(c.env, "override", c.req.header("X-Override-Key")))
      return fail(c, 403, "not_privileged", "force needs the privileged role: send its key in X-Override-Key");
    if (!countryOf(c.env).features.relay) return switchedOff(c, countryOf(c.env).name);
    const bound = await bind(c.env, c.req.param("id"));
    if (bound === null) return notOne(c);
    const answer = await accountLocator(c.env, bound.account).command(bound.account, {
      meterNumber: bound.meterNumber,
      action: ACTIONS[action],
      actor: c.get("actor"),
      reason: note === undefined ? body.reason : `${body.reason} (${note})`,
      ttlSeconds: ttl_seconds,
      force,
    });
    switch (answer.status) {
      case "queued": {
        const { commandId: cmd_id, thing: thing_name, skipped: skipped_safeguards } = answer;
        return c.json({ cmd_id, thing_name, action, status: "queued", ttl_seconds, skipped_safeguards });
      }
      case "refused":
        return fail(c, 409, "refused", answer.because.map((because) => REFUSED[because]).join("; "), answer.because);
      case "unknown":
        return notOne(c);
      case "not_ready":
        return notReady(c);
    }
  })
  .put("/:id/override", allow("relay.command"), limited, saysJson, json(OverrideBody), async (c) => {
    const { state, until, ...body } = c.req.valid("json");
    const now = clockOf(c.env).now();
    if (until != null && (until <= now || until > now + OVERRIDE_MS_MAX))
      return fail(c, 400, "bad_field", "check until", [
        { field: "until", value: new Date(until).toISOString(), expected: "in the future, and within 31 days" },
      ]);
    if (!countryOf(c.env).features.relay) return switchedOff(c, countryOf(c.env).name);
    const bound = await bind(c.env, c.req.param("id"));
    if (bound === null) return notOne(c);
    const { meterNumber, account } = bound;
    const order = { meterNumber, state, actor: c.get("actor"), ...body, expiresAt: until ?? null };
    const done = await accountLocator(c.env, account).override(account, order);
    if (done === "not_ready") return notReady(c);
    return done === "unknown" ? notOne(c) : c.json({ meter_id: meterNumber, account, state, until: until ?? null });
  })
  .post("/:id/quarantine/release", allow("relay.command"), limited, saysJson, json(ReleaseBody), async (c) => {
    const { read_at, register_wh, how, ...body } = c.req.valid("json");
    const bound = await bind(c.env, c.req.param("id"));
    if (bound === null) return notOne(c);
    const { meterNumber, account } = bound;
    const done = await accountLocator(c.env, account).release(account, {
      meterNumber,
      readAt: read_at,
      registerWh: register_wh,
      how,
      actor: c.get("actor"),
      ...body,
    });
    if (done === "not_ready") return notReady(c);
    if (done === "refused")
      return fail(
        c,
        422,
        "only_discard",
        "no meter of this account can have shown that then: it can only be discarded",
      );
    return done === "unknown"
      ? fail(c, 404, "unknown_reading", "no reading of that instant and register waits here")
      : c.json({ meter_id: meterNumber, account, read_at: new Date(read_at).toISOString(), register_wh, how });
  });

/** What each rule says to the person whose command it refuses. */
const REFUSED: Record<string, string> = {
  debounce: "the last command to this meter was given less than 10 minutes ago",
  payment_recent: "a payment came less than 5 minutes ago",
  not_seen: "this meter has not been heard for 30 minutes",
};

/** By the meter's number, with or without leading zeros, or by its gateway's name. Null: not exactly one is placed now. */
async function bind(env: Env, id: string): Promise<{ meterNumber: string; account: string } | null> {
  if (id.length > ID_CHARS_MAX) return null;
  const meterNumber = id.replace(/^0+(?=.)/, "");
  const now = clockOf(env).now();
  const account = await directoryOf(env).accountOfMeter(meterNumber, now);
  if (account !== null) return { meterNumber, account };
  const bound = await metersOfThing(readerOf(env), id, now);
  const [only] = bound;
  return bound.length === 1 && only !== undefined ? only : null;
}

const notOne = (c: C) =>
  fail(c, 409, "not_bound", "this is not exactly one meter that is placed on an account now and takes commands");
const switchedOff = (c: C, country: string) =>
  fail(c, 409, "switched_off", `relays are switched off in ${country}: no command goes to any meter`);
const notReady = (c: C) => fail(c, 503, "not_ready", "the account is not ready yet; send the same again");

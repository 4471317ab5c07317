import { Hono } from "hono";
import { z } from "zod";
import type { TillView } from "../../src/ports/tills.ts";
import { tillIds } from "../../src/queries/copies.ts";
import { ROAD_TILL } from "../../src/services/receive-payment.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { gateOf, tillOf } from "../objects/locate.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { refusedAsSetBack } from "../set-back.ts";
import { reason } from "./fields.ts";
import { capsField, NO_TILL, putTill, sendersField } from "./put-till.ts";
import { refuse } from "./refusals.ts";
import type { TillsView } from "./tills-view.ts";

/** More than any country has. */
const TILLS_MAX = 200;
const AT_ONCE_MAX = 20;

const CloseBody = z.object({
  provider: z.enum(["mpesa", "ecocash", "momo"]),
  startMinor: z.number().int(),
  reason: z.string().trim().min(1).max(500),
});

/** Tills of the roads without a phone: their sender is the road itself. */
const ROADS: readonly string[] = Object.values(ROAD_TILL);
const LimitsBody = z.strictObject({
  /** Of the till as it was read. */
  version: z.number().int().nonnegative(),
  senders: sendersField,
  caps: capsField,
  reason,
});

/** Tills: their caps of today, and the chain of each operator's balances. */
export const opsTills = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/tills", allow("money.read"), async (c) => {
    const country = countryOf(c.env);
    const recorded = await tillIds(readerOf(c.env)).catch(() => null);
    // While the database is down the phones name their tills.
    const ids = recorded ?? [
      ...Object.values(ROAD_TILL),
      ...new Set((await gateOf(c.env).phones()).map(({ tillId }) => tillId)),
    ];
    const tills: TillView[] = [];
    const unanswered: string[] = [];
    const asked = ids.slice(0, TILLS_MAX).toSorted();
    for (let from = 0; from < asked.length; from += AT_ONCE_MAX)
      await Promise.all(
        asked.slice(from, from + AT_ONCE_MAX).map(async (tillId) => {
          const view = await viewOf(c.env, tillId).catch(() => null);
          if (view === null) unanswered.push(tillId);
          else tills.push(view);
        }),
      );
    const { code, currency, minorDigits, utcOffsetMinutes } = country;
    const view: TillsView = {
      country: code,
      currency,
      minorDigits,
      utcOffsetMinutes,
      asOf: clockOf(c.env).now(),
      database: recorded === null ? "down" : "up",
      tills: tills.toSorted((a, b) => (a.facts.tillId < b.facts.tillId ? -1 : 1)),
      unanswered: unanswered.toSorted(),
    };
    return c.json(view);
  })
  .get("/tills/:tillId", allow("money.read"), async (c) => {
    const view = await viewOf(c.env, c.req.param("tillId"));
    return view === null ? fail(c, 404, "unknown_till", "no such till here") : c.json(view);
  })
  // Who is believed, and how much of it without a person: what a forged text would be worth.
  .put("/tills/:tillId/limits", allow("staff.manage"), limited, saysJson, json(LimitsBody), async (c) => {
    const { version, senders, caps, reason: why } = c.req.valid("json");
    const tillId = c.req.param("tillId");
    if (ROADS.includes(tillId)) return fail(c, 422, "refused", "this till is of a road without a phone, and stays");
    const present = await viewOf(c.env, tillId);
    if (present === null) return fail(c, 404, "unknown_till", "no such till here");
    const { name } = present.facts;
    const back = await refusedAsSetBack(c, NO_TILL);
    if (back !== null) return back;
    const registered = await putTill(c.env, { tillId, name, senders, caps, version }, changeOf(c, why));
    return registered.ok ? c.json({ tillId, version: registered.value.version }) : refuse(c, registered.error);
  })
  .post("/tills/:tillId/chain/close", allow("money.write"), limited, saysJson, json(CloseBody), async (c) => {
    const { provider, startMinor, reason } = c.req.valid("json");
    const closed = await tillOf(c.env, c.req.param("tillId")).closeChainCase({
      provider,
      startMinor,
      actor: c.get("actor"),
      reason,
      at: clockOf(c.env).now(),
    });
    return closed
      ? c.json({ closed })
      : fail(c, 404, "no_open_case", "this operator's chain at the till has no open case at that balance");
  });

const viewOf = async (env: Env, tillId: string): Promise<TillView | null> => tillOf(env, tillId).view();

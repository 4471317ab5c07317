import { Hono } from "hono";
import { z } from "zod";
import { neonCampaigns } from "../../src/adapters/neon/campaigns.ts";
import {
  CAMPAIGN_ALONE_MAX,
  CAMPAIGN_NAME_CHARS_MAX,
  CAMPAIGN_RECIPIENTS_MAX,
  campaignCostMinor,
  campaignTextFaults,
  needsSecondPerson,
} from "../../src/domain/campaign.ts";
import { CARRIER_UNSET } from "../../src/domain/sms-route.ts";
import type { Campaigns } from "../../src/ports/campaigns.ts";
import { findCampaign, listCampaigns } from "../../src/queries/campaigns.ts";
import { type Acting, allow } from "../allow.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, databaseOf, readerOf } from "../ports.ts";
import { refusedAsSetBack } from "../set-back.ts";
import { carrierBookOf, hasCarrier } from "../sms-channels.ts";
import { idOf, keyOf, noKey } from "./acts.ts";
import { line, reason } from "./fields.ts";
import { badFields, type C, refuse } from "./refusals.ts";

const TEXT_CHARS_MAX = 480;
const SITES_MAX = 100;
const language = z.enum(["en", "fr", "st"]);
const text = z.string().trim().min(1).max(TEXT_CHARS_MAX).refine(isStorable, "text without U+0000 and lone surrogates");
const shape = {
  audience: z.strictObject({
    sites: z.array(z.string().regex(/^[A-Z]{3}$/, "the three letters of a site")).max(SITES_MAX),
    customerType: line(20).nullable(),
    language: language.nullable(),
  }),
  texts: z.partialRecord(language, text),
};
const PreviewBody = z.strictObject(shape);
const ProposeBody = z.strictObject({ ...shape, name: line(CAMPAIGN_NAME_CHARS_MAX), reason });
const ActBody = z.strictObject({ reason });

const campaignsOf = (env: Env): Campaigns => neonCampaigns(databaseOf(env), countryOf(env));
const priceOf = async (env: Env) => ((await carrierBookOf(env).setting()) ?? CARRIER_UNSET).partPriceMinor;
const LIMITS = { aloneMax: CAMPAIGN_ALONE_MAX, recipientsMax: CAMPAIGN_RECIPIENTS_MAX };

/** SMS to many customers: who, how many and what it costs before; proposed, started and stopped by people; what became of it. */
export const campaigns = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("sms.read"), async (c) => {
    const [found, partPriceMinor] = await Promise.all([listCampaigns(readerOf(c.env)), priceOf(c.env)]);
    return c.json({
      ...{ asOf: clockOf(c.env).now(), carrier: hasCarrier(c.env), me: c.var.actor, ...LIMITS, partPriceMinor },
      campaigns: found,
    });
  })
  .post("/preview", allow("campaigns.send"), limited, saysJson, json(PreviewBody), async (c) => {
    const { audience, texts } = c.req.valid("json");
    const faults = campaignTextFaults(texts, countryOf(c.env));
    if (faults.length > 0) return badFields(c, faults);
    const [count, price] = await Promise.all([campaignsOf(c.env).count(audience, texts), priceOf(c.env)]);
    const costMinor = campaignCostMinor(count.parts, price);
    return c.json({ ...count, costMinor, secondPerson: needsSecondPerson(count.recipients) });
  })
  .post("/", allow("campaigns.send"), limited, saysJson, json(ProposeBody), async (c) => {
    const key = keyOf(c);
    if (key === null) return noKey(c);
    const { reason: why, ...order } = c.req.valid("json");
    if (!hasCarrier(c.env)) return noCarrier(c);
    const faults = campaignTextFaults(order.texts, countryOf(c.env));
    if (faults.length > 0) return badFields(c, faults);
    // Its SMS would have the names of another's, and whoever has sent those sends none of these.
    const back = await refusedAsSetBack(c, "no campaign is begun");
    if (back !== null) return back;
    const by = changeOf(c, why);
    const named = { ...order, key: `${by.actor}:${key}`, partPriceMinor: await priceOf(c.env) };
    const proposed = await campaignsOf(c.env).propose(named, by);
    if (!proposed.ok) return refuse(c, proposed.error);
    const campaign = await findCampaign(readerOf(c.env), { key: named.key });
    return campaign === null ? nothing(c) : c.json({ campaign }, 201);
  })
  .get("/:id{[0-9]+}", allow("sms.read"), async (c) => {
    const campaign = await findCampaign(readerOf(c.env), { id: idOf(c) });
    return campaign === null ? nothing(c) : c.json({ asOf: clockOf(c.env).now(), campaign });
  })
  .post("/:id{[0-9]+}/start", allow("campaigns.send"), limited, saysJson, json(ActBody), async (c) => {
    if (!hasCarrier(c.env)) return noCarrier(c);
    return answer(c, (campaigns, id, by) => campaigns.start(id, by), c.req.valid("json").reason);
  })
  .post("/:id{[0-9]+}/stop", allow("campaigns.send"), limited, saysJson, json(ActBody), async (c) =>
    answer(c, (campaigns, id, by) => campaigns.stop(id, by), c.req.valid("json").reason),
  );

const nothing = (c: C) => fail(c, 404, "unknown", "no such campaign here");
const noCarrier = (c: C) =>
  fail(c, 409, "no_carrier", "this country has no bulk carrier: set CM_URL, CM_TOKEN and CM_SENDER", {
    expected: ["CM_URL", "CM_TOKEN", "CM_SENDER"],
  });

async function answer(
  c: C,
  act: (campaigns: Campaigns, id: number, by: ReturnType<typeof changeOf>) => ReturnType<Campaigns["start"]>,
  why: string,
) {
  const env = c.env as Env;
  const done = await act(campaignsOf(env), idOf(c), changeOf(c, why));
  if (!done.ok) return done.error.kind === "unknown" ? nothing(c) : refuse(c, done.error);
  const campaign = await findCampaign(readerOf(env), { id: idOf(c) });
  return campaign === null ? nothing(c) : c.json({ campaign });
}

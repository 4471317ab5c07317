import { Hono } from "hono";
import { z } from "zod";
import {
  CARRIER_PER_DAY_MAX,
  CARRIER_PER_HOUR_MAX,
  CARRIER_UNSET,
  type CarrierSetting,
  PART_PRICE_MINOR_MAX,
  QUIET_HOURS,
  ROUTED_KINDS,
  SMS_ROUTES,
} from "../../src/domain/sms-route.ts";
import { TEMPLATE_KINDS } from "../../src/domain/templates.ts";
import { lastSaid } from "../../src/queries/last-said.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { directoryOf } from "../objects/locate.ts";
import { clockOf, readerOf } from "../ports.ts";
import { refusedAsSetBack } from "../set-back.ts";
import { carrierBookOf, hasCarrier } from "../sms-channels.ts";
import { reason, seenVersion } from "./fields.ts";
import { refuseSetting } from "./refusals.ts";

const hour = z.number().int().min(0).max(23);
const CarrierBody = z.strictObject({
  routes: z
    .partialRecord(z.enum(TEMPLATE_KINDS), z.enum(SMS_ROUTES))
    .refine(
      (routes) => Object.keys(routes).every((kind) => ROUTED_KINDS.some((each) => each === kind)),
      `routes of ${ROUTED_KINDS.join(", ")}; all else goes by phone`,
    ),
  partPriceMinor: z.number().int().min(0).max(PART_PRICE_MINOR_MAX).nullable(),
  perHourMax: z.number().int().min(1).max(CARRIER_PER_HOUR_MAX),
  perDayMax: z.number().int().min(1).max(CARRIER_PER_DAY_MAX),
  quiet: z
    .strictObject({ from: hour, to: hour })
    .refine(({ from, to }) => from !== to, "two different hours")
    .default(QUIET_HOURS),
  version: seenVersion,
  reason,
});

const SUBJECT = "setting:sms_carrier";

/** As people set it, and the quiet hours as they are where it was set before there were any to set. */
const whole = (setting: CarrierSetting | null) => ({ quiet: QUIET_HOURS, ...(setting ?? CARRIER_UNSET) });

/** Which channel each kind of SMS goes by, what the bulk carrier costs and may send, whether there is one, who said so and what was set before. */
export const carrierSetting = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/carrier", allow("sms.read"), async (c) => {
    const kept = await carrierBookOf(c.env).settingOfVersion();
    const said = await lastSaid<CarrierSetting>(readerOf(c.env), SUBJECT);
    return c.json({
      ...{
        asOf: clockOf(c.env).now(),
        configured: hasCarrier(c.env),
        setting: whole(kept?.setting ?? null),
        // Null: nobody has set it. Whoever sets it says which one was read.
        version: kept?.version ?? null,
        kinds: ROUTED_KINDS,
        routes: SMS_ROUTES,
      },
      said: said === null ? null : { ...said, before: whole(said.before) },
    });
  })
  .put("/carrier", allow("settings.write"), limited, saysJson, json(CarrierBody), async (c) => {
    const { reason: why, version, ...setting } = c.req.valid("json");
    const back = await refusedAsSetBack(c, "nothing of SMS is set");
    if (back !== null) return back;
    const registered = await carrierBookOf(c.env).putSetting(setting, changeOf(c, why), version);
    if (!registered.ok) return refuseSetting(c, readerOf(c.env), registered.error, SUBJECT);
    await directoryOf(c.env).putCarrierSetting(setting, registered.value.version);
    return c.json({ version: registered.value.version });
  });

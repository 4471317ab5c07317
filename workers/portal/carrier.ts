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
import { fail } from "../errors.ts";
import { directoryOf } from "../objects/locate.ts";
import { clockOf, readerOf } from "../ports.ts";
import { carrierBookOf, hasCarrier } from "../sms-channels.ts";
import { reason } from "./fields.ts";

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
  reason,
});

/** As people set it, and the quiet hours as they are where it was set before there were any to set. */
const whole = (setting: CarrierSetting | null) => ({ quiet: QUIET_HOURS, ...(setting ?? CARRIER_UNSET) });

/** Which channel each kind of SMS goes by, what the bulk carrier costs and may send, whether there is one, who said so and what was set before. */
export const carrierSetting = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/carrier", allow("sms.read"), async (c) => {
    const setting = whole(await carrierBookOf(c.env).setting());
    const said = await lastSaid<CarrierSetting>(readerOf(c.env), "setting:sms_carrier");
    return c.json({
      ...{
        asOf: clockOf(c.env).now(),
        configured: hasCarrier(c.env),
        setting,
        kinds: ROUTED_KINDS,
        routes: SMS_ROUTES,
      },
      said: said === null ? null : { ...said, before: whole(said.before) },
    });
  })
  .put("/carrier", allow("settings.write"), limited, saysJson, json(CarrierBody), async (c) => {
    const { reason: why, ...setting } = c.req.valid("json");
    const registered = await carrierBookOf(c.env).putSetting(setting, changeOf(c, why));
    if (!registered.ok) return fail(c, 422, registered.error.kind, registered.error.detail);
    await directoryOf(c.env).putCarrierSetting(setting, registered.value.version);
    return c.json({ version: registered.value.version });
  });

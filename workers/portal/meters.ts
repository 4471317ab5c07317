import { Hono } from "hono";
import { z } from "zod";
import { METER_ROLES } from "../../src/domain/reading.ts";
import type { RegistryRefusal } from "../../src/ports/registry.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { configureAccounts } from "../jobs/refresh-accounts.ts";
import { clockOf, countryOf, registryOf } from "../ports.ts";
import { accountField, happenedAt, line, reason, registerWhField } from "./fields.ts";
import { meterOf } from "./meter-id.ts";
import { badFields, refuse } from "./refusals.ts";

const RoleBody = z.object({ role: z.enum(METER_ROLES) });
const PlaceBody = z.strictObject({
  account: accountField,
  role: z.enum(METER_ROLES).default("primary"),
  /** From when on its readings are this account's; without it, from now. */
  from: happenedAt.optional(),
  baseRegisterWh: registerWhField.nullish(),
  thing: line(64).nullish(),
  ratingW: z.number().int().positive().max(10_000_000).nullish(),
  reason,
});
/** A clock at the meter may run a little ahead of ours. */
const AHEAD_MS_MAX = 5 * 60_000;

const REFUSED = { exists: 409, unknown: 404, refused: 422 } as const satisfies Record<RegistryRefusal["kind"], number>;

/** Which meter of an account bills, which is compared with it, which waits; and a meter that nobody has placed gets its account. */
export const meters = new Hono<{ Bindings: Env; Variables: Acting }>()
  .patch("/:id/role", allow("meters.write"), limited, saysJson, json(RoleBody), async (c) => {
    const meterNumber = meterOf(c);
    if (meterNumber === null) return fail(c, 404, "unknown", "no such meter here");
    const { role } = c.req.valid("json");
    const by = changeOf(c);
    const changed = await registryOf(c.env).putMeterRole(meterNumber, role, by);
    if (!changed.ok)
      return fail(
        c,
        REFUSED[changed.error.kind],
        changed.error.kind,
        changed.error.kind === "unknown" ? "no such meter is placed here now" : "the role cannot be changed",
        changed.error.detail,
      );
    const { account, meters: beside, version } = changed.value;
    await configureAccounts(c.env, [account]);
    return c.json({ meter_id: meterNumber, account, role, meters: beside, version });
  })
  .post("/:id/place", allow("meters.write"), limited, saysJson, json(PlaceBody), async (c) => {
    const meterNumber = meterOf(c);
    if (meterNumber === null) return fail(c, 404, "unknown", "no such meter here");
    const { account, role, from, baseRegisterWh = null, thing = null, ratingW = null, ...why } = c.req.valid("json");
    const by = changeOf(c, why.reason);
    if (from !== undefined && from > by.at + AHEAD_MS_MAX)
      return badFields(c, [{ field: "from", value: new Date(from).toISOString(), expected: "not in the future" }]);
    if (!countryOf(c.env).siteCodes.includes(account.slice(4)))
      return badFields(c, [{ field: "account", value: account, expected: `an account of ${countryOf(c.env).name}` }]);
    const placing = { account, meterNumber, role, from: from ?? clockOf(c.env).now(), baseRegisterWh, thing, ratingW };
    const placed = await registryOf(c.env).placeMeter(placing, by);
    if (!placed.ok) return refuse(c, placed.error);
    // Its object learns of the meter, then what waited is handed over in order.
    await configureAccounts(c.env, [account]);
    return c.json({ meter_id: meterNumber, account, role, from: placing.from, version: placed.value.version });
  });

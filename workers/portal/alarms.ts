import { Hono } from "hono";
import { z } from "zod";
import { ALARM_NAMES, ALARM_RULES, isAlarmName, newAlarm } from "../../src/domain/alarm.ts";
import { channelsOf } from "../../src/services/tell-on-call.ts";
import { recordAct } from "../act.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { directoryOf } from "../objects/locate.ts";
import { onCallOf } from "../on-call.ts";
import { clockOf } from "../ports.ts";
import type { AlarmsView } from "./alarms-view.ts";
import { reason } from "./fields.ts";

const SNOOZE_MINUTES_MAX = 24 * 60;
const AckBody = z.strictObject({
  reason,
  /** So long a raise is not told; null: it is. */
  snoozeMinutes: z.number().int().min(1).max(SNOOZE_MINUTES_MAX).nullable().default(null),
});

/** What the person on call is told of. None of it needs the database, but for a person's session. */
export const alarms = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/alarms", allow("reports.read"), async (c) => {
    const { states, tellings } = await directoryOf(c.env).alarms();
    const known = new Map(states.map((state) => [state.name, state]));
    return c.json({
      asOf: clockOf(c.env).now(),
      channels: channelsOf(onCallOf(c.env)),
      alarms: ALARM_NAMES.map((name) => ({ ...ALARM_RULES[name], ...(known.get(name) ?? newAlarm(name)) })),
      tellings: tellings.map(({ id, name, what, raisedAt, at, toldBy, waits }) => ({
        ...{ id, name, what, raisedAt, at, toldBy, waits },
      })),
    } satisfies AlarmsView);
  })
  .post("/alarms/:name/acknowledge", allow("operations.act"), limited, saysJson, json(AckBody), async (c) => {
    const name = c.req.param("name");
    if (!isAlarmName(name))
      return fail(c, 404, "unknown_alarm", `there is no such alarm; there are ${ALARM_NAMES.join(", ")}`);
    const { reason: why, snoozeMinutes } = c.req.valid("json");
    const directory = directoryOf(c.env);
    const isRaised = (await directory.alarms()).states.some((state) => state.name === name && state.raisedAt !== null);
    if (!isRaised) return fail(c, 409, "not_raised", "this alarm is not raised: there is nothing to acknowledge");
    await recordAct(c, "alarm.acknowledge", `alarm:${name}`, { snoozeMinutes }, why);
    const state = await directory.acknowledgeAlarm(name, {
      actor: c.get("actor"),
      reason: why,
      at: clockOf(c.env).now(),
      snoozeMs: snoozeMinutes === null ? null : snoozeMinutes * 60_000,
    });
    return state === null
      ? fail(c, 409, "not_raised", "it is over by now: there is nothing to acknowledge")
      : c.json({ ...ALARM_RULES[name], ...state });
  });

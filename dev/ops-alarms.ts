import { valueText } from "../src/domain/alarm-telling.ts";
import type { AlarmsView } from "../workers/portal/alarms-view.ts";
import { type Command, type Flags, need, say } from "./command.ts";
import { call, type Door } from "./door.ts";

/** What the person on call is told of, and saying that it was seen. */
export const ALARM_COMMANDS: Record<string, Command> = {
  alarms: {
    help: "[--json]   every alarm: raised or quiet, its value, since when, who was told and who has seen it; also while the database is down",
    run: alarms,
  },
  "alarm:seen": {
    help: "--alarm NAME --reason TEXT --actor NAME [--snooze MINUTES]   others see who is on it; for so long a raise is not told",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/alarms/${encodeURIComponent(need(flags, "alarm"))}/acknowledge`,
        { reason: need(flags, "reason"), snoozeMinutes: flags.snooze === undefined ? null : Number(flags.snooze) },
        need(flags, "actor"),
      ),
  },
};

async function alarms(door: Door, flags: Flags) {
  const view = await call<AlarmsView>(door, "GET", "/alarms");
  if (flags.json) return void console.log(JSON.stringify(view, null, 2));
  for (const line of alarmLines(view)) console.log(line);
}

/** A line an alarm; what is raised says more. */
export function alarmLines({ alarms, tellings, channels }: AlarmsView): string[] {
  const lines = alarms.map((alarm) => {
    const { name, value, subject, raisedAt, acknowledgedBy, snoozedUntil } = alarm;
    const telling = tellings.find((each) => each.name === name && each.raisedAt === raisedAt);
    const parts = [
      raisedAt === null ? "quiet " : "RAISED",
      name.padEnd(15),
      valueText(name, value).padEnd(8),
      raisedAt === null ? null : `since ${iso(raisedAt)}`,
      raisedAt === null || subject === null ? null : subject,
      raisedAt !== null && channels.length === 0 ? "nobody is told" : null,
      telling === undefined ? null : `told ${telling.toldBy.join("+") || "nobody yet"}`,
      telling === undefined || telling.waits.length === 0 ? null : `waits for ${telling.waits.join("+")}`,
      acknowledgedBy === null ? null : `seen by ${acknowledgedBy}`,
      snoozedUntil === null ? null : `not told until ${iso(snoozedUntil)}`,
    ];
    return parts
      .filter((part) => part !== null)
      .join("  ")
      .trimEnd();
  });
  return [...lines, channels.length === 0 ? "nobody is told: ON_CALL_* are not set" : `told by ${channels.join(", ")}`];
}

const iso = (at: number) => `${new Date(at).toISOString().slice(0, 16)}Z`;

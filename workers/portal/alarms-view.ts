import type { AlarmRule, AlarmState } from "../../src/domain/alarm.ts";
import type { KeptTelling } from "../../src/domain/alarm-telling.ts";

/** Every alarm with its rule, and what was told of them, the newest first. */
export type AlarmsView = {
  asOf: number;
  /** By which ways it is told: how many numbers, and whether a webhook; never which. */
  channels: string[];
  alarms: (AlarmRule & AlarmState)[];
  tellings: Pick<KeptTelling, "id" | "name" | "what" | "raisedAt" | "at" | "toldBy" | "waits">[];
};

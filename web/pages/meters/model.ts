import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";
import type { Tone } from "../../parts/badge.tsx";

type Client = ReturnType<typeof api>;
export type Meter = InferResponseType<Client["meters"]["$get"], 200>["meters"][number];
export type Counts = NonNullable<InferResponseType<Client["meters"]["$get"], 200>["counts"]>;
export type Story = InferResponseType<Client["meters"][":id"]["story"]["$get"], 200>;
export type Unmapped = InferResponseType<Client["meters"]["unmapped"]["$get"], 200>["meters"][number];

/** States one may look for, in the order in which they are offered. */
export const STATES = ["heard", "silent", "dark", "dark_with_credit", "override", "check", "held", "unplaced"] as const;
export type State = (typeof STATES)[number];
export const isState = (text: string): text is State => (STATES as readonly string[]).includes(text);

export const PLATFORMS = ["own", "koios", "thundercloud", "steama"] as const;
export type Platform = (typeof PLATFORMS)[number];
export const isPlatform = (text: string): text is Platform => (PLATFORMS as readonly string[]).includes(text);

/** Whether there is light, in a word and a colour. A platform's meter does not say. */
export const lightOf = ({
  connected,
}: {
  connected: boolean | null;
}): { word: "lit" | "dark" | "unknown"; tone: Tone } =>
  connected === null
    ? { word: "unknown", tone: "quiet" }
    : connected
      ? { word: "lit", tone: "good" }
      : { word: "dark", tone: "bad" };

/** What stands out of a long list. */
export const rowTone = (meter: Meter): "warn" | "bad" | "quiet" | undefined =>
  meter.darkWithCredit
    ? "bad"
    : meter.held || meter.override !== null
      ? "warn"
      : meter.account === null
        ? "quiet"
        : undefined;

const MINUTE_MS = 60_000;
/** How long a person's word over a relay may last, in minutes; the last is the most that the server takes. */
export const OVERRIDE_MINUTES = [15, 60, 240, 1_440, 10_080, 44_640] as const;

/** A little less than the longest, so that a clock that is behind by a moment is no fault. */
export const untilOf = (minutes: number, now: number): string =>
  new Date(now + minutes * MINUTE_MS - (minutes === OVERRIDE_MINUTES.at(-1) ? MINUTE_MS : 0)).toISOString();

/** "1 d 02:03:04", down to the second; null: it is over. */
export function countdown(until: number, now: number): string | null {
  const seconds = Math.ceil((until - now) / 1_000);
  if (seconds <= 0) return null;
  const two = (value: number) => String(value).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor((seconds % 86_400) / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60]
    .map(two)
    .join(":");
  return days === 0 ? clock : `${days} d ${clock}`;
}

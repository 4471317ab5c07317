import { facts } from "./country.ts";
import * as format from "./format.ts";
import { t } from "./shell/words.ts";

/** Figures as the country of the address writes them. Components that use these are drawn anew when it changes. */

export const cash = (amountMinor: number | null) =>
  format.money(amountMinor, facts.value?.currency ?? "", facts.value?.minorDigits ?? 2);

/** "2026-11-03 14:00" on the country's clock. */
export const when = (at: number | null) => (at === null ? "–" : format.instant(at, facts.value?.utcOffsetMinutes ?? 0));

/** "12 min ago", in the reader's language; a time to come as "in 12 min". */
export function since(at: number | null, now: number = Date.now()): string {
  if (at === null) return t("never");
  return at > now ? t("in", { time: span(at - now) }) : t("ago", { time: span(now - at) });
}

/** A stretch of time in its largest whole unit. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return t("seconds", { n: seconds });
  if (seconds < 3_600) return t("minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 172_800) return t("hours", { n: Math.floor(seconds / 3_600) });
  return t("days", { n: Math.floor(seconds / 86_400) });
}

export const energy = format.energy;
export const count = format.count;

/** Who acted, as the audit names them ("staff:3 mpho@example.org"), without what only the audit needs. */
export const byWhom = (actor: string | null): string => (actor ?? "").replaceAll(/staff:\d+ /g, "");

import { decimalText } from "../../../src/domain/decimal.ts";
import { parseAmountMinor } from "../../../src/domain/money.ts";

/** What a till lets credit by itself, the narrowest first. */
export const CAPS = ["paymentMinorMax", "accountDayMinorMax", "tillDayMinorMax", "chainBreakMinorMax"] as const;
export type Cap = (typeof CAPS)[number];
export type Limits = { senders: string[]; caps: Record<Cap, number> };
export type Typed = { senders: string; caps: Record<Cap, string> };

export const typedOf = ({ senders, caps }: Limits, minorDigits: 0 | 2): Typed => ({
  senders: senders.join("\n"),
  caps: Object.fromEntries(CAPS.map((cap) => [cap, decimalText(caps[cap], minorDigits)])) as Record<Cap, string>,
});

/** What was typed, as it is sent; what cannot be read is named. */
export function readLimits(typed: Typed, minorDigits: 0 | 2): { limits: Limits; wrong: (Cap | "senders")[] } {
  const senders = [...new Set(typed.senders.split("\n").map((line) => line.trim()))].filter((line) => line !== "");
  const read = CAPS.map((cap) => [cap, parseAmountMinor(typed.caps[cap], minorDigits)] as const);
  const wrong: (Cap | "senders")[] = read.flatMap(([cap, minor]) => (minor === null ? [cap] : []));
  if (senders.length === 0) wrong.push("senders");
  const caps = Object.fromEntries(read.map(([cap, minor]) => [cap, minor ?? 0])) as Record<Cap, number>;
  return { limits: { senders, caps }, wrong };
}

/** What would be another than now. */
export const changedCaps = (now: Limits, next: Limits): Cap[] => CAPS.filter((cap) => now.caps[cap] !== next.caps[cap]);
export const sendersChanged = (now: Limits, next: Limits): boolean =>
  JSON.stringify(now.senders) !== JSON.stringify(next.senders);

import type { AgreementKind } from "../../../src/domain/fees/agreement.ts";
import { parseAmountMinor } from "../../../src/domain/money.ts";

/** Ten-thousandths as people write them: 250 is "2.5 %". */
export const percentOf = (e4: number): string => `${e4 / 100} %`;

/** A percentage as it was typed, in ten-thousandths; null: it is none, or finer than a hundredth of a percent. */
export function percentE4(typed: string): number | null {
  const [, whole, part = ""] = /^\s*(\d{1,3})(?:[.,](\d{1,2}))?\s*%?\s*$/.exec(typed) ?? [];
  if (whole === undefined) return null;
  const e4 = Number(whole) * 100 + Number(part.padEnd(2, "0"));
  return e4 <= 10_000 ? e4 : null;
}

/** The form, as it was typed. */
export type Typed = Record<
  | "fee"
  | "title"
  | "principal"
  | "interest"
  | "setup"
  | "instalments"
  | "fraction"
  | "monthly"
  | "penalty"
  | "grace"
  | "interval",
  string
>;

/** The query that says what was typed; what was left empty is not in it. */
export function typedQuery(
  kind: AgreementKind,
  typed: Typed,
  about: { account: string; reason: string },
  minorDigits: 0 | 2,
): URLSearchParams {
  const money = (text: string) => (text === "" ? null : parseAmountMinor(text, minorDigits));
  const percent = (text: string) => (text === "" ? null : percentE4(text));
  const shared = { principalMinor: money(typed.principal), fractionE4: percent(typed.fraction) };
  const own =
    kind === "advance"
      ? { fee: typed.fee, monthlyFeeE4: percent(typed.monthly) }
      : {
          title: typed.title,
          interestMinor: money(typed.interest),
          setupMinor: money(typed.setup),
          instalments: typed.instalments,
          penaltyE4: percent(typed.penalty),
          ...(typed.penalty === "" ? {} : { graceDays: typed.grace, intervalDays: typed.interval }),
        };
  const said = Object.entries({ kind, ...about, ...shared, ...own }).flatMap(([name, value]) =>
    value === null || value === "" ? [] : [[name, String(value)]],
  );
  return new URLSearchParams(said);
}

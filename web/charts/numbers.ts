import type { Unit, Value } from "./figure.ts";

const ZEROS = { 1: 0, 10: 1, 100: 2, 1000: 3, 10000: 4, 1000000: 6 } as const satisfies Record<Unit["divisor"], number>;

/** The value exactly, as a decimal of its unit with a point: 1,234 Wh are "1.234". What is not whole stays as it is. */
export function exact(value: number, unit: Unit): string {
  if (!Number.isSafeInteger(value)) return String(value / unit.divisor);
  const zeros = ZEROS[unit.divisor];
  if (zeros === 0) return String(value);
  const digits = String(Math.abs(value)).padStart(zeros + 1, "0");
  const decimals = digits.slice(-zeros).replace(/0+$/, "");
  return `${value < 0 ? "-" : ""}${digits.slice(0, -zeros)}${decimals === "" ? "" : `.${decimals}`}`;
}

/** As it is read, in this language, with its unit: "1.23 kWh". A gap is a dash. */
export function shown(value: Value | undefined, unit: Unit, locale: string): string {
  if (value == null) return "–";
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: unit.digits });
  return `${format.format(exact(value, unit) as `${number}`)}${unit.name === "" ? "" : `\u00a0${unit.name}`}`;
}

/** Beside an axis: short, with as many decimals as its steps need. */
export function onAxis(value: number, step: number, unit: Unit, locale: string): string {
  const stepDigits = Math.max(0, -Math.floor(Math.log10(step / unit.divisor) + 1e-9));
  const big = Math.abs(value / unit.divisor) >= 1_000_000;
  const format = new Intl.NumberFormat(locale, {
    maximumFractionDigits: big ? 1 : Math.min(stepDigits, 6),
    ...(big ? { notation: "compact" as const } : {}),
  });
  return format.format(value / unit.divisor);
}

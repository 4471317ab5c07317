import { divideHalfEven } from "./money.ts";

/** What a meter measures, and in which whole unit it is kept: Wh, W, mV, mA, mHz. */
export type Quantity = "energy" | "power" | "voltage" | "current" | "frequency";

/** By how many powers of ten a unit is larger than the kept one. A number without a unit has the first. */
const UNITS = {
  energy: [
    ["kwh", 3],
    ["wh", 0],
  ],
  power: [
    ["w", 0],
    ["kw", 3],
  ],
  voltage: [
    ["v", 3],
    ["kv", 6],
  ],
  current: [
    ["a", 3],
    ["ma", 0],
  ],
  frequency: [["hz", 3]],
} as const satisfies Record<Quantity, readonly [Unit, ...Unit[]]>;

type Unit = readonly [name: string, power: number];

export const UNITS_EXPECTED = {
  energy: "a number in kWh or Wh",
  power: "a number in W or kW",
  voltage: "a number in V or kV",
  current: "a number in A or mA",
  frequency: "a number in Hz",
} as const satisfies Record<Quantity, string>;

const TEXT_CHARS_MAX = 60;
const EXPONENT_MAX = 30;
/** A number, dot or comma before its decimals, and whatever letters follow. The exponent is how JSON numbers are written when they are tiny or huge. */
const MEASURED = /^([+-]?)(\d+)(?:[.,](\d+))?(?:e([+-]?\d{1,3}))?\s*([a-z%°].*)?$/i;

export type Measured = { ok: true; value: number } | { ok: false; because: "no_number" | "unknown_unit" };

/**
 * A measured value as a whole number of its kept unit: "3.01 kWh", "230,1 V", 84. Goes from digit to digit and rounds
 * once, half to even; no float is multiplied, so the JSON number 3.01 is exactly 3010 Wh. A unit that is not known is
 * never guessed, and a number too large to be whole is none.
 */
export function measured(value: string | number, quantity: Quantity): Measured {
  const text = String(value).trim();
  const [, sign, whole = "", decimals = "", exponent = "0", unitText = ""] =
    text.length > TEXT_CHARS_MAX ? [] : (MEASURED.exec(text) ?? []);
  if (sign === undefined) return { ok: false, because: "no_number" };
  const units: readonly Unit[] = UNITS[quantity];
  const unit = unitText === "" ? UNITS[quantity][0] : units.find(([name]) => name === unitText.toLowerCase());
  if (unit === undefined) return { ok: false, because: "unknown_unit" };
  const power = unit[1] + Number(exponent) - decimals.length;
  if (Math.abs(power) > EXPONENT_MAX + TEXT_CHARS_MAX) return { ok: false, because: "no_number" };
  const digits = BigInt(whole + decimals);
  const size = power >= 0 ? digits * 10n ** BigInt(power) : divideHalfEven(digits, 10n ** BigInt(-power));
  const kept = Number(sign === "-" ? -size : size);
  return Number.isSafeInteger(kept) ? { ok: true, value: kept } : { ok: false, because: "no_number" };
}

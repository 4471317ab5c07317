/** The only place where a watt-hour becomes "1.2 kWh" and a minor unit becomes money. */

/** Below one kWh in watt-hours: a quarter of an hour of light is 21 Wh, not 0.0 kWh. */
export function energy(energyWh: number | null): string {
  if (energyWh === null) return "–";
  const size = Math.abs(energyWh);
  const sign = energyWh < 0 ? "−" : "";
  if (size < 1_000) return `${sign}${size} Wh`;
  const tenths = Math.round(size / 100);
  return `${sign}${grouped(String(Math.floor(tenths / 10)))}.${tenths % 10} kWh`;
}

const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+$)/g, "\u202f");

export function money(amountMinor: number | null, currency: string, minorDigits: 0 | 2): string {
  if (amountMinor === null) return "–";
  const sign = amountMinor < 0 ? "−" : "";
  const digits = String(Math.abs(amountMinor)).padStart(minorDigits + 1, "0");
  const whole = grouped(digits.slice(0, digits.length - minorDigits));
  const part = minorDigits === 0 ? "" : `.${digits.slice(-minorDigits)}`;
  return `${sign}${whole}${part} ${currency}`;
}

export function ago(at: number | null, now: number): string {
  if (at === null) return "never";
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** The local day, minute and no more, as "2026-11-03 14:00". */
export const instant = (at: number, utcOffsetMinutes: number) =>
  new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 16).replace("T", " ");

/** The local day, as "2026-11-03". */
export const day = (at: number, utcOffsetMinutes: number) => instant(at, utcOffsetMinutes).slice(0, 10);

/** In place of rows that cannot be asked for: none known is not none. */
export const NOT_KNOWN = "Not known: the database does not answer.";

/** The local hour and minute, as "14:00". */
export const clock = (at: number, utcOffsetMinutes: number) =>
  new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(11, 16);

/** Zero hides nothing, but it should not shout either. */
export const count = (value: number) => new Intl.NumberFormat("en").format(value);

/** "because" words are the same in code, SQL and on the screen; only the underscores go. */
export const words = (text: string | null) => (text === null ? "" : text.replaceAll("_", " "));

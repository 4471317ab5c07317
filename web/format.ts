/** The only place where a watt-hour becomes "1.2 kWh" and a minor unit becomes money. */

export const kwh = (energyWh: number | null) => (energyWh === null ? "–" : `${(energyWh / 1000).toFixed(1)} kWh`);

export function money(amountMinor: number | null, currency: string, minorDigits: 0 | 2): string {
  if (amountMinor === null) return "–";
  const sign = amountMinor < 0 ? "−" : "";
  const digits = String(Math.abs(amountMinor)).padStart(minorDigits + 1, "0");
  const whole = digits.slice(0, digits.length - minorDigits).replace(/\B(?=(\d{3})+$)/g, "\u202f");
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

/** Zero hides nothing, but it should not shout either. */
export const count = (value: number) => new Intl.NumberFormat("en").format(value);

/** "because" words are the same in code, SQL and on the screen; only the underscores go. */
export const words = (text: string | null) => (text === null ? "" : text.replaceAll("_", " "));

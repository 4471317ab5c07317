const INSTANT = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?\s?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * An instant as vendors write it, UTC ms: "2026-04-10T13:15:00+00:00", "2026-04-10 13:15:00.123456". Without a zone it is
 * UTC: that is what their exports say of themselves. Null: it is none, or no such day exists.
 */
export function vendorInstant(text: string): number | null {
  const match = INSTANT.exec(text.trim());
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return null;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  // 31 February becomes 3 March, and 25:00 the next day: neither was meant.
  const written = [year, month - 1, day, hour ?? 0, minute ?? 0, second ?? 0];
  const date = new Date(at);
  const read = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  return written.every((part, index) => part === read[index]) ? at - offsetMs(match[7]) : null;
}

function offsetMs(zone: string | undefined): number {
  if (zone === undefined || /^z$/i.test(zone)) return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

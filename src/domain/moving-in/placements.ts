import type { Country } from "../country.ts";
import type { OldMeter } from "./meters.ts";
import type { LeftForAPerson } from "./records.ts";
import { instantOfWall } from "./wall-time.ts";

/** `to` null: it hangs there still. Instants in UTC ms. */
export type MovedMeter = { meterNumber: string; role: "primary" | "check"; from: number; to: number | null };
/** Where a meter hung, and when, where the old database kept that. */
export type Hung = { account: string; from: number; to: number | null };

type Hanging = { meter: OldMeter; from: number; to: number | null };

/** Meters in these states hang nowhere. */
const HANGING_NOWHERE = new Set(["retired", "stock"]);
const statusOf = ({ status }: OldMeter) => status?.trim().toLowerCase() ?? "";

/** Which meters hung on which account, of those whose hanging was kept. */
export function hungIn(meters: readonly OldMeter[]): ReadonlyMap<string, Hanging[]> {
  const all = meters.flatMap((meter) =>
    (meter.hung ?? []).map(({ account, from, to }) => ({ account, meter, from, to })),
  );
  return Map.groupBy(all, ({ account }) => account);
}

/**
 * Where one meter alone hangs, or is alone in use, it counts what the account uses; else a person says which does. What
 * hung there before it is kept with its end.
 */
export function placementsOf(
  account: string,
  meters: readonly OldMeter[],
  hung: ReadonlyMap<string, Hanging[]>,
  openedAt: number | null,
  country: Country,
  left: LeftForAPerson[],
): MovedMeter[] {
  const here = hung.get(account) ?? [];
  const isElsewhere = ({ hung: all = [] }: OldMeter) =>
    all.some(({ to, account: of }) => to === null && of !== account);
  const present = meters.filter((meter) => !isElsewhere(meter));
  const hanging = present.filter((meter) => !HANGING_NOWHERE.has(statusOf(meter)));
  for (const meter of present.filter((each) => !hanging.includes(each) && !here.some((past) => past.meter === each)))
    left.push({
      what: "meter_not_placed",
      subject: `meter ${meter.meter}`,
      detail: `${statusOf(meter)}, of ${account}`,
    });
  const counting = hanging.filter(({ role }) => role !== "check");
  const inUse = counting.filter((meter) => statusOf(meter) === "active");
  const primary = counting.length === 1 ? counting[0] : inUse.length === 1 ? inUse[0] : undefined;
  if (primary === undefined && counting.length > 0) {
    const detail = `${counting.map(({ meter }) => meter).join(", ")}: none debits until a person says which does`;
    left.push({ what: "primary_meter_unclear", subject: `account ${account}`, detail });
  }
  const now = hanging.flatMap((meter): MovedMeter[] => {
    const from = since(account, meter, openedAt, country);
    if (from !== null)
      return [{ meterNumber: meter.meter, role: meter === primary ? "primary" : "check", from, to: null }];
    left.push({
      what: "meter_not_placed",
      subject: `meter ${meter.meter}`,
      detail: `nobody knows since when, of ${account}`,
    });
    return [];
  });
  return [...before(here, now), ...now];
}

/** Since when it hangs there: as its hanging was kept, else by its own row, else as long as the account is. */
function since(account: string, meter: OldMeter, openedAt: number | null, country: Country): number | null {
  const all = meter.hung ?? [];
  const open = all.find((each) => each.account === account && each.to === null);
  if (open !== undefined) return open.from;
  const day = meter.connectedOn ?? meter.installedOn;
  const from = day === null ? openedAt : midnight(day, country);
  // It cannot have come here before it left where it was.
  const left = Math.max(...all.map(({ to }) => to ?? 0), 0);
  return from === null ? null : Math.max(from, left);
}

/** What hung here and was taken down. Two never counted at once: the later one of two is a check meter. */
function before(here: readonly Hanging[], now: readonly MovedMeter[]): MovedMeter[] {
  const ends = now.filter(({ role }) => role === "primary").map(({ from }) => ({ from, to: Number.POSITIVE_INFINITY }));
  return [...here]
    .sort((a, b) => a.from - b.from)
    .flatMap(({ meter, from, to }): MovedMeter[] => {
      if (to === null) return [];
      const counts = meter.role !== "check" && !ends.some((other) => from < other.to && other.from < to);
      if (counts) ends.push({ from, to });
      return [{ meterNumber: meter.meter, role: counts ? "primary" : "check", from, to }];
    });
}

/** The first instant of a local day. */
export const midnight = (day: string, country: Country): number =>
  instantOfWall(Date.parse(`${day}T00:00:00Z`), country);

/** What one system says of an account on a local day. */
export type DaySaid = { payments: number; amountMinor: number; creditedWh: number; balanceWh: number };
/** `beforeWh`: the balance as the first day begins. Days on which nothing happened are not there. */
export type AccountSaid = {
  beforeWh: number;
  days: ReadonlyMap<string, Omit<DaySaid, "balanceWh"> & { balanceWh: number | null }>;
};
export type DayDiffers = { account: string; day: string; old: DaySaid; here: DaySaid };

const NOTHING: AccountSaid = { beforeWh: 0, days: new Map() };

/**
 * The days on which the two systems say different things: another payment, another credit, or a balance that moved apart or
 * together since the day before. A balance that stays apart by the same is said once. The largest difference first.
 */
export function differingDays(
  days: readonly string[],
  old: ReadonlyMap<string, AccountSaid>,
  here: ReadonlyMap<string, AccountSaid>,
): DayDiffers[] {
  const found: DayDiffers[] = [];
  for (const account of new Set([...old.keys(), ...here.keys()])) {
    const [there, ours] = [old.get(account) ?? NOTHING, here.get(account) ?? NOTHING];
    let [oldWh, hereWh, apartWh] = [there.beforeWh, ours.beforeWh, 0];
    for (const day of days) {
      const [a, b] = [said(there, day, oldWh), said(ours, day, hereWh)];
      [oldWh, hereWh] = [a.balanceWh, b.balanceWh];
      const isPaidOtherwise =
        a.payments !== b.payments || a.amountMinor !== b.amountMinor || a.creditedWh !== b.creditedWh;
      if (isPaidOtherwise || b.balanceWh - a.balanceWh !== apartWh) found.push({ account, day, old: a, here: b });
      apartWh = b.balanceWh - a.balanceWh;
    }
  }
  return found.sort((a, b) => weight(b) - weight(a) || compareText(a.day + a.account, b.day + b.account));
}

const said = ({ days }: AccountSaid, day: string, beforeWh: number): DaySaid => {
  const { payments, amountMinor, creditedWh, balanceWh } = days.get(day) ?? {
    payments: 0,
    amountMinor: 0,
    creditedWh: 0,
    balanceWh: null,
  };
  return { payments, amountMinor, creditedWh, balanceWh: balanceWh ?? beforeWh };
};

/** By energy, in which credit and balance are both counted; of a payment that brought none, by its money. */
export const weight = ({ old, here }: DayDiffers): number =>
  Math.max(
    Math.abs(old.creditedWh - here.creditedWh),
    Math.abs(old.balanceWh - here.balanceWh),
    Math.abs(old.amountMinor - here.amountMinor),
  );

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

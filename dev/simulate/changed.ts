/** What may not change when everything that was ever told is told once more. */
import type { Broken, Seen } from "./invariants.ts";

/** What has to be the same after everything was told again: money, energy, receipts and texts. */
export function changed(first: Seen, second: Seen): Broken[] {
  const lines = (seen: Seen) =>
    [
      ...seen.entries.map(({ receipt, book, kind, amountMinor, energyWh, account }) =>
        JSON.stringify({ receipt, book, kind, amountMinor, energyWh, account }),
      ),
      ...seen.payments.map((payment) => JSON.stringify(payment)),
      ...seen.shares.map((share) => JSON.stringify(share)),
      ...seen.sms.map((content) => JSON.stringify(content)),
      ...seen.wallets.map((payment) => JSON.stringify(payment)),
      ...seen.accounts.map(({ account, balanceWh, availableWh }) =>
        JSON.stringify({ account, balanceWh, availableWh }),
      ),
    ].sort();
  const [before, after] = [lines(first), lines(second)];
  const by = [
    ...lacks(before, after).map((line) => `gone ${line}`),
    ...lacks(after, before).map((line) => `new ${line}`),
  ];
  return by.length === 0
    ? []
    : [{ sentence: "all that was told once more changes nothing", by: by.slice(0, 5).join("; ") }];
}

/** What is in `all` more often than in `others`. */
function lacks(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return all.filter((line) => {
    const n = left.get(line) ?? 0;
    left.set(line, n - 1);
    return n <= 0;
  });
}

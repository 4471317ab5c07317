import { COUNTRIES } from "../../src/domain/country.ts";
import type { CaseRow } from "../../src/domain/outbox.ts";
import { ok } from "../../src/domain/result.ts";
import type { CreditState } from "../../src/domain/vendor-credit.ts";
import type { PlatformPayment } from "../../src/domain/vendor-payment.ts";
import type { MemoCredit, OurCredit } from "../../src/ports/mirrors.ts";
import { beginMirror, mirrorPage } from "../../src/services/mirror-payments.ts";
import type { MirrorPorts } from "../../src/services/mirror-ports.ts";
import type { StatedPayment } from "../../src/services/receive-payment.ts";

/** A platform with its list of payments, our books, and a run over both. */

export const NOW = Date.UTC(2026, 5, 18, 12);
export const MINUTE = 60_000;
export const DAY = 86_400_000;
export const CUTOVER = NOW - 60 * DAY;

export const listed = (over: Partial<PlatformPayment> = {}): PlatformPayment => ({
  key: over.vendorId ?? "9c1f0a52-0000-4000-8000-000000000001",
  vendorId: "9c1f0a52-0000-4000-8000-000000000001",
  externalId: null,
  customerCode: "0045SEH",
  serial: "SM16R-01-0000ABCD",
  amountMinor: 5_000,
  memo: null,
  status: "processed",
  isReversal: false,
  at: NOW - 30 * MINUTE,
  ...over,
});

/** A platform of one list, cut into pages, and a country that claims what it is brought. */
export function world(list: PlatformPayment[], over: Partial<MirrorPorts> = {}, pageRows = 50) {
  const received: StatedPayment[] = [];
  const blocked: string[] = [];
  const cases: CaseRow[] = [];
  const credits = new Map<string, CreditState>();
  const memos: (OurCredit & MemoCredit)[] = [];
  const booked: { account: string; amountMinor: number; receipt: string; at: number }[] = [];
  const kept = { at: null as number | null, counts: {} as Record<string, number> };
  const sorted = () => list.toSorted((a, b) => b.at - a.at);
  const ports: MirrorPorts = {
    vendor: "koios",
    country: COUNTRIES.LS,
    payments: {
      page: async (number) => {
        const payments = sorted().slice(number * pageRows, (number + 1) * pageRows);
        return { payments, leftOut: {}, more: payments.length > 0 };
      },
    },
    mirrors: {
      watermark: async () => kept.at,
      advance: async (_, at, counts) => {
        kept.at = Math.max(kept.at ?? 0, at);
        kept.counts = counts;
      },
      credits: async (ids) => {
        const known = new Map<string, OurCredit>();
        for (const id of ids) {
          const state = credits.get(id);
          if (state !== undefined) known.set(id, { id, account: "0045SEH", amountMinor: 5_000, state });
        }
        return known;
      },
      creditsByMemo: async (asked) => {
        const name = ({ account, amountMinor, memo }: MemoCredit) => `${account} ${amountMinor} ${memo}`;
        const names = new Set(asked.map(name));
        return memos.filter((each) => names.has(name(each)));
      },
      mirrored: async (account, amountMinor) =>
        booked.filter((each) => each.account === account && each.amountMinor === amountMinor),
      openCase: async (row) => {
        cases.push(row);
      },
    },
    receipts: {
      block: async ({ receipt }) => {
        blocked.push(receipt);
      },
      state: async (receipt) => (booked.some((each) => each.receipt === receipt) ? ({ receipt } as never) : null),
    },
    accountOfMeter: async (meter) => (meter === "SM16R-01-0000ABCD" ? "0045SEH" : null),
    receive: async (payment) => {
      received.push(payment);
      const { receipt, account, amountMinor, statedAt } = payment;
      const isKnown = booked.some((each) => each.receipt === receipt);
      if (!isKnown) booked.push({ receipt, account, amountMinor, at: Number(statedAt) });
      return ok({ status: isKnown ? "duplicate" : "credited", state: { receipt } as never });
    },
    cutoverAt: async () => CUTOVER,
    writers: async () => [],
    now: () => NOW,
    ...over,
  };
  return { ports, received, blocked, cases, credits, memos, booked, kept };
}

export async function run(ports: MirrorPorts, from: number | null = null) {
  let page = await beginMirror(ports, from);
  while (page !== null) {
    const step = await mirrorPage(ports, page);
    if (step.status !== "next") return step;
    page = step.page;
  }
  return null;
}

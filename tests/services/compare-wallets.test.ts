import { beforeEach, describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { VendorBalance } from "../../src/ports/vendor-balances.ts";
import type { FeedRefusal } from "../../src/ports/vendor-feeds.ts";
import type { WalletAccount, WalletCheck } from "../../src/ports/wallet-books.ts";
import { type ComparePorts, compareWallet, compareWallets, WALLETS_MAX } from "../../src/services/compare-wallets.ts";

const NOW = Date.parse("2026-11-28T01:17:00Z");
const known = (account: string, facts: Partial<WalletAccount["facts"]> = {}): WalletAccount => ({
  accountId: Number(account.slice(0, 4)),
  account,
  site: account.slice(4),
  vendor: "koios",
  facts: {
    oursWh: 20_000,
    rateE4PerKwh: 50_000,
    usedWh: 0,
    undelivered: [],
    unreturned: [],
    foreign: [],
    missing: [],
    usualWhPerHour: 40,
    ratedWhPerHour: 2_000,
    ...facts,
  },
});
const number = (n: number) => `${String(n).padStart(4, "0")}MAT`;

let accounts: WalletAccount[];
let kept: WalletCheck[];
let asked: string[];
let answers: Record<string, VendorBalance | "unknown" | FeedRefusal>;
let hasKey: boolean;
const wallet = (customerCode: string, balanceMinor: number): VendorBalance => ({
  customerCode,
  balanceMinor,
  serials: [],
  rateE4PerKwh: 50_000,
});
const ports: ComparePorts = {
  country: COUNTRIES.LS,
  now: () => NOW,
  balancesOf: () =>
    hasKey
      ? {
          balance: async (code) => {
            asked.push(code);
            return answers[code] ?? wallet(code, 10_000);
          },
        }
      : null,
  books: {
    page: async (after, limit) => accounts.filter(({ account }) => account > after).slice(0, limit),
    one: async (account) => accounts.find((each) => each.account === account) ?? null,
    keep: async (checks) => {
      kept.push(...checks);
    },
  },
};
beforeEach(() => {
  accounts = Array.from({ length: 7 }, (_, n) => known(number(n + 1)));
  kept = [];
  asked = [];
  answers = {};
  hasKey = true;
});

describe("the comparison of wallets", () => {
  it("looks at each account once, keeps what it saw, and says which differ", async () => {
    answers = { [number(3)]: wallet(number(3), 12_000) };
    expect(await compareWallets(ports, "")).toEqual({ checked: 7, differ: [number(3)], stopped: null, next: null });
    expect(kept).toHaveLength(7);
    expect(kept[2]).toMatchObject({
      verdict: "differ",
      walletMinor: 12_000,
      oursWh: 20_000,
      theirsWh: 24_000,
      causes: [{ cause: "platform_edit", explainsWh: 4_000 }],
    });
  });

  it("goes on after a full page", async () => {
    accounts = Array.from({ length: WALLETS_MAX + 3 }, (_, n) => known(number(n + 1)));
    const first = await compareWallets(ports, "");
    expect(first).toMatchObject({ checked: WALLETS_MAX, next: number(WALLETS_MAX) });
    expect(await compareWallets(ports, first.next ?? "")).toMatchObject({ checked: 3, next: null });
    expect(new Set(asked).size).toBe(WALLETS_MAX + 3);
  });

  it("stops where the vendor refuses, keeps what it has, and goes on from there", async () => {
    answers = { [number(6)]: { refused: "budget_spent", retryAt: NOW + 1, detail: "30,000 of 30,000" } };
    expect(await compareWallets(ports, "")).toEqual({
      checked: 5,
      differ: [],
      stopped: "koios: budget_spent, 30,000 of 30,000",
      next: number(5),
    });
    expect(kept.map(({ account }) => account)).toEqual([1, 2, 3, 4, 5].map(number));
    answers = {};
    expect(await compareWallets(ports, number(5))).toMatchObject({ checked: 2, stopped: null, next: null });
  });

  it("that is refused at once goes on from where it began", async () => {
    answers = { [number(1)]: { refused: "unauthorised", retryAt: null, detail: "401" } };
    expect(await compareWallets(ports, "")).toMatchObject({ checked: 0, next: "" });
    expect(kept).toEqual([]);
  });

  it("says of a customer whom the platform does not show, and of a country without its key, that nothing is known", async () => {
    answers = { [number(1)]: "unknown" };
    await compareWallets(ports, "");
    expect(kept[0]).toMatchObject({
      verdict: "unknown",
      walletMinor: null,
      theirsWh: null,
      causes: [{ cause: "no_wallet" }],
    });
    hasKey = false;
    expect(await compareWallet(ports, number(2))).toMatchObject({ verdict: "unknown" });
    expect(asked).not.toContain("nobody");
  });

  it("waits for what time puts right: a credit that is on its way", async () => {
    accounts = [
      known(number(1), { oursWh: 24_000, undelivered: [{ externalId: "e", energyWh: 4_000, state: "sent" }] }),
    ];
    await compareWallets(ports, "");
    expect(kept[0]).toMatchObject({ verdict: "waits", causes: [{ cause: "credit_not_delivered" }] });
  });

  it("of one account is null where it has no wallet on a platform", async () => {
    expect(await compareWallet(ports, "9999MAT")).toBeNull();
    expect(kept).toEqual([]);
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { LIVE_TTL_MS } from "../../src/domain/live-balance.ts";
import type { KeptLook, LiveAccount } from "../../src/ports/live-balances.ts";
import type { FeedRefusal } from "../../src/ports/vendor-feeds.ts";
import { freshLook, type LivePorts, lookAtWallets } from "../../src/services/look-at-wallets.ts";

const NOW = Date.parse("2026-11-03T12:00:00Z");
const MINUTE = 60_000;
const number = (n: number, site = "MAT") => `${String(n).padStart(4, "0")}${site}`;

let accounts: LiveAccount[];
let kept: KeptLook[];
let asked: string[];
let wallets: Record<string, number | "unknown" | FeedRefusal>;
let used: number;

const account = (n: number, over: Partial<LiveAccount> = {}): LiveAccount => ({
  accountId: n,
  account: number(n),
  vendor: "koios",
  rateE4PerKwh: 50_000,
  ledgerWh: 50,
  usualWhPerHour: 100,
  look: null,
  ...over,
});
const ports: LivePorts = {
  country: COUNTRIES.LS,
  now: () => NOW,
  usedToday: async () => used,
  balancesOf: () => ({
    balance: async (customerCode) => {
      asked.push(customerCode);
      const is = wallets[customerCode] ?? 6_150;
      return typeof is === "number" ? { customerCode, balanceMinor: is, serials: [], rateE4PerKwh: 999_999 } : is;
    },
  }),
  live: {
    candidates: async (_, limit) => accounts.slice(0, limit),
    one: async (wanted) => accounts.find((each) => each.account === wanted) ?? null,
    keep: async (looks) => {
      kept.push(...looks);
    },
  },
};
const busy: FeedRefusal = { refused: "unavailable", retryAt: null, detail: "Koios answered 502" };

beforeEach(() => {
  accounts = Array.from({ length: 6 }, (_, n) => account(n + 1));
  kept = [];
  asked = [];
  wallets = {};
  used = 0;
});

describe("a run of looks", () => {
  it("keeps each wallet at the account's own rate, never the platform's, and never as energy", async () => {
    wallets = { [number(2)]: -70, [number(3)]: "unknown" };
    accounts[3] = account(4, { rateE4PerKwh: null });
    expect(await lookAtWallets(ports, 40)).toEqual({ due: 6, looked: 6, stopped: {} });
    expect(kept.map(({ walletMinor, balanceWh }) => [walletMinor, balanceWh])).toEqual([
      [6_150, 12_300],
      [-70, -140],
      [null, null],
      [6_150, null],
      [6_150, 12_300],
      [6_150, 12_300],
    ]);
    expect(kept.every(({ readAt }) => readAt === NOW)).toBe(true);
  });

  it("takes no more than it is told, and says how many are due", async () => {
    expect(await lookAtWallets(ports, 2)).toMatchObject({ due: 6, looked: 2 });
    expect(asked).toHaveLength(2);
  });

  it("asks nothing when the day's looks are spent", async () => {
    used = 8_000;
    expect(await lookAtWallets(ports, 40)).toEqual({ due: 0, looked: 0, stopped: {} });
    expect(asked).toEqual([]);
  });

  it("ends where a vendor refuses, keeps what it saw, and goes on with the other vendor", async () => {
    wallets = { [number(2)]: busy };
    accounts.push(account(7, { account: number(7, "MAK"), vendor: "thundercloud" }));
    const run = await lookAtWallets(ports, 40);
    expect(run).toEqual({ due: 7, looked: 4, stopped: { koios: "Koios answered 502" } });
    // Four are asked at a time.
    expect(asked).toEqual([1, 2, 3, 4].map((n) => number(n)).concat(number(7, "MAK")));
    expect(kept).toHaveLength(4);
  });
});

describe("a look that somebody asks for", () => {
  const seen = (agoMs: number, walletMinor: number | null = 5_000) => ({
    walletMinor,
    balanceWh: 10_000,
    readAt: NOW - agoMs,
  });

  it("is the kept one while that is fresh, at the rate of now", async () => {
    accounts[0] = account(1, { look: seen(LIVE_TTL_MS - 1), rateE4PerKwh: 100_000 });
    expect(await freshLook(ports, number(1))).toEqual({
      walletMinor: 5_000,
      balanceWh: 5_000,
      readAt: NOW - LIVE_TTL_MS + 1,
    });
    expect(asked).toEqual([]);
  });

  it("is a new one after that, which is kept", async () => {
    accounts[0] = account(1, { look: seen(LIVE_TTL_MS) });
    expect(await freshLook(ports, number(1))).toMatchObject({ walletMinor: 6_150, balanceWh: 12_300, readAt: NOW });
    expect(kept).toHaveLength(1);
  });

  it("is the old one, with its own instant, when the vendor refuses", async () => {
    wallets = { [number(1)]: busy };
    accounts[0] = account(1, { look: seen(90 * MINUTE) });
    expect(await freshLook(ports, number(1))).toEqual({
      walletMinor: 5_000,
      balanceWh: 10_000,
      readAt: NOW - 90 * MINUTE,
    });
    expect(kept).toEqual([]);
  });

  it.each<[string, () => string]>([
    ["of an account without a wallet on a platform", () => number(99)],
    [
      "that was never had, when the vendor refuses",
      () => {
        wallets = { [number(1)]: busy };
        return number(1);
      },
    ],
  ])("is none %s", async (_, which) => {
    expect(await freshLook(ports, which())).toBeNull();
  });

  it("is the kept one in a country that has lost the vendor's settings", async () => {
    accounts[0] = account(1, { look: seen(90 * MINUTE) });
    expect(await freshLook({ ...ports, balancesOf: () => null }, number(1))).toMatchObject({
      readAt: NOW - 90 * MINUTE,
    });
  });
});

import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Rate } from "../../src/domain/tariff.ts";
import { tellAccounts } from "../../workers/jobs/refresh-accounts.ts";
import { facts, ledger, live, payment, posted } from "./account-makers.ts";
import { settings } from "./country.ts";

/** Midnight that begins 1 March 2027 in Maseru. */
const CHANGE = Date.UTC(2027, 1, 28, 22);
const OLD: Rate = { tariffId: 1, scope: "global", rateE4PerKwh: 50_000, validFrom: 0 };
const NEW: Rate = { tariffId: 2, scope: "global", rateE4PerKwh: 80_000, validFrom: CHANGE };

const pay = (account: string, receipt: string, paidAt: number) =>
  ledger(account).post(account, payment({ receipt, paidAt })).then(posted);
const pricedBy = async (account: string) => {
  const rows = await ledger(account).entriesAfter(account, 0, 100);
  if (rows === "not_ready") throw new Error("not ready");
  return rows.map(({ receipt, tariffId, rateE4PerKwh, energyWh }) => [receipt, tariffId, rateE4PerKwh, energyWh]);
};

describe("a rate that begins in the future and is already with the account", () => {
  it("prices nothing paid before it, to the millisecond, and everything from it on", async () => {
    const account = await live("0201MAK", { rates: [OLD, NEW] });
    await pay(account, "QK7B0001", CHANGE - 1_000);
    await pay(account, "QK7B0002", CHANGE - 1);
    await pay(account, "QK7B0003", CHANGE);
    await pay(account, "QK7B0004", CHANGE + 1_000);
    expect(await pricedBy(account)).toEqual([
      ["QK7B0001", 1, 50_000, 4_000],
      ["QK7B0002", 1, 50_000, 4_000],
      ["QK7B0003", 2, 80_000, 2_500],
      ["QK7B0004", 2, 80_000, 2_500],
    ]);
  });

  it("does not price a payment that comes late but was paid before, and twice is the same as once", async () => {
    const account = await live("0202MAK", { rates: [OLD, NEW] });
    await pay(account, "QK7B0005", CHANGE + 86_400_000);
    const late = await pay(account, "QK7B0006", CHANGE - 3 * 86_400_000);
    expect(await pay(account, "QK7B0006", CHANGE - 3 * 86_400_000)).toEqual(late);
    expect(await pricedBy(account)).toEqual([
      ["QK7B0005", 2, 80_000, 2_500],
      ["QK7B0006", 1, 50_000, 4_000],
    ]);
  });

  it("is still there when the object was evicted in between", async () => {
    const account = await live("0203MAK", { rates: [OLD, NEW] });
    await evictDurableObject(ledger(account));
    await pay(account, "QK7B0007", CHANGE);
    expect(await pricedBy(account)).toEqual([["QK7B0007", 2, 80_000, 2_500]]);
  });

  it("prices nothing any more once its cancellation was told, and comes not back with older facts", async () => {
    const account = await live("0204MAK", { rates: [OLD, NEW], version: 1 });
    await ledger(account).configure(facts({ account, rates: [OLD], version: 2 }));
    await ledger(account).configure(facts({ account, rates: [OLD, NEW], version: 1 }));
    await pay(account, "QK7B0008", CHANGE);
    expect(await pricedBy(account)).toEqual([["QK7B0008", 1, 50_000, 4_000]]);
  });

  it("leaves what is posted as it is when the account is told after the fact", async () => {
    const account = await live("0205MAK", { rates: [OLD] });
    const before = await pay(account, "QK7B0009", CHANGE);
    await ledger(account).configure(facts({ account, rates: [OLD, NEW], version: 2 }));
    expect(await pay(account, "QK7B0009", CHANGE)).toEqual(before);
    await pay(account, "QK7B0010", CHANGE);
    expect(await pricedBy(account)).toEqual([
      ["QK7B0009", 1, 50_000, 4_000],
      ["QK7B0010", 2, 80_000, 2_500],
    ]);
  });
});

describe("an override", () => {
  const own: Rate = { tariffId: 3, scope: "account", rateE4PerKwh: 20_000, validFrom: 0 };

  it("that ends gives way to the wider rate from that instant on; one that is null vends nothing", async () => {
    const end: Rate = { tariffId: 4, scope: "account", rateE4PerKwh: null, ends: true, validFrom: CHANGE };
    const account = await live("0206MAK", { rates: [OLD, own, end] });
    await pay(account, "QK7B0011", CHANGE - 1);
    await pay(account, "QK7B0012", CHANGE);
    expect(await pricedBy(account)).toEqual([
      ["QK7B0011", 3, 20_000, 10_000],
      ["QK7B0012", 1, 50_000, 4_000],
    ]);
    const stopped = await live("0207MAK", { rates: [OLD, own, { ...end, ends: false }] });
    expect(await ledger(stopped).post(stopped, payment({ receipt: "QK7B0013", paidAt: CHANGE }))).toMatchObject({
      status: "refused",
      because: "tariff_unset",
    });
  });
});

describe("whether an account has the newest facts", () => {
  it("is what its object says, also after it was evicted", async () => {
    const account = await live("0208MAK");
    expect(await ledger(account).factsVersion(account)).toBe(1);
    await ledger(account).configure(facts({ account, version: 42 }));
    await evictDurableObject(ledger(account));
    expect(await ledger(account).factsVersion(account)).toBe(42);
  });

  it("names those that could not be told, and breaks nothing for them: they work by what they have", async () => {
    const account = await live("0209MAK", { rates: [OLD] });
    // Nobody listens at this database: nobody can be told.
    expect(await tellAccounts(settings, [account, "0210MAK"])).toEqual([account, "0210MAK"]);
    await pay(account, "QK7B0014", CHANGE - 1);
    expect(await pricedBy(account)).toEqual([["QK7B0014", 1, 50_000, 4_000]]);
  });
});

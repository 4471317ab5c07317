import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CorrectOrder } from "../../src/ports/accounts.ts";
import { ledger, live } from "./account-makers.ts";
import { atKoios, creditsOf, owed, ringAt, T0 } from "./vendor-world.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: T0, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const order = (over: Partial<CorrectOrder> = {}): CorrectOrder => ({
  id: "0123456789abcdef",
  corrected: { energyWh: null, amountMinor: 2_000 },
  actor: "Mpho, approved by Lineo",
  reason: "payment_missing: paid at the office (book 7, line 3)",
  at: T0,
  ...over,
});

describe("a correction", () => {
  it("is posted once, dated, against our book of corrections, with who ordered it and why", async () => {
    const account = await live("0701MAK");
    const first = await ledger(account).correct(account, order());
    expect(await ledger(account).correct(account, order())).toEqual(first);
    expect(first).toMatchObject({ status: "posted", entry: { seq: 1, energyWh: 4_000, balanceAfterWh: 4_000 } });
    const posting = (await owed(account)).find((row) => row.kind === "posting");
    if (posting?.kind !== "posting") throw new Error("no posting");
    expect(
      posting.rows.map(({ entryKey, book, kind, energyWh, amountMinor }) => [
        entryKey,
        book,
        kind,
        energyWh,
        amountMinor,
      ]),
    ).toEqual([
      ["correction:0123456789abcdef", "customer_energy", "correction", 4_000, 2_000],
      ["correction:0123456789abcdef/corrections", "corrections", "correction", -4_000, -2_000],
    ]);
    expect(posting.rows[0]).toMatchObject({ actor: order().actor, reason: order().reason, occurredAt: T0 });
  });

  it("of money without a tariff is refused, once and for ever", async () => {
    const account = await live("0702MAK", { rates: [] });
    const refused = { status: "refused", because: "tariff_unset" };
    expect(await ledger(account).correct(account, order())).toMatchObject(refused);
    expect(await ledger(account).correct(account, order())).toMatchObject(refused);
    expect(await ledger(account).head(account)).toMatchObject({ seq: 0 });
  });

  it("goes to the vendor's wallet and is confirmed like a credit, energy by what it is worth", async () => {
    const { account, koios } = await atKoios("0701SEH");
    await ledger(account).correct(account, order({ corrected: { energyWh: 3_000, amountMinor: null } }));
    for (const minutes of [0.1, 1]) await ringAt(account, minutes);
    expect(koios.payments).toMatchObject([
      { externalId: "correction:0123456789abcdef", amountMinor: 1_500, memo: "1PWR correction 0123456789abcdef" },
    ]);
    expect(await creditsOf(account)).toMatchObject([{ state: "confirmed" }]);
  });

  it("at a site that the old system credits is a case, since nobody sends it, and goes out when the site is ours", async () => {
    const { account, koios, door } = await atKoios("0703SEH", {}, { writers: [] });
    await ledger(account).correct(account, order());
    await ringAt(account, 0.1);
    expect(await creditsOf(account)).toMatchObject([{ state: "blocked", because: "legacy_writes_site" }]);
    await ringAt(account, 10);
    expect((await owed(account)).filter(({ kind }) => kind === "case")).toMatchObject([{ state: "open" }]);
    door.writers = [{ site: "SEH", writer: "ours", validFrom: T0 + 20 * 60_000 }];
    for (const minutes of [21, 50, 51]) await ringAt(account, minutes);
    expect(koios.payments).toHaveLength(1);
    expect((await owed(account)).filter(({ kind }) => kind === "case").at(-1)).toMatchObject({ state: "closed" });
  });

  it("that takes away cannot be taken out of the wallet by us: a person does it there, and a case says so", async () => {
    const { account, koios } = await atKoios("0702SEH");
    await ledger(account).correct(account, order({ corrected: { energyWh: null, amountMinor: -500 } }));
    await ringAt(account, 0.1);
    expect(koios.asked).toEqual([]);
    expect(await creditsOf(account)).toMatchObject([{ state: "rejected", because: "negative", waiting: true }]);
    expect((await owed(account)).filter(({ kind }) => kind === "case")).toMatchObject([
      { state: "open", subject: account },
    ]);
    expect(await ledger(account).head(account)).toMatchObject({ seq: 1, balanceWh: -1_000 });
  });
});

import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { ledger, live, payment } from "./account-makers.ts";
import { KEYS, settings } from "./country.ts";
import { owedBy, viewOf } from "./reading-makers.ts";

const AT = "2026-11-24T22:00:00Z";
const open = async (openings: unknown) => {
  const answer = await app.request(
    "/api/ops/openings",
    {
      method: "POST",
      headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Mpho", "Content-Type": "application/json" },
      body: JSON.stringify({ openings }),
    },
    settings,
  );
  return { status: answer.status, body: (await answer.json()) as { results: unknown[]; error?: unknown } };
};

describe("an account's opening", () => {
  it("is posted once with its document, whole, and adds up with what comes after it", async () => {
    const account = await live("1701MAK");
    const opening = { account: "1701mak", energyWh: 12_340, at: AT, document: "tblaccounthistory1 row 88" };
    expect((await open([opening])).body.results).toEqual([
      { account, status: "opened", because: null, balanceWh: 12_340 },
    ]);
    await ledger(account).post(account, payment({ receipt: "QK7OPEN1" }));
    await evictDurableObject(ledger(account));
    expect((await open([opening])).body.results).toEqual([
      { account, status: "opened", because: null, balanceWh: 12_340 },
    ]);
    const other = { ...opening, energyWh: 1 };
    expect((await open([other])).body.results).toEqual([
      { account, status: "opened_before", because: null, balanceWh: 12_340 },
    ]);
    expect(await viewOf(account)).toMatchObject({ balanceWh: 16_340, commands: [] });
    const [posting] = await owedBy(account, "posting");
    expect(posting?.rows.map(({ book, kind, energyWh, reason }) => [book, kind, energyWh, reason])).toEqual([
      ["customer_energy", "opening", 12_340, "tblaccounthistory1 row 88"],
      ["opening", "opening", -12_340, "tblaccounthistory1 row 88"],
    ]);
  });

  it("is refused by an account that has entries already", async () => {
    const account = await live("1704MAK");
    await ledger(account).post(account, payment({ receipt: "QK7OPEN2" }));
    const opening = { energyWh: 500, at: AT, document: "row 3" };
    expect((await open([{ ...opening, account }])).body.results).toEqual([
      { account, status: "refused", because: "has_entries", balanceWh: null },
    ]);
    expect(await viewOf(account)).toMatchObject({ balanceWh: 4_000 });
  });

  it("may be below zero: what was used was used", async () => {
    const account = await live("1702MAK");
    await open([{ account, energyWh: -250, at: AT, document: "row 9" }]);
    expect(await viewOf(account)).toMatchObject({ balanceWh: -250 });
  });

  it.each([
    ["half a watt-hour", { energyWh: 0.5 }, "energyWh"],
    ["no document", { document: " " }, "document"],
    ["a day without an hour", { at: "2026-11-24" }, "at"],
  ])("is refused with %s, by name", async (_what, over, field) => {
    const { status, body } = await open([{ account: "1703MAK", energyWh: 1, at: AT, document: "row 1", ...over }]);
    expect([status, JSON.stringify(body.error)]).toEqual([400, expect.stringContaining(field)]);
  });
});

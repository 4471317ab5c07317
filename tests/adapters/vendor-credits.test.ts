import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonMirrors } from "../../src/adapters/neon/mirrors.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { OutboxRow, VendorCreditRow } from "../../src/domain/outbox.ts";
import { creditsSummary, listCredits, waitingCredits } from "../../src/queries/vendor-credits.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { items, NOON, payment, credit as posting, seed, value, vendorCredit } from "./rows.ts";

let database: FreshDatabase;
let account: number;
beforeAll(async () => {
  database = await freshDatabase();
  [account] = await seed(database.ownerUrl);
});
afterAll(() => database.drop());

const db = () => connect(database.appUrl, database.sqlUrl);
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const credit = (over: Partial<VendorCreditRow> = {}) => vendorCredit(account, over);
const write = (rows: OutboxRow[]) => neonCopies(db()).write(items(rows));

describe("a credit's copy", () => {
  it("is written with its posting, twice is once, and only a later version replaces it", async () => {
    const sent = credit({ state: "sent", sentAt: NOON + 1_000, vendorId: "p1", version: 3 });
    const rows = [
      payment(),
      credit(),
      posting(account).row,
      sent,
      credit({ state: "blocked", because: "no_meter", version: 2 }),
    ];
    expect(await write(rows)).toMatchObject({ refused: [], conflicts: [] });
    expect(await write([credit()])).toMatchObject({ refused: [], conflicts: [] });
    expect(await ask("SELECT state || version || vendor_id FROM vendor_credits")).toBe("sent3p1");
  });

  it("of another worth under the same key is refused, and what is there stays", async () => {
    const other = credit({ amountMinor: 9_000, version: 9 });
    const written = await write([other]);
    expect([...written.refused, ...written.conflicts]).toHaveLength(1);
    expect(await ask("SELECT amount_minor FROM vendor_credits")).toBe("2000");
  });

  it("gives back what the account knew", async () => {
    const restores = neonRestores(db(), COUNTRIES.LS);
    const rows = await restores.accountCredits(account, "", 10);
    const { kind: _kind, ...known } = credit({ state: "sent", sentAt: NOON + 1_000, vendorId: "p1", version: 3 });
    expect(rows).toEqual([known]);
    expect(await restores.accountCredits(account, "receipt:QK7AAA#1.1", 10)).toEqual([]);
  });

  it("keeps the name under which it went out, whatever a later copy says", async () => {
    const externalId = "receipt:QK7ZZZ#1.1/energy.2000";
    const sentAs = "receipt:QK7ZZZ#1.1~1energy.2000";
    await write([credit({ externalId, sentAs, vendor: "thundercloud", state: "confirmed", confirmedAt: NOON + 1 })]);
    // A release that knew of no such name copies it without one.
    const { sentAs: _unknown, ...earlier } = credit({ externalId, vendor: "thundercloud", version: 2 });
    await write([{ ...earlier, state: "confirmed", confirmedAt: NOON + 2 } as OutboxRow]);
    const [row] = await neonRestores(db(), COUNTRIES.LS).accountCredits(account, "receipt:QK7AAA#1.1", 10);
    expect(row).toMatchObject({ externalId, sentAs, version: 2 });
    await withClient(database.ownerUrl, (client) =>
      client.query("DELETE FROM vendor_credits WHERE external_id = $1", [externalId]),
    );
  });

  it("is listed by state and age, and counted", async () => {
    await write([
      credit({ externalId: "receipt:B#1.1", queuedAt: NOON + 1, state: "blocked", because: "no_meter" }),
      credit({
        externalId: "receipt:C#1.1",
        queuedAt: NOON + 2,
        state: "blocked",
        because: "legacy_writes_site",
        nextAt: null,
      }),
      credit({ externalId: "receipt:D#1.1", queuedAt: NOON + 3, state: "dead", because: "given_up", nextAt: null }),
      credit({
        externalId: "receipt:E#1.1",
        queuedAt: NOON + 4,
        state: "confirmed",
        confirmedAt: NOON + 9,
        nextAt: null,
      }),
    ]);
    const ids = async (filter: { state?: string; account?: string }) =>
      (await listCredits(db(), { state: filter.state ?? null, account: filter.account ?? null, after: null }, 10)).map(
        ({ externalId }) => externalId,
      );
    // What waits, oldest first; what the old system credits waits for nobody.
    expect(await ids({})).toEqual(["receipt:QK7AAA#1.1", "receipt:B#1.1", "receipt:D#1.1"]);
    expect(await ids({ state: "blocked" })).toEqual(["receipt:B#1.1", "receipt:C#1.1"]);
    expect(await ids({ state: "confirmed", account: "0045MAK" })).toEqual(["receipt:E#1.1"]);
    expect(await ids({ account: "0046MAK" })).toEqual([]);
    expect(await waitingCredits(db())).toEqual({ count: 3, oldestAt: NOON });
    expect(await creditsSummary(db())).toMatchObject({ sent: 1, blocked: 2, dead: 1, confirmed: 1 });
  });
});

describe("what the mirror keeps", () => {
  it("is a watermark that only rises", async () => {
    const mirrors = neonMirrors(db());
    expect(await mirrors.watermark("koios")).toBeNull();
    await mirrors.advance("koios", NOON, { ours: 3 }, NOON);
    await mirrors.advance("koios", NOON - 5, {}, NOON);
    expect([await mirrors.watermark("koios"), await mirrors.watermark("thundercloud")]).toEqual([NOON, null]);
  });

  it("knows our credits by external id, and the payments it brought", async () => {
    const mirrors = neonMirrors(db());
    expect(await mirrors.credits(["receipt:E#1.1", "receipt:NOBODY#1.1"])).toEqual(
      new Map([["receipt:E#1.1", { id: "receipt:E#1.1", account: "0045MAK", amountMinor: 2_000, state: "confirmed" }]]),
    );
    await write([payment({ receipt: "MIRROR1", road: "mirror", provider: "cash", amountMinor: 700, paidAt: NOON })]);
    expect(await mirrors.mirrored("0045MAK", 700, NOON - 1)).toEqual([{ receipt: "MIRROR1", at: NOON }]);
    expect(await mirrors.mirrored("0045MAK", 700, NOON + 1)).toEqual([]);
    expect(await mirrors.mirrored("0045MAK", 2_000, 0)).toEqual([]);
  });

  it("knows a credit by its memo, with its account and its amount alone", async () => {
    const { creditsByMemo } = neonMirrors(db());
    const asked = { account: "0045MAK", amountMinor: 2_000, memo: "1PWR REF QK7AAA" };
    expect(await creditsByMemo([asked, asked])).toContainEqual({ ...asked, id: "receipt:QK7AAA#1.1", state: "sent" });
    for (const over of [{ account: "0046MAK" }, { amountMinor: 2_001 }, { memo: "1PWR REF QK7" }])
      expect(await creditsByMemo([{ ...asked, ...over }])).toEqual([]);
    expect(await creditsByMemo([])).toEqual([]);
  });

  it("opens a case once", async () => {
    const row = {
      caseKey: "mirror_unknown:koios:X",
      caseKind: "mirror_unknown" as const,
      subject: "0045MAK",
      detailsJson: "{}",
      state: "open" as const,
      openedAt: NOON,
      closedAt: null,
      version: 1,
    };
    for (let n = 0; n < 2; n++) await neonMirrors(db()).openCase(row);
    expect(await ask("SELECT count(*) FROM reconciliation_cases WHERE case_kind = 'mirror_unknown'")).toBe("1");
  });
});

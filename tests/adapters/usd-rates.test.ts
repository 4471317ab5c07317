import { afterAll, beforeAll, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { neonAudit } from "../../src/adapters/neon/revert.ts";
import { usdRates } from "../../src/queries/usd-rates.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";

let database: FreshDatabase;
let db: Database;
const by = (at: number) => ({ actor: "finance", reason: "the month's average", at, requestId: "r" });
const put = (usdPerUnit: string, at: number, validFrom = "2026-05-01", source = "central bank") =>
  neonRegistry(db).putUsdRates([{ currency: "XOF", validFrom, usdPerUnit, source }], by(at));
const kept = async () =>
  (await usdRates(db, "XOF"))
    .filter(({ validFrom }) => validFrom >= "2026-01-01")
    .map(({ validFrom, usdPerUnit, source }) => [validFrom, usdPerUnit, source]);
const acts = async () => {
  const { rows } = await withClient(database.ownerUrl, (client) =>
    client.query("SELECT id, action, subject FROM mutations WHERE action LIKE 'fx_rate%' ORDER BY id"),
  );
  return rows as { id: string; action: string; subject: string }[];
};

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
});
afterAll(() => database.drop());

it("a rate is kept with its day and who says so, replaced, and each is an act; the same again is none", async () => {
  expect(await put("0.0016", 1_000)).toMatchObject({ ok: true });
  expect(await put("0.0016", 2_000)).toMatchObject({ ok: true });
  expect(await put("0.0017", 3_000, "2026-05-01", "market")).toMatchObject({ ok: true });
  expect(await kept()).toEqual([["2026-05-01", "0.0017000000", "market"]]);
  expect((await acts()).map(({ action, subject }) => `${action} ${subject}`)).toEqual([
    "fx_rate.create fx_rate:XOF~2026-05-01",
    "fx_rate.change fx_rate:XOF~2026-05-01",
  ]);
});

it("what was changed is taken back to what it was, and what was made goes; nobody's later change is overwritten", async () => {
  const [made, changed] = await acts();
  const audit = neonAudit(db);
  expect(await audit.revert(Number(made?.id), "fx_rates", by(4_000))).toMatchObject({
    ok: false,
    error: { kind: "changed" },
  });
  expect(await audit.revert(Number(changed?.id), "fx_rates", by(5_000))).toMatchObject({ ok: true });
  expect(await kept()).toEqual([["2026-05-01", "0.0016000000", "central bank"]]);
  expect(await audit.revert(Number(made?.id), "fx_rates", by(6_000))).toMatchObject({ ok: true });
  expect(await kept()).toEqual([]);
  expect(await audit.revert(Number(made?.id), "fx_rates", by(7_000))).toMatchObject({
    ok: false,
    error: { kind: "reverted" },
  });
});

it("over a rate that was not read none is set, nor any beside it; the same one sent again is no other", async () => {
  const versions = async () => (await usdRates(db, "XOF")).map(({ version }) => version).slice(0, 1);
  const set = (usdPerUnit: string, version: number | null, ...more: string[]) =>
    neonRegistry(db).putUsdRates(
      ["2026-06-01", ...more].map((validFrom) => ({ currency: "XOF", validFrom, usdPerUnit, source: "bank", version })),
      by(9_000),
    );
  expect(await set("0.0016", null)).toMatchObject({ ok: true });
  const [first] = await versions();
  expect(await set("0.0017", null, "2026-05-31")).toMatchObject({
    ok: false,
    error: { kind: "stale", version: first },
  });
  expect(await set("0.0016", null)).toMatchObject({ ok: true });
  expect(await kept()).toEqual([["2026-06-01", "0.0016000000", "bank"]]);
  expect(await set("0.0017", first ?? null)).toMatchObject({ ok: true });
  expect(await set("0.0018", first ?? null)).toMatchObject({ ok: false, error: { kind: "stale" } });
  const [second] = await versions();
  expect(await set("0.0018", second ?? null)).toMatchObject({ ok: true });
  // What was taken back is another than what was read.
  const [last] = (await acts()).toReversed();
  const [third] = await versions();
  expect(await neonAudit(db).revert(Number(last?.id), "fx_rates", by(9_500))).toMatchObject({ ok: true });
  expect(await set("0.0019", third ?? null)).toMatchObject({ ok: false, error: { kind: "stale" } });
});

it("a rate above what any currency of ours is worth is refused by the database too", async () => {
  expect(await put("175", 8_000)).toMatchObject({ ok: false, error: { kind: "refused" } });
});

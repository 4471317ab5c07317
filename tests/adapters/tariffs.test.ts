import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { buildPosting, GENESIS } from "../../src/domain/posting.ts";
import { resolveTariff } from "../../src/domain/tariff.ts";
import type { Registry, TariffRegistration } from "../../src/ports/registry.ts";
import { random } from "../random.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, value } from "./rows.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;
const by = { actor: "Lineo", reason: "the regulator's letter", at: NOON };

let database: FreshDatabase;
let db: Database;
let registry: Registry;
const rates = async (account: string) => {
  const facts = await neonRestores(db, COUNTRIES.LS).accountFacts(account);
  if (facts === null || facts === "down") throw new Error("no facts");
  return facts;
};
const owner = <T>(work: (client: Parameters<Parameters<typeof withClient>[1]>[0]) => Promise<T>) =>
  withClient(database.ownerUrl, work);
const idAt = (validFrom: number) =>
  owner((client) => value(client, `SELECT id FROM tariffs WHERE valid_from = cc_at(${validFrom})`)).then(Number);

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  registry = neonRegistry(db);
  await registry.upsertSites(
    ["MAK", "SHG"].map((code) => ({ code, name: code, district: null })),
    by,
  );
  await registry.upsertAccounts(
    ["0045MAK", "0046MAK", "0001SHG"].map((account) => ({
      account,
      site: account.slice(4),
      status: "live" as const,
      customer: { key: account, name: "Test", phones: [], language: null },
      meters: [],
      aliases: [],
      rates: [],
    })),
    by,
  );
});
afterAll(() => database.drop());

describe("a rate", () => {
  const site = { scope: "site", site: "MAK", rateE4PerKwh: 45_000, validFrom: NOON + DAY } as const;

  it("is filed once, with who and why, and its audit row names both too", async () => {
    expect(await registry.putTariff(site, by)).toMatchObject({ ok: true });
    expect(await registry.putTariff(site, { ...by, actor: "Mpho" })).toMatchObject({ ok: true });
    const rows = await owner(async (client) => ({
      tariffs: (await client.query("SELECT created_by, reason, rate FROM tariffs WHERE site_code = 'MAK'")).rows,
      audit: (
        await client.query(
          "SELECT actor, reason, action, after ->> 'rate' AS rate FROM mutations WHERE subject = 'tariff:site:MAK'",
        )
      ).rows,
    }));
    const [actor, reason] = [by.actor, by.reason];
    expect(rows.tariffs).toEqual([{ created_by: actor, reason, rate: "4.5000" }]);
    expect(rows.audit).toEqual([{ actor, reason, action: "tariff.put", rate: "4.5000" }]);
  });

  it("of another price, or an end, at the same instant exists already", async () => {
    for (const other of [{ rateE4PerKwh: 46_000 }, { rateE4PerKwh: null }, { rateE4PerKwh: null, ends: true }])
      expect(await registry.putTariff({ ...site, ...other }, by)).toMatchObject({ error: { kind: "exists" } });
  });

  it.each<[string, TariffRegistration]>([
    ["account 9999MAK", { scope: "account", account: "9999MAK", rateE4PerKwh: 1, validFrom: NOON }],
    ["site LEB", { scope: "site", site: "LEB", rateE4PerKwh: 1, validFrom: NOON }],
  ])("for %s, which is not there, is unknown", async (detail, tariff) => {
    expect(await registry.putTariff(tariff, by)).toEqual({ ok: false, error: { kind: "unknown", detail } });
  });

  it("of the country cannot end: nobody's say would come back", async () => {
    const end = { scope: "global", rateE4PerKwh: null, ends: true, validFrom: NOON + DAY } as const;
    expect(await registry.putTariff(end, by)).toMatchObject({
      error: { kind: "refused", detail: "23514 tariffs_ends" },
    });
  });
});

describe("a cancelled rate", () => {
  const at = NOON + 30 * DAY;
  const own = { scope: "account", account: "0045MAK", rateE4PerKwh: 30_000, validFrom: at } as const;

  it("is gone for the account, which is told by a newer version, and stays in the table with who and why", async () => {
    await registry.putTariff(own, by);
    const before = await rates("0045MAK");
    expect(before.rates.map(({ validFrom }) => validFrom)).toContain(at);
    expect(await registry.cancelTariff(await idAt(at), { ...by, reason: "a slip" })).toMatchObject({ ok: true });
    const after = await rates("0045MAK");
    expect(after.rates.map(({ validFrom }) => validFrom)).not.toContain(at);
    expect(after.version).toBeGreaterThan(before.version);
    const row = await owner((client) =>
      value(client, `SELECT cancelled_by || ': ' || cancel_reason FROM tariffs WHERE valid_from = cc_at(${at})`),
    );
    expect(row).toBe("Lineo: a slip");
  });

  it("is cancelled once, whoever asks again, with one audit row of before and after", async () => {
    expect(await registry.cancelTariff(await idAt(at), { ...by, actor: "Mpho", reason: "again" })).toMatchObject({
      ok: true,
    });
    const audit = await owner((client) =>
      value(
        client,
        `SELECT count(*)::int || ' ' || min(reason) || ' ' || bool_and(before ->> 'cancelled_at' IS NULL)
          || ' ' || bool_and(after ->> 'cancelled_at' IS NOT NULL) FROM mutations WHERE action = 'tariff.cancel'`,
      ),
    );
    expect(audit).toBe("1 a slip true true");
  });

  it("leaves its instant to another", async () => {
    expect(await registry.putTariff({ ...own, rateE4PerKwh: 31_000 }, by)).toMatchObject({ ok: true });
    expect((await rates("0045MAK")).rates.find(({ validFrom }) => validFrom === at)?.rateE4PerKwh).toBe(31_000);
  });

  it.each([
    ["account", 1],
    ["site", 15],
  ] as const)("of a %s is refused less than %i minutes before it begins, and after", async (scope, minutes) => {
    const begins = NOON + (scope === "site" ? 40 : 41) * DAY;
    const rate = { rateE4PerKwh: 20_000, validFrom: begins };
    await registry.putTariff(
      scope === "site" ? { ...rate, scope, site: "SHG" } : { ...rate, scope, account: "0045MAK" },
      by,
    );
    const cancel = async (now: number) => registry.cancelTariff(await idAt(begins), { ...by, at: now, reason: "late" });
    expect(await cancel(begins - minutes * MINUTE + 1)).toMatchObject({ error: { kind: "refused" } });
    expect(await cancel(begins + DAY)).toMatchObject({ error: { kind: "refused" } });
    expect(await cancel(begins - minutes * MINUTE)).toMatchObject({ ok: true });
  });

  it("must be there", async () => {
    expect(await registry.cancelTariff(999_999, { ...by, reason: "no such" })).toEqual({
      ok: false,
      error: { kind: "unknown", detail: "tariff 999999" },
    });
  });
});

describe("what of a row may change", () => {
  it.each([
    ["its price", "UPDATE tariffs SET rate = 1 WHERE site_code = 'MAK'"],
    ["its instant", "UPDATE tariffs SET valid_from = now() WHERE site_code = 'MAK'"],
    ["its version alone", "UPDATE tariffs SET facts_version = 9 WHERE site_code = 'MAK'"],
    [
      "that it was cancelled",
      "UPDATE tariffs SET cancelled_at = NULL, cancelled_by = NULL, cancel_reason = NULL WHERE cancelled_at IS NOT NULL",
    ],
    ["that it is there", "DELETE FROM tariffs WHERE site_code = 'MAK'"],
  ])("is not %s, not even for the owner", async (_, query) => {
    await expect(owner((client) => client.query(query))).rejects.toMatchObject({ constraint: "tariffs_kept" });
  });

  it("is nothing once it has begun", async () => {
    const begun = `UPDATE tariffs SET cancelled_at = valid_from, cancelled_by = 'x', cancel_reason = 'y' WHERE site_code = 'MAK'`;
    await expect(owner((client) => client.query(begun))).rejects.toMatchObject({ constraint: "tariffs_cancelled" });
  });
});

it("is resolved in SQL as in the domain, for any instant", async () => {
  const draw = random(20_261_128);
  for (let index = 0; index < 60; index++) {
    const scope = draw(3);
    const kind = draw(4);
    const says = kind === 0 ? { rateE4PerKwh: null, ends: scope > 0 } : { rateE4PerKwh: 10_000 + draw(90_000) };
    const validFrom = NOON + 100 * DAY + draw(40) * 1_000;
    const of =
      scope === 0
        ? ({ scope: "global" } as const)
        : scope === 1
          ? ({ scope: "site", site: draw(2) === 0 ? "MAK" : "SHG" } as const)
          : ({ scope: "account", account: draw(2) === 0 ? "0046MAK" : "0001SHG" } as const);
    const put = await registry.putTariff({ ...of, ...says, validFrom }, by);
    if (put.ok && draw(5) === 0)
      await registry.cancelTariff(Number(await owner((client) => value(client, "SELECT max(id) FROM tariffs"))), {
        ...by,
        reason: "drawn",
      });
  }
  let decided = 0;
  for (const account of ["0045MAK", "0046MAK", "0001SHG"]) {
    const { accountId, rates: known } = await rates(account);
    const instants = Array.from({ length: 43 }, (_, second) => NOON + 100 * DAY + second * 1_000);
    const asked = instants.flatMap((at) => [at - 1, at, at + 1]);
    const { rows } = await owner((client) =>
      client.query<{ id: string | null }>(
        "SELECT cc_tariff_at($1, cc_at(at)) AS id FROM unnest($2::bigint[]) WITH ORDINALITY AS u(at, n) ORDER BY n",
        [accountId, asked],
      ),
    );
    const inSql = rows.map(({ id }) => (id === null ? null : Number(id)));
    expect(inSql).toEqual(asked.map((at) => resolveTariff(known, at).tariffId));
    decided += inSql.filter((id) => id !== null).length;
  }
  expect(decided).toBeGreaterThan(200);
});

describe("a payment that is posted", () => {
  const PAID = NOON + 200 * DAY;
  const later = { ...by, at: PAID + DAY };
  const put = (
    validFrom: number,
    of: object = { scope: "site", site: "SHG" },
    says: object = { rateE4PerKwh: 61_000 },
  ) => registry.putTariff({ ...of, ...says, validFrom } as TariffRegistration, later);

  beforeAll(async () => {
    const { accountId, rates: known } = await rates("0001SHG");
    const { tariffId } = resolveTariff(known, PAID);
    expect(tariffId).not.toBeNull();
    const entryKey = "receipt:QK7TAR#1.1";
    const shared = { currency: "LSL", provider: "mpesa", rateE4PerKwh: 50_000, receipt: "QK7TAR" } as const;
    const { posting } = buildPosting(
      GENESIS,
      {
        accountId,
        postingId: entryKey,
        ...shared,
        tariffId,
        actor: null,
        reason: null,
        occurredAt: PAID,
        acceptedAt: PAID,
      },
      [
        { entryKey, book: "customer_energy", kind: "payment", energyWh: 4_000, amountMinor: 2_000 },
        { entryKey: `${entryKey}/clearing`, book: "clearing", kind: "payment", energyWh: 0, amountMinor: -2_000 },
        { entryKey: `${entryKey}/sold`, book: "energy_sold", kind: "payment", energyWh: -4_000, amountMinor: 0 },
      ],
    );
    const written = await neonCopies(db).write([
      { id: 1, row: { kind: "posting", account: "0001SHG", accountId, ...posting } },
    ]);
    expect(written).toMatchObject({ recorded: [1], refused: [] });
  });

  it("is not priced anew: a rate that would have decided it is refused, and says from when on it may begin", async () => {
    const { scope } = resolveTariff((await rates("0001SHG")).rates, PAID);
    const own = { scope: "account", account: "0001SHG" };
    expect(await put(PAID, own)).toEqual({
      ok: false,
      error: { kind: "refused", detail: "a payment of 2027-05-22T12:00:00Z is priced already: begin after it" },
    });
    expect(await put(PAID - DAY, own)).toMatchObject({ error: { kind: "refused" } });
    expect(await put(PAID + 1, own)).toMatchObject({ ok: true });
    // One that the payment's own row beats anyhow changes nothing for it.
    if (scope !== "global") expect(await put(PAID - 2, { scope: "global" })).toMatchObject({ ok: true });
    expect(await put(PAID - 2, { scope: "site", site: "MAK" })).toMatchObject({ ok: true });
  });

  it("keeps its row from ending before it, and from being cancelled, though it is dated ahead", async () => {
    const { tariffId, scope } = resolveTariff((await rates("0001SHG")).rates, PAID);
    const of = scope === "account" ? { scope, account: "0001SHG" } : { scope: "site", site: "SHG" };
    expect(await put(PAID - 1, of, { rateE4PerKwh: null, ends: true })).toMatchObject({ error: { kind: "refused" } });
    const cancelled = await registry.cancelTariff(tariffId ?? 0, { ...by, reason: "early", at: NOON });
    expect(cancelled).toMatchObject({ error: { kind: "refused", detail: expect.stringContaining("has tariff") } });
  });
});

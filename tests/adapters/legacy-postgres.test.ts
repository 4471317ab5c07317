/** The synthetic old PostgreSQL system, read by `migrate:postgres`, against the answer key of whoever planted its defects. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import type { LegacyKey } from "../../dev/legacy-postgres/key.ts";
import { loadLegacy } from "../../dev/legacy-postgres/load.ts";
import { SMALL_PLAN } from "../../dev/legacy-postgres/plan.ts";
import { type MovedPostgres, type PostgresPlan, readPostgres } from "../../dev/old-postgres/migrate.ts";
import { OldPostgres } from "../../dev/old-postgres/source.ts";
import { toWrite } from "../../dev/old-postgres/to-write.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { NotTaken } from "../../src/domain/moving-in/not-taken.ts";

const LS = COUNTRIES.LS;
const NOW = Date.UTC(2026, 10, 28);
const plan = (over: Partial<PostgresPlan> = {}): PostgresPlan => ({
  country: LS,
  now: NOW,
  cutoverAt: null,
  sinceAt: null,
  knownCutoverAt: null,
  ...over,
});

const name = `legacy_${randomBytes(6).toString("hex")}`;
const urlOf = () => Object.assign(new URL(inject("databaseSuperUrl")), { pathname: `/${name}` }).href;
let key: LegacyKey;
let moved: MovedPostgres;
let old: OldPostgres;

beforeAll(async () => {
  await withClient(inject("databaseSuperUrl"), (client) => client.query(`CREATE DATABASE ${name}`));
  key = await withClient(urlOf(), (client) => loadLegacy(client, SMALL_PLAN));
  old = await OldPostgres.open(urlOf());
  moved = await readPostgres(old, plan(), () => undefined);
});
afterAll(async () => {
  await old?.close();
  await withClient(inject("databaseSuperUrl"), (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
});

const reasons = (table: string, rows: readonly NotTaken[]) =>
  Object.fromEntries(rows.filter((row) => row.table === table).map(({ row, reason }) => [row, reason]));
const subjects = (what: string) => moved.report.left.filter((left) => left.what === what).map(({ subject }) => subject);

describe("the old PostgreSQL system", () => {
  it.each(["accounts", "meters", "transactions"])(
    "leaves out of %s just the rows that were planted, each for its reason",
    (table) => {
      expect(reasons(table, moved.report.notTaken)).toEqual(key.notTaken[table]);
    },
  );

  it("names to a person what was planted for one, and nothing else", () => {
    for (const what of [
      "name_missing",
      "earlier_holder",
      "primary_meter_unclear",
      "placement_overlap",
      "possible_echo",
      "step_not_taken",
    ] as const)
      expect([what, subjects(what).sort()]).toEqual([what, (key.left[what] ?? []).sort()]);
    expect([...new Set(subjects("field_left_empty"))].sort()).toEqual([...new Set(key.left.field_left_empty)].sort());
    expect(subjects("meter_not_placed").sort()).toEqual((key.left.meter_not_placed ?? []).sort());
  });

  it("takes money and energy by site and year as they were before anything was spoilt", () => {
    const { bySiteAndYear } = moved.report.figures.payments;
    const told = Object.fromEntries(
      Object.entries(bySiteAndYear).map(([site, years]) => [
        site,
        Object.fromEntries(
          Object.entries(years).map(([year, { payments, amountMinor, energyWh }]) => [
            year,
            { payments, amountMinor, energyWh },
          ]),
        ),
      ]),
    );
    expect(told).toEqual(key.bySiteAndYear);
    expect(moved.report.figures.transactions.takenByKind).toEqual(key.byKind);
    expect(moved.report.figures.transactions.receipts).toBe(key.receipts);
  });

  it("gives each account what was credited less what was used, each once, and a doubtful date takes nothing away", () => {
    expect(Object.fromEntries(moved.openings.map(({ account, balanceWh }) => [account, balanceWh]))).toEqual(
      key.balances,
    );
  });

  it("takes each reading once, whichever spelling its meter has, and none that no meter can have", () => {
    const { readings } = moved.report.figures;
    expect(readings.rows).toBe(key.rows.meter_readings);
    expect({ taken: readings.taken, byYear: readings.takenByYear }).toEqual(key.readings);
    const planted = (kind: string) => key.odd[`reading_${kind}`]?.length ?? 0;
    expect(readings.duplicates).toBe(planted("twin") + planted("other_spelling"));
    expect(readings.left).toEqual({
      implausible: planted("garbage"),
      meter_unknown: planted("meter_unknown"),
      date_before_2010: planted("date_1970"),
      date_future: planted("date_future"),
      differs: planted("differs"),
    });
  });

  it("sends a later run what was entered or dated since, and opens only accounts that it brings", async () => {
    const sinceAt = Date.UTC(2026, 9, 1);
    const later = await readPostgres(old, plan({ sinceAt }), () => undefined);
    const { history, opensOnlyNew } = await toWrite(old, later, { country: LS, now: NOW, sinceAt });
    expect(opensOnlyNew).toBe(true);
    const rows = await history.rows.slice(0, history.rows.length);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(moved.report.figures.transactions.taken / 10);
    const whole = (await toWrite(old, moved, { country: LS, now: NOW, sinceAt: null })).history;
    const dated = (await whole.rows.slice(0, whole.rows.length)).filter(
      ({ paid_at }) => paid_at !== null && Date.parse(paid_at ?? "") >= sinceAt,
    );
    expect(dated.length).toBeGreaterThan(0);
    const sent = new Set(rows.map(({ id }) => id));
    expect(dated.filter(({ id }) => !sent.has(id))).toEqual([]);
    expect(later.report.figures.payments).toEqual(moved.report.figures.payments);
  });

  it("opens with what was left at the cut-over: what is dated after it is in no opening", async () => {
    const cutoverAt = Date.UTC(2026, 5, 1);
    const cut = await readPostgres(old, plan({ cutoverAt }), () => undefined);
    const sum = (of: MovedPostgres) => of.openings.reduce((all, { balanceWh }) => all + balanceWh, 0);
    expect(sum(cut)).not.toBe(sum(moved));
    expect(cut.report.figures.readings.left.after_cut_over).toBeGreaterThan(0);
    expect(cut.report.figures.readings.taken).toBeLessThan(moved.report.figures.readings.taken);
    const told = await readPostgres(old, plan({ cutoverAt, knownCutoverAt: NOW }), () => undefined);
    expect(told.report.figures.readings).toEqual(moved.report.figures.readings);
    expect(cut.report.figures.transactions).toEqual(moved.report.figures.transactions);
    const before = await toWrite(old, moved, { country: LS, now: NOW, sinceAt: null });
    expect(before.openings).toEqual([]);
    expect((await toWrite(old, cut, { country: LS, now: NOW, sinceAt: null })).openings).toHaveLength(
      moved.records.accounts.length,
    );
  });

  it("places the meters that hang or hung somewhere, never two that count at once", () => {
    expect(moved.report.figures.metersPlaced).toBe(key.metersPlaced);
    for (const { account, meters } of moved.records.accounts) {
      const counting = meters.filter(({ role }) => role === "primary").sort((a, b) => a.from - b.from);
      for (const [at, { to }] of counting.entries())
        expect([
          account,
          (to ?? Number.POSITIVE_INFINITY) <= (counting[at + 1]?.from ?? Number.POSITIVE_INFINITY),
        ]).toEqual([account, true]);
    }
  });

  it("proves light of each account: on the day of its customer's row, and the steps that are ticked", () => {
    const stepsOf = (account: (typeof moved.records.accounts)[number]) =>
      Object.fromEntries((account.steps ?? []).map(({ step, day }) => [step, day]));
    for (const account of moved.records.accounts) expect(stepsOf(account)).toHaveProperty("commissioned");
    const [first] = moved.records.accounts.filter(({ legacyId }) => legacyId === 8);
    expect(first?.steps?.map(({ step, source }) => [step, source])).toEqual([
      ["connection_fee_paid", "customers 1, connection_fee_paid"],
      ["readyboard_fee_paid", "customers 1, readyboard_fee_paid"],
      ["readyboard_tested", "customers 1, readyboard_tested"],
      ["airdac_connected", "customers 1, airdac_connected"],
      ["meter_installed", "customers 1, connected"],
      ["commissioned", "customers 1, connected"],
    ]);
    expect(stepsOf(first as (typeof moved.records.accounts)[number])).toMatchObject({ readyboard_fee_paid: null });
  });

  it("keeps a customer's own key where there is no legacy id, and never takes the one for the other", () => {
    const unnumbered = moved.records.customers.filter(({ legacyId }) => legacyId === null);
    expect(unnumbered.length).toBeGreaterThan(0);
    expect(unnumbered.every(({ postgresId }) => (postgresId ?? 0) > 0)).toBe(true);
    expect(new Set(moved.records.customers.map(({ legacyId, postgresId }) => `${legacyId} ${postgresId}`)).size).toBe(
      key.customers,
    );
  });

  it("gives the same rows in the same order each time, from wherever a stopped run goes on", async () => {
    const { history } = await toWrite(old, moved, { country: LS, now: NOW, sinceAt: null });
    const whole = await history.rows.slice(0, history.rows.length);
    expect(whole).toHaveLength(history.rows.length);
    expect(new Set(whole.map(({ id }) => id)).size).toBe(whole.length);
    const again = (await toWrite(old, moved, { country: LS, now: NOW, sinceAt: null })).history;
    expect(again.job).toBe(history.job);
    expect(await again.rows.slice(700, 900)).toEqual(whole.slice(700, 900));
    expect(await again.rows.slice(900, 950)).toEqual(whole.slice(900, 950));
    expect(await again.rows.slice(100, 110)).toEqual(whole.slice(100, 110));
  });

  it("brings the receipt of a row whose date nobody believes, without the date", async () => {
    const { history } = await toWrite(old, moved, { country: LS, now: NOW, sinceAt: null });
    const doubted = (await history.rows.slice(0, history.rows.length)).filter(({ paid_at }) => paid_at === null);
    expect(doubted.length).toBe(moved.report.figures.transactions.forReceiptAlone);
    expect(doubted.length).toBeGreaterThan(0);
    expect(doubted.every(({ receipt }) => receipt !== null && receipt !== undefined)).toBe(true);
  });
});

/**
 * What the first recorded release wrote, and what the release before wrote, in every object and in the database, is woken by today's
 * code: schemas go forward, and money, energy, tariffs and what is held are what they were, to the last unit; woken twice is as woken once.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { firstFolder, previousFolder, type Recorded, unpackRecord } from "../../dev/deliver/release.ts";
import { bundle } from "../../dev/lab.ts";
import type { MedicPhone } from "../../dev/medic-phone.ts";
import { asRecord } from "../../dev/serve.ts";
import { makeCountry } from "../../dev/simulate/country.ts";
import { happens } from "../../dev/simulate/happens.ts";
import { ACCOUNTS, type Deed, drawPlan } from "../../dev/simulate/plan.ts";
import { SimulatedPostgres } from "../../dev/simulate/postgres.ts";
import { type Release, readRelease } from "../../dev/simulate/release.ts";
import { headsNow, owedNow } from "../../dev/simulate/seen.ts";
import { World } from "../../dev/simulate/world.ts";
import { COUNTRIES } from "../../src/domain/country.ts";

const SEED = 12;
const START_AT = Date.parse("2026-11-03T06:00:00Z");
const MINUTE_MS = 60_000;
const DRAIN_MS_MAX = 24 * 60 * MINUTE_MS;
const PLAN_MINUTES = 40;
/** How often all compare until nobody lacks anything. */
const HEADS_MAX = 4;

const folder = mkdtempSync(join(tmpdir(), "cc-upgrade-"));
const firstRelease = unpackRecord(join(folder, "first"), firstFolder());
const releaseBefore = unpackRecord(join(folder, "before"), previousFolder());
let postgres: SimulatedPostgres;
let world: World;
let phones: MedicPhone[];
/** The release that every object, request and job belongs to. */
let running: Release;

/** What an operator is shown of money, energy, tariffs and held money, and the rows behind it. */
type Photo = { accounts: unknown[]; receipts: unknown[]; rows: Record<string, unknown[]> };

/** Rows that are history: no release may change one of them, in the words that both know. */
const HISTORY: Record<string, string> = {
  payments: `SELECT receipt, amount_minor, currency, holder_kind, account_id, generation, paid_at FROM payments ORDER BY 1`,
  shares: `SELECT receipt, generation, share, amount_minor, holder_kind, account_id FROM payment_allocations ORDER BY 1, 2, 3`,
  entries: `SELECT entry_key, book, kind, energy_wh, amount_minor, currency, account_id, seq, balance_after_wh, rate_e4_per_kwh, receipt
            FROM ledger_entries ORDER BY entry_key, book`,
  balances: `SELECT account_id, balance_wh, seq FROM account_balances ORDER BY 1`,
  held: `SELECT receipt, share, because, state, amount_minor FROM suspense_cases ORDER BY 1, 2`,
  tariffs: `SELECT id, scope, rate, valid_from FROM tariffs ORDER BY 1`,
  readings: `SELECT meter_id, read_at, register_wh FROM meter_readings ORDER BY 1, 2, 3`,
  texts: `SELECT phone_id, external_id, content FROM sms_inbound ORDER BY 1, 2`,
};

async function photo(receipts: readonly string[]): Promise<Photo> {
  const accounts = await Promise.all(
    ACCOUNTS.map(async (account) => {
      const view = asRecord((await world.ops("GET", `/accounts/${account}`)).body);
      const meters = (view.meters as Record<string, unknown>[]).map(
        ({ meterNumber, registerWh, unpostedWh, readAt }) => ({
          ...{ meterNumber, registerWh, unpostedWh, readAt },
        }),
      );
      const { balanceWh, availableWh, seq, rateE4PerKwh, currency, status } = view;
      return { account, balanceWh, availableWh, seq, rateE4PerKwh, currency, status, meters };
    }),
  );
  const shown = await Promise.all(
    receipts.map(async (receipt) => {
      const { status, body } = await world.ops("GET", `/receipts/${receipt}`);
      const { amountMinor, generation } = asRecord(body);
      return { receipt, status, amountMinor, generation };
    }),
  );
  const rows: Record<string, unknown[]> = {};
  for (const [name, query] of Object.entries(HISTORY)) rows[name] = await postgres.read(query);
  return { accounts, receipts: shown, rows };
}

/** All that every object has written. */
const written = () =>
  Object.entries(world.objects).flatMap(([binding, namespace]) =>
    [...namespace.disks].map(([name, disk]) => [`${binding} ${name}`, disk.all()] as const),
  );

/** Begins each object anew, as a deployment does, and waits until it has migrated. */
async function wakeAll() {
  world.crash();
  for (const namespace of Object.values(world.objects))
    for (const name of namespace.names()) await world.machine.until(namespace.wake(name));
}

async function drained() {
  const { machine } = world;
  const until = machine.now() + DRAIN_MS_MAX;
  const wait = async (): Promise<string[]> => {
    await machine.sleep(MINUTE_MS);
    const owed = await owedNow(world, phones);
    return owed.length === 0 || machine.now() > until ? owed : wait();
  };
  expect(await machine.until(wait())).toEqual([]);
}

/** Payments, readings and a person's word, without anything that breaks. */
async function live(deeds: readonly Deed[]) {
  const { machine } = world;
  const all = deeds.map(async (deed) => {
    await machine.sleep(deed.at);
    await happens(world, phones, deed);
  });
  await machine.until(Promise.all(all));
  await drained();
}

const PEACEFUL = new Set<Deed["what"]>(["payment", "webhook", "assign", "reading"]);
const planOf = (seed: number, at: number) => drawPlan(seed, PLAN_MINUTES, at).filter(({ what }) => PEACEFUL.has(what));
const receiptsOf = (plan: readonly Deed[]) => plan.flatMap((deed) => (deed.what === "payment" ? [deed.receipt] : []));

/** A country under a recorded release, in `from`, on its own schema. */
async function begin(from: string, { migration }: Recorded) {
  running = readRelease(join(folder, from, "index.js"));
  postgres = await SimulatedPostgres.open(COUNTRIES.LS, migration);
  world = new World(SEED, START_AT, { now: () => running(), before: null }, postgres);
  const { machine } = world;
  phones = await machine.until(makeCountry(world, SEED, START_AT, { isIndebted: false }));
  world.startClock(SEED);
  const polls = async (phone: MedicPhone): Promise<void> => {
    await phone.wake().catch(() => undefined);
    await machine.sleep(MINUTE_MS);
    return polls(phone);
  };
  for (const phone of phones) void polls(phone);
}

beforeAll(() => bundle(join(folder, "new")));
afterEach(() => world?.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("wakes all that the first recorded release wrote: nothing of it is lost, changed or counted twice", () =>
  upgraded("first", firstRelease));

it.skipIf(releaseBefore.commit === firstRelease.commit)(
  "wakes all that the release before wrote: nothing of it is lost, changed or counted twice",
  () => upgraded("before", releaseBefore),
);

async function upgraded(from: string, recorded: Recorded) {
  await begin(from, recorded);
  const plan = planOf(SEED, START_AT);
  await live(plan);
  const receipts = receiptsOf(plan);
  const before = await world.machine.until(photo(receipts));
  const classes = Object.values(world.objects).filter((namespace) => namespace.names().length > 0);
  expect(classes.length, "objects of each class").toBeGreaterThan(5);
  expect(before.rows.held?.length, "money that waits").toBeGreaterThan(0);
  expect(before.rows.readings?.length).toBeGreaterThan(ACCOUNTS.length);

  await world.machine.outside(() => postgres.migrate(recorded.migration, null));
  await world.machine.outside(() => postgres.nameFor(COUNTRIES.LS));
  running = readRelease(join(folder, "new", "index.js"));
  await wakeAll();
  const once = written();
  await wakeAll();
  expect(written(), "woken twice is as woken once").toEqual(once);
  expect(await world.machine.until(photo(receipts)), "what is shown and what is kept").toEqual(before);

  // And the country pays on where the old release stopped.
  const later = planOf(SEED + 1, world.machine.now()).filter(({ what }) => what !== "reading");
  await live(later);
  for (let n = 1; n < HEADS_MAX && (await world.machine.until(headsNow(world))).length > 0; n++) await drained();
  expect(await world.machine.until(headsNow(world)), "what objects and database tell each other").toEqual([]);
  const after = await world.machine.until(photo(receipts));
  for (const name of ["payments", "entries", "shares", "tariffs", "texts", "readings"])
    expect(after.rows[name], name).toEqual(expect.arrayContaining(before.rows[name] ?? []));
  const claimed = (after.rows.payments ?? []).map((row) => asRecord(row).receipt);
  expect(claimed).toEqual(expect.arrayContaining([...receipts, ...receiptsOf(later)]));
  expect(claimed).toHaveLength(receipts.length + receiptsOf(later).length);
}

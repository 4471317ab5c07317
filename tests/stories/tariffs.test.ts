import { afterAll, beforeAll, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { keepObjects, setObjectBack, wipeObject } from "./objects.ts";
import { ask, startWorld, until } from "./world.ts";

const PORT = 27_787;
const DATA = ".data/story-tariffs";
const MINUTE = 60_000;
const TOLD_MS_MAX = 90_000;
/** Two of one site: the first gets a rate of its own, the second hears what its site says; and two of others. */
const [OWN, OTHER, THIRD, FOURTH] = ["0045MAK", "0080MAK", "0052MAS", "0991SHG"];

type Tariff = { tariffId: number; validFrom: number; rateE4PerKwh: number | null; state: string };
type Set = { status: string; tariff: Tariff; told?: string; error?: { kind: string; details: unknown } };
type Told = { runs: { change: string; state: string }[]; behind: { account: string }[]; told: string[] };

let world: Awaited<ReturnType<typeof startWorld>> | null = null;
const start = async (reset: boolean) => {
  world = await startWorld({ firstPort: PORT, data: DATA, reset });
};
const stop = async () => {
  await world?.stop();
  world = null;
};
const country = () => {
  if (world === null) throw new Error("the world is stopped");
  return world.local.countries.LS;
};
const keys = () => ({ "X-Ops-Key": country().opsKey, "X-Actor": "Lineo" });
const get = <T>(path: string) => ask<T>(`${country().url}/api${path}`, { headers: keys() }).then(({ body }) => body);
const post = <T = Set>(path: string, json: unknown) => ask<T>(`${country().url}/api${path}`, { json, headers: keys() });

async function pay(account: string, reference: string, paidAt: number) {
  const { body } = await ask<{ status: string; kwh_vended?: number; rate?: number }>(
    `${country().url}/api/payments/webhook`,
    {
      json: {
        account_number: account,
        amount: 20,
        reference,
        provider: "mpesa",
        phone: null,
        timestamp: new Date(paidAt).toISOString(),
      },
      headers: { "X-Gateway-Key": country().gatewayKey },
    },
  );
  return [body.status, body.rate, body.kwh_vended];
}
const recorded = (receipt: string) =>
  withClient(country().databaseUrl, async (client) => {
    const query =
      "SELECT tariff_id, rate_e4_per_kwh FROM ledger_entries WHERE receipt = $1 AND book = 'customer_energy'";
    return (await client.query<{ tariff_id: string; rate_e4_per_kwh: string }>(query, [receipt])).rows;
  });
const allTold = () =>
  until(
    "all accounts are told",
    TOLD_MS_MAX,
    () => get<Told>("/tariffs/told"),
    ({ runs, behind }) => runs.every(({ state }) => state === "done") && behind.length === 0,
  );

beforeAll(async () => {
  await start(true);
  await allTold();
});
afterAll(stop);

it("prices by an account's own rate from its instant on, whoever pays when, and twice is the same as once", async () => {
  const rate = { scope: "account", account: OWN, rateE4PerKwh: 40_000, reason: "the clinic" };
  const dry = await post<{ changes: object[]; accounts: number; fault: null; concerns: object[] }>("/tariffs/dry-run", {
    scope: "account",
    account: OWN,
    rateE4PerKwh: 40_000,
  });
  expect(dry.body).toMatchObject({
    accounts: 1,
    fault: null,
    concerns: [],
    changes: [{ fromE4PerKwh: 50_000, toE4PerKwh: 40_000 }],
  });
  const set = await post("/tariffs", rate);
  expect(set).toMatchObject({
    status: 201,
    body: { status: "scheduled", told: "told", tariff: { state: "scheduled" } },
  });
  expect(await post("/tariffs", rate)).toMatchObject({
    status: 200,
    body: { status: "exists", tariff: { tariffId: set.body.tariff.tariffId } },
  });
  const begins = set.body.tariff.validFrom;
  // A provider may date a payment a little ahead of our clock: nobody has to wait for the instant.
  expect(await pay(OWN, "QK7STORY01", begins - 1_000)).toEqual(["ok", 5, 4]);
  expect(await pay(OWN, "QK7STORY02", begins)).toEqual(["ok", 4, 5]);
  expect(await pay(OWN, "QK7STORY03", begins - 86_400_000)).toEqual(["ok", 5, 4]);
  expect(await pay(OWN, "QK7STORY02", begins)).toEqual(["duplicate", 4, 5]);
  const rows = await until(
    "the entry is recorded",
    TOLD_MS_MAX,
    () => recorded("QK7STORY02"),
    (found) => found.length > 0,
  );
  expect(rows).toEqual([{ tariff_id: String(set.body.tariff.tariffId), rate_e4_per_kwh: "40000" }]);
  // What is posted by it cannot be cancelled away, though it has not begun.
  const cancelled = await post(`/tariffs/${set.body.tariff.tariffId}/cancel`, { reason: "a slip" });
  expect(cancelled).toMatchObject({ status: 422, body: { error: { kind: "refused" } } });
});

it("tells a whole site, shields who has a rate of its own, and takes back what has not begun", async () => {
  const validFrom = Math.ceil(Date.now() / MINUTE) * MINUTE + 60 * MINUTE;
  const rate = {
    scope: "site",
    site: "MAK",
    rateE4PerKwh: 62_500,
    reason: "the regulator",
    validFrom: new Date(validFrom).toISOString(),
  };
  const dry = await post<object>("/tariffs/dry-run", { ...rate, reason: undefined });
  expect(dry.body).toMatchObject({
    changes: [{ at: validFrom, fromE4PerKwh: 50_000, toE4PerKwh: 62_500 }],
    shielded: [{ by: "account", accounts: 1, sites: ["MAK"] }],
  });
  const set = await post("/tariffs", rate);
  expect(set).toMatchObject({ status: 201, body: { status: "scheduled" } });
  await allTold();
  expect(await pay(OTHER, "QK7STORY11", validFrom - 1)).toEqual(["ok", 5, 4]);
  const { because } = await get<{ because: string }>(`/accounts/${OTHER}/tariff?at=${rate.validFrom}`);
  expect(because).toContain("the site's rate, 6.25 LSL a kWh");
  expect(await post(`/tariffs/${set.body.tariff.tariffId}/cancel`, { reason: "a month too early" })).toMatchObject({
    status: 200,
  });
  await allTold();
  expect(await pay(OTHER, "QK7STORY12", validFrom)).toEqual(["ok", 5, 4]);
  const { rows } = await get<{ rows: { state: string; cancelReason: string }[] }>("/tariffs/history?site=MAK");
  expect(rows).toMatchObject([{ state: "cancelled", cancelReason: "a month too early" }]);
});

it("asks before vending stops or a price jumps, refuses what comes too late, and leaves no trace of it", async () => {
  const rate = { scope: "site", site: "MAS", rateE4PerKwh: 50_000, reason: "a test" };
  const before = await get<{ rows: object[] }>("/tariffs/history");
  for (const [change, status, kind] of [
    [{ rateE4PerKwh: 0 }, 409, "needs_confirmation"],
    [{ rateE4PerKwh: 500_000 }, 409, "needs_confirmation"],
    [{ validFrom: new Date(Date.now() + 14 * MINUTE).toISOString() }, 422, "too_soon"],
    [{ validFrom: "2036-01-01T00:00:00Z" }, 422, "too_far"],
    [{ rateE4PerKwh: undefined, ends: true }, 422, "nothing_to_end"],
  ] as const)
    expect(await post("/tariffs", { ...rate, ...change })).toMatchObject({ status, body: { error: { kind } } });
  const past = { ...rate, site: "MAK", validFrom: "2026-01-01T00:00:00Z" };
  expect(await post("/tariffs/back-dated", past)).toMatchObject({ status: 422, body: { error: { kind: "refused" } } });
  expect(await get("/tariffs/history")).toEqual(before);
});

it("loses no change with the database: it is refused whole, and sent again it is there once", async () => {
  const rate = { scope: "account", account: THIRD, rateE4PerKwh: 45_000, reason: "an outage" };
  await fetch(`${world?.local.simulators.database}/down`, { method: "POST", body: JSON.stringify({ seconds: 3 }) });
  expect((await post("/tariffs", rate)).status).toBe(503);
  const set = await until(
    "it is set",
    TOLD_MS_MAX,
    () => post("/tariffs", rate),
    ({ status }) => status < 300,
  );
  expect(set.body.tariff.rateE4PerKwh).toBe(45_000);
  const { rows } = await get<{ rows: object[] }>(`/tariffs/history?account=${THIRD}`);
  expect(rows).toHaveLength(1);
});

it("finds objects that were set back or lost, and tells them again", async () => {
  // Not of the demo's people, whom each start tells anew.
  const accounts = [{ account: FOURTH, name: "Test", status: "live", meters: [] }];
  expect((await post("/ops/accounts", { accounts })).status).toBe(200);
  await allTold();
  await stop();
  keepObjects(DATA, "ls", "before");
  await start(false);
  await allTold();
  const validFrom = new Date(Math.ceil(Date.now() / MINUTE) * MINUTE + 5 * MINUTE).toISOString();
  const rate = { scope: "account", account: FOURTH, rateE4PerKwh: 32_000, reason: "again", validFrom };
  expect((await post("/tariffs", rate)).body.told).toBe("told");
  await stop();
  expect(setObjectBack(DATA, "ls", "before", "AccountLedger", FOURTH)).toBe(true);
  expect(wipeObject(DATA, "ls", "AccountLedger", OTHER)).toBe(true);
  await start(false);
  const asked = await get<Told>("/tariffs/told");
  // The lost one has loaded itself; the one that was set back does not know that anything is missing.
  expect(asked.behind.map(({ account }) => account)).toEqual([FOURTH]);
  expect((await post<Told>("/tariffs/told", {})).body.told).toEqual([FOURTH]);
  await allTold();
  expect(await pay(FOURTH, "QK7STORY31", Date.parse(validFrom))).toEqual(["ok", 3.2, 6.25]);
  const { otherwise } = await get<{ otherwise: object[] }>("/tariffs/priced");
  expect(otherwise).toEqual([]);
});

import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { steamaSim } from "../../dev/steama/app.ts";
import { villageOf } from "../../dev/vendors/people.ts";
import { wholeUnits } from "../../src/domain/decimal.ts";
import { LIVE_TTL_MS } from "../../src/domain/live-balance.ts";
import { copyOutboxes } from "../../src/services/copy-outboxes.ts";
import { copyPortsOf, sourceOf } from "../../workers/copy.ts";
import type { Env, JobMessage } from "../../workers/env.ts";
import { liveBalancesJob } from "../../workers/jobs/live-balances.ts";
import { syncSteamaJob } from "../../workers/jobs/sync-steama.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { koiosOf } from "../vendor-sims.ts";
import { country, database, ops, rows } from "./country.ts";

const HOUR = 3_600_000;
const NOW = Date.now();
const queue: JobMessage[] = [];
const CLINIC = "990001230077";
const koios = koiosOf({ now: () => NOW });
const [used, idle] = villageOf({ vendor: "koios", site: "KET", count: 2, rateE4PerKwh: 45_000, openingMinor: 50_000 });
if (used?.serial == null || idle?.serial == null) throw new Error("no village");
const [usedMeter, idleMeter] = [used.serial, idle.serial];
const steama = steamaSim({
  login: { username: "clinics", password: "s3cret" },
  meters: [
    { id: 4711, reference: `0${CLINIC}`, name: "Clinic 1", utcOffsetMinutes: 120 },
    { id: 4712, reference: "0990001230078", name: "of nobody here", utcOffsetMinutes: 120 },
  ],
  now: () => NOW,
});
const env: Env = {
  ...country,
  KOIOS_URL: "http://koios.example",
  KOIOS_ORG: "11111111-1111-4111-8111-111111111111",
  KOIOS_READ_KEY: "ls-read:r",
  STEAMA_URL: "http://steama.example",
  STEAMA_LOGIN: "clinics:s3cret",
  JOBS: {
    sendBatch: async (batch: { body: JobMessage }[]) => void queue.push(...batch.map(({ body }) => body)),
  } as unknown as Env["JOBS"],
};

/** Each vendor is asked over the network of this test alone; the database is asked as ever. */
function vendorsAnswer(answers: Record<string, (request: Request) => Promise<Response>>) {
  vi.restoreAllMocks();
  const real = globalThis.fetch;
  const asked: string[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init as RequestInit);
    const answer = answers[new URL(request.url).host];
    if (answer === undefined) return real(input as RequestInfo, init as RequestInit);
    asked.push(request.url);
    return answer(request);
  });
  return asked;
}
const bothAnswer = () => vendorsAnswer({ "koios.example": koios.fetch, "steama.example": steama.fetch });
afterEach(() => void vi.restoreAllMocks());

const account = (number: string, meterNumber: string) => ({
  ...{ account: number, name: "Test One", phone: null, language: "en", status: "live", aliases: [] },
  meters: [{ meterNumber, thing: null, from: "2026-01-01T00:00:00Z" }],
});
const copied = (name: string) => copyOutboxes(copyPortsOf(env), [sourceOf(env, { object: "account_ledger", name })]);

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "KET", name: "Ketane", district: null }] });
  const reason = "a test";
  await ops("POST", "/vendor-sites", { site: "KET", vendor: "koios", vendorSiteId: "uuid-ket", reason });
  const accounts = [account(used.code, usedMeter), account(idle.code, idleMeter), account("0977KET", CLINIC)];
  const made = await ops("POST", "/accounts", { accounts });
  if (made.status !== 200) throw new Error(JSON.stringify(made.body));
});

describe("the look at wallets, every five minutes", () => {
  const looks = () =>
    rows<{ account: string; wallet: number }>(
      `SELECT a.account_number AS account, l.wallet_minor::int AS wallet FROM live_balances l JOIN accounts a ON a.id = l.account_id
       WHERE a.site_code = 'KET'`,
    );

  /** What the vendor itself says. */
  const walletMinor = async () => {
    const { json } = await koios.reader("GET", `/api/v1/customers?code=${used.code}`);
    const [{ balances } = { balances: { credit: { value: "" } } }] = json.data as {
      balances: { credit: { value: string } };
    }[];
    return wholeUnits(String(balances.credit.value), 2);
  };

  it("is of those whose supply may end soon, once in a while, and of nobody else", async () => {
    const day = new Date(NOW - 2 * 24 * HOUR).toISOString().slice(0, 10);
    const hours = Array.from({ length: 24 }, (_, hour) => ({ hour: Date.parse(day) + hour * HOUR, energyWh: 200 }));
    const order = { meterNumber: usedMeter, day, source: "koios", hours, priority: ["koios"] };
    await accountLocator(env, used.code).recordDays(used.code, [order]);
    await copied(used.code);
    const asked = bothAnswer();
    expect(await liveBalancesJob(env, null)).toBeNull();
    expect(await looks()).toEqual([{ account: used.code, wallet: await walletMinor() }]);
    expect(asked).toEqual([`http://koios.example/api/v1/customers?code=${used.code}`]);
    await liveBalancesJob(env, null);
    expect(asked, "it was just seen").toHaveLength(1);
  });

  it("goes on in another message while more are due, and not beyond what one run may ask", async () => {
    await database().transaction([
      { query: "UPDATE live_balances SET read_at = cc_at($1::bigint)", params: [String(NOW - 10 * LIVE_TTL_MS)] },
    ]);
    const asked = bothAnswer();
    expect(await liveBalancesJob(env, { left: 0 })).toBeNull();
    expect(asked).toEqual([]);
    expect(await liveBalancesJob(env, { left: 1 })).toBeNull();
    expect(asked).toHaveLength(1);
  });

  it("keeps what was seen last while the vendor refuses, and ends without a retry: five minutes later is soon enough", async () => {
    await database().transaction([
      { query: "UPDATE live_balances SET read_at = cc_at($1::bigint)", params: [String(NOW - 10 * LIVE_TTL_MS)] },
    ]);
    vendorsAnswer({ "koios.example": async () => new Response("<html>Bad gateway</html>", { status: 502 }) });
    const said = vi.spyOn(console, "log").mockImplementation(() => {});
    expect(await liveBalancesJob(env, null)).toBeNull();
    expect(JSON.parse(String(said.mock.calls.at(-1)?.[0]))).toMatchObject({
      due: 1,
      looked: 0,
      stopped: { koios: /./ },
    });
    expect(await looks()).toEqual([{ account: used.code, wallet: await walletMinor() }]);
  });
});

describe("the readings of clinics, four times a day", () => {
  const stored = () =>
    rows<{ n: number; wh: number }>(
      `SELECT count(*)::int AS n, (max(register_wh) - min(register_wh))::int AS wh FROM meter_readings r
       JOIN meters m ON m.id = r.meter_id WHERE m.meter_number = '${CLINIC}'`,
    );

  it("asks nobody in a country without clinics", async () => {
    const { STEAMA_URL: _url, ...without } = env;
    const asked = bothAnswer();
    expect(await syncSteamaJob(without as Env, null)).toBeNull();
    expect([asked, queue]).toEqual([[], []]);
  });

  it("is tried again at its next call while the vendor answers nonsense: the run does not count as done", async () => {
    vendorsAnswer({ "steama.example": async () => new Response("<html>Bad gateway</html>", { status: 502 }) });
    vi.spyOn(console, "warn").mockImplementation(() => {});
    expect(await syncSteamaJob(env, null)).toBeNull();
    expect(queue).toEqual([]);
    bothAnswer();
    await syncSteamaJob(env, null);
    expect(queue.map(({ page }) => page)).toMatchObject([{ meter: { meterNumber: CLINIC } }, { meter: {} }]);
  });

  it("is a message a meter, whose readings reach its account once; a meter of nobody waits and stops no other", async () => {
    bothAnswer();
    for (const { page } of [...queue, ...queue.splice(0)]) expect(await syncSteamaJob(env, page)).toBeNull();
    await copied("0977KET");
    const [{ n, wh } = { n: 0, wh: 0 }] = await stored();
    expect(n).toBeGreaterThan(150);
    const [range] = await rows<{ first: number; last: number }>(
      `SELECT cc_ms(min(read_at)) AS first, cc_ms(max(read_at)) AS last FROM meter_readings r
       JOIN meters m ON m.id = r.meter_id WHERE m.meter_number = '${CLINIC}'`,
    );
    expect(wh).toBe(steama.usedWh(`0${CLINIC}`, Number(range?.first), Number(range?.last)));
  });

  it("runs once in its six hours, however often the clock calls", async () => {
    const asked = bothAnswer();
    await syncSteamaJob(env, null);
    expect([asked, queue]).toEqual([[], []]);
  });
});

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, LabWorker, type Surroundings, startSurroundings } from "../../dev/lab.ts";
import { MedicPhone } from "../../dev/medic-phone.ts";
import { SampleTill } from "../../dev/samples.ts";
import { ask, sleep, until } from "./world.ts";

const ROOT = fileURLToPath(new URL("../../.data/story-night", import.meta.url));
const FIRST_PORT = 25_787;
const ACCOUNT = "0045MAK";
const METER = "23099001";
const THING = "MAK-GW-0007";
const SETTLE_MS_MAX = 60_000;

/** Local time in Lesotho on the evening, or the morning after it. */
const evening = (hour: number, minute = 0) => Date.UTC(2026, 10, 24, hour - 2, minute);
const morning = (hour: number, minute = 0) => Date.UTC(2026, 10, 25, hour - 2, minute);

type View = {
  balanceWh: number;
  availableWh: number;
  meters: { connected: boolean | null; dark: { because: string } | null }[];
  entries: { kind: string; energyWh: number; entryKey: string }[];
  commands: { action: string; state: string; because: string }[];
};
type Payload = { action: string; reason: string };

let surroundings: Surroundings;
let worker: LabWorker;
let database: pg.Client;
let phone: MedicPhone;
let clock = evening(18, 30);

beforeAll(async () => {
  await rm(ROOT, { recursive: true, force: true });
  await bundle(join(ROOT, "bundle"));
  const ackUrl = () => `${worker.url}/api/meters/relay-ack`;
  surroundings = await startSurroundings(ROOT, FIRST_PORT, ackUrl, () => clock);
  const { vars, ownerUrl } = await surroundings.country("cc_night");
  worker = new LabWorker({ bundle: join(ROOT, "bundle"), objects: join(ROOT, "objects"), port: FIRST_PORT, vars });
  database = new pg.Client({ connectionString: ownerUrl });
  await database.connect();
  await goTo(clock);
  await seed();
});
afterAll(async () => {
  await database?.end().catch(() => undefined);
  await worker?.stop();
  await surroundings?.stop();
  await rm(ROOT, { recursive: true, force: true });
});

/** The worker wakes up at that time of its own clock; all that was stored is there, all that was in memory is gone. */
async function goTo(at: number) {
  await worker.stop();
  clock = at;
  await worker.start({ CLOCK_OFFSET_MS: String(at - Date.now()) });
  // Phones poll every minute or so all night.
  await phone?.poll();
}

/** The jobs of each minute, until the gate has been told all that others know. */
async function everyMinute() {
  const url = `${worker.url}/cdn-cgi/local/scheduled?cron=${encodeURIComponent("* * * * *")}`;
  await (await fetch(url, { headers: { "MF-Original-URL": url } })).arrayBuffer();
  await until(
    "the gate",
    SETTLE_MS_MAX,
    () => ops<{ lacks: string[] }>("GET", "/disconnects"),
    ({ lacks }) => lacks.length === 0,
  );
}

const ops = async <T>(method: string, path: string, json?: unknown) => {
  const answer = await ask<T>(`${worker.url}/api/ops${path}`, {
    method,
    headers: { "X-Ops-Key": surroundings.keys.LS.ops, "X-Actor": "Mpho" },
    ...(json === undefined ? {} : { json }),
  });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const view = () => ops<View>("GET", `/accounts/${ACCOUNT}`);

async function seed() {
  await ops("POST", "/init", { cutoverAt: new Date(clock - 30 * 86_400_000).toISOString() });
  await ops("POST", "/sites", { sites: [{ code: "MAK", name: "Ha Makebe", district: "Berea" }] });
  await ops("POST", "/rates", {
    rates: [{ scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: "2020-01-01T00:00:00+02:00" }],
  });
  await ops("POST", "/tills", { tillId: "north", name: "Northern villages", senders: ["MPESA"] });
  const added = await ops<{ medicUrl: string }>("POST", "/phones", {
    phoneId: "north-a",
    name: "Shop",
    tillId: "north",
    channel: "electricity",
  });
  await ops("POST", "/accounts", {
    accounts: [
      {
        account: ACCOUNT,
        name: "Lineo Khalane",
        phone: "26650000101",
        language: "en",
        status: "live",
        meters: [{ meterNumber: METER, thing: THING }],
      },
    ],
  });
  phone = new MedicPhone({ url: added.medicUrl, now: () => clock });
  await phone.poll();
}

/** The bridge brings a reading, twice, as it does when an answer was lost. */
async function readingAt(at: number, registerKwh: string, relay: "0" | "1") {
  const local = new Date(at + 2 * 3_600_000).toISOString().replace(/\D/g, "").slice(0, 12);
  for (let times = 0; times < 2; times++) {
    const answer = await ask<{ results: { status: string }[] }>(`${worker.url}/api/meters/readings`, {
      headers: { "X-IoT-Key": surroundings.keys.LS.iot },
      json: [
        {
          meterId: METER.padStart(12, "0"),
          Time: local,
          EnergyActive: `${registerKwh} kWh`,
          Relay: relay,
          thingName: THING,
        },
      ],
    });
    expect([answer.status, answer.body.results.map(({ status }) => status)]).toEqual([200, ["accepted"]]);
  }
}

const till = new SampleTill({ operator: "mpesa", seed: 11 });
async function pay(amountMinor: number) {
  const { sms } = till.pay({ account: ACCOUNT, amountMinor, at: clock });
  phone.store(sms);
  phone.store(sms);
  await phone.wake();
}

const published = () => surroundings.iot.published().map(({ payload }) => payload as Payload);
const commands = () => published().map(({ action, reason }) => `${action}: ${reason}`);
const relayIs = (connected: boolean) =>
  until("the meter's answer", SETTLE_MS_MAX, view, ({ meters }) => meters[0]?.connected === connected);
/** What the phone has been handed to send. */
async function said() {
  await phone.wake();
  return [...phone.outgoing.values()].map(({ content }) => content);
}

describe("a house that runs out at ten past three", () => {
  it("is warned before, goes dark only with fresh data and after the second look, pays, and is lit again", async () => {
    await ops("POST", "/disconnects", { on: true, reason: "the story" });
    await everyMinute();
    await readingAt(evening(18, 30), "100.00", "0");
    await pay(2_000);
    await relayIs(true);
    expect(commands()).toEqual(["close: credit_restored"]);

    await goTo(evening(19, 30));
    await readingAt(evening(19, 30), "102.20", "1");
    await until("the warning", SETTLE_MS_MAX, said, (texts) => texts.some((text) => text.includes("1.8 kWh left")));

    await goTo(morning(2, 40));
    await readingAt(morning(2, 40), "103.90", "1");
    expect(await view()).toMatchObject({ balanceWh: 100, availableWh: 100 });

    // It runs out, and then the bridge is silent for half an hour: nobody knows what has happened since.
    await goTo(morning(3, 10));
    await readingAt(morning(3, 10), "104.02", "1");
    expect((await view()).meters[0]?.dark?.because).toBe("first_look");
    await goTo(morning(3, 45));
    await readingAt(morning(2, 40), "103.90", "1");
    expect((await view()).meters[0]?.dark?.because).toBe("reading_stale");

    await goTo(morning(3, 46));
    await readingAt(morning(3, 46), "104.05", "1");
    await goTo(morning(3, 50));
    await readingAt(morning(3, 46), "104.05", "1");
    await sleep(500);
    expect(commands()).toEqual(["close: credit_restored"]);
    await goTo(morning(3, 52));
    await readingAt(morning(3, 46), "104.05", "1");
    await relayIs(false);
    expect(commands()).toEqual(["close: credit_restored", "open: zero_balance"]);

    await goTo(morning(6, 5));
    await pay(1_000);
    await relayIs(true);
    await goTo(morning(6, 20));
    await readingAt(morning(6, 20), "104.05", "1");

    expect(commands()).toEqual(["close: credit_restored", "open: zero_balance", "close: credit_restored"]);
    const after = await view();
    expect(after).toMatchObject({ balanceWh: 1_950, availableWh: 1_950 });
    expect(after.commands.map(({ action, state }) => `${action} ${state}`)).toEqual([
      "connect completed",
      "disconnect completed",
      "connect completed",
    ]);
    const texts = await until("both receipts", SETTLE_MS_MAX, said, (all) => all.length === 3);
    expect(texts.filter((text) => text.includes("received for account"))).toHaveLength(2);
    expect(texts.filter((text) => text.includes("kWh left"))).toHaveLength(1);
  });

  it("is told line by line in the database: entries that add up, hours that add up, commands with their reasons", async () => {
    const rows = async (query: string) => (await database.query<Record<string, unknown>>(query)).rows;
    const used = "SELECT sum(energy_wh)::int AS wh FROM consumption_hourly";
    await until(
      "the copies",
      SETTLE_MS_MAX,
      async () => [await rows(used), await view()] as const,
      ([[hours], now]) => hours?.wh === 4_050 && "copyWaiting" in now && now.copyWaiting === 0,
    );
    expect(await rows("SELECT sum(energy_wh)::int AS wh FROM consumption_daily")).toEqual([{ wh: 4_050 }]);
    expect(
      await rows("SELECT kind, energy_wh::int AS wh FROM ledger_entries WHERE book = 'customer_energy' ORDER BY seq"),
    ).toEqual([
      { kind: "payment", wh: 4_000 },
      { kind: "consumption", wh: -2_200 },
      { kind: "consumption", wh: -1_700 },
      { kind: "consumption", wh: -120 },
      { kind: "consumption", wh: -30 },
      { kind: "payment", wh: 2_000 },
    ]);
    expect(await rows("SELECT sum(energy_wh)::int AS wh FROM ledger_entries")).toEqual([{ wh: 0 }]);
    expect(await rows("SELECT balance_wh::int AS wh FROM account_balances")).toEqual([{ wh: 1_950 }]);
    expect(await rows("SELECT action, state, because, actor FROM relay_commands ORDER BY requested_at")).toEqual([
      { action: "connect", state: "completed", because: "credit_restored", actor: null },
      { action: "disconnect", state: "completed", because: "zero_balance", actor: null },
      { action: "connect", state: "completed", because: "credit_restored", actor: null },
    ]);
    expect(await rows("SELECT count(*)::int AS n FROM meter_readings")).toEqual([{ n: 6 }]);
    expect(await rows("SELECT register_wh::int AS wh FROM meter_registers")).toEqual([{ wh: 104_050 }]);
    expect(await rows("SELECT count(*)::int AS n FROM reconciliation_cases")).toEqual([{ n: 0 }]);
  });
});

import { readFileSync } from "node:fs";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawReading, readingTopic } from "../../dev/iot/wire.ts";
import { pull } from "../../dev/odyssey.ts";
import { MedicPhone } from "../../dev/phones.ts";
import { type SamplePayment, SampleTill } from "../../dev/samples.ts";
import { SimulatedBridge } from "../../dev/whatsapp.ts";
import { demoWorld } from "../../dev/world.ts";
import { RestoreWorld } from "./restore-world.ts";
import { ask, until } from "./world.ts";

const PORT = 23_487;
const DATA = ".data/story-day";
const ROOT = new URL("../../", import.meta.url);
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const OFFSET_MINUTES = 120;
/** Half of it goes to the fee: its last cent shows that nothing is rounded away. */
const AMOUNT_MINOR = 10_003;
const SETTLE_MS_MAX = 60_000;
/** A job that the clock starts waits in its queue behind those of the minute. */
const JOB_MS_MAX = 90_000;
const QUARTER = "*/15 * * * *";
const FIVE_MINUTES = "*/5 * * * *";

const [, customer] = demoWorld("LS").customers;
if (customer === undefined) throw new Error("the demo world has a second customer");
const { account, site, meter, thing, phone: number, name } = customer;
const world = new RestoreWorld({ firstPort: PORT, data: DATA });
beforeAll(() => world.start(true));
afterAll(() => world.stop());

type Ticket = {
  ticketId: number;
  source: string;
  rule: string | null;
  category: string;
  priority: string;
  state: string;
  cause: string | null;
  customer: string | null;
};
type Part = { to: string; amountMinor: number; because: string };
type Entry = { book: string; kind: string; amountMinor: number; energyWh: number };
type View = {
  balanceWh: number;
  debts: { part: string; chargedMinor: number; paidMinor: number; outstandingMinor: number }[];
  meters: { meterNumber: string; readAt: number | null; connected: boolean | null }[];
  commands: { action: string; state: string; because: string }[];
  entries: Entry[];
};
type OmTicket = { transaction_ref: string; status: string; customer_id?: string };
type Command = { cmd_id: string; meter_id: string; action: string };

/** Cookies of somebody of the staff, who has signed in with password and authenticator. */
let cookies: string;
async function signedIn(): Promise<string> {
  const init = { method: "POST", body: JSON.stringify({ email: "superadmin@example.org" }) };
  const answer = await fetch(`${world.portal}/ls/demo/sign-in`, init);
  expect(answer.status).toBe(200);
  const given = answer.headers.getSetCookie().map((each) => each.split(";")[0] ?? "");
  return [...new Map(given.map((each) => [each.split("=")[0], each])).values()].join("; ");
}
/** What staff ask or do, through the portal. */
const staff = <T>(method: string, path: string, json?: unknown, key?: string) =>
  ask<T>(`${world.portal}/ls/api${path}`, {
    method,
    headers: {
      ...{ Cookie: cookies, Origin: new URL(world.portal).origin },
      ...(key === undefined ? {} : { "Idempotency-Key": key }),
    },
    ...(json === undefined ? {} : { json }),
  });
const view = () => world.operator<View>(`/accounts/${account}`);
/** Those of the account by who opened them: data may have been first. */
const tickets = async (): Promise<Partial<Record<string, Ticket[]>>> => {
  const { body } = await staff<{ tickets: Ticket[] }>("GET", `/tickets?account=${account}`);
  return Object.groupBy(body.tickets, ({ source }) => source);
};
const split = async () =>
  (
    await staff<{ parts: Part[]; energyWh: number }>(
      "GET",
      `/accounts/${account}/split?amountMinor=${AMOUNT_MINOR}&channel=electricity`,
    )
  ).body;
/** Query 1a of the page about money: what came in, and where it is. */
async function sums() {
  const page = readFileSync(new URL("docs/money.md", ROOT), "utf8");
  const [found] = await world.query<Record<string, string>>(/^-- 1a\..*\n([^;]+;)/m.exec(page)?.[1] ?? "");
  return Object.fromEntries(Object.entries(found ?? {}).map(([each, minor]) => [each, Number(minor)]));
}
/** The clock strikes: what it starts is queued. */
async function strike(cron: string) {
  const asked = `${world.ls.url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`;
  expect((await fetch(asked)).status).toBe(200);
}

/** The meter says what its register shows, over MQTT, and its broker's bridge carries it in. */
async function meterSays(at: number, registerWh: number, connected: boolean) {
  const spec = { thing, meterNumber: meter, utcOffsetMinutes: OFFSET_MINUTES };
  const line = {
    integratedMwh: 0,
    powerMw: 0,
    reactiveMvar: 0,
    voltageMv: 231_000,
    currentMa: 0,
    frequencyMhz: 50_000,
  };
  const client = await mqtt.connectAsync(world.simulators.mqtt);
  const body = rawReading(spec, { at, registerWh, connected, ...line }, at);
  await client.publishAsync(readingTopic(thing), JSON.stringify(body), { qos: 1 });
  await client.endAsync();
  const readAt = at - (at % MINUTE_MS);
  await until("the account has the reading", SETTLE_MS_MAX, view, ({ meters }) => meters[0]?.readAt === readAt);
  await until(
    "the database has the reading",
    SETTLE_MS_MAX,
    () =>
      world.query<{ ms: string }>(
        "SELECT cc_ms(g.seen_at) AS ms FROM meter_registers g JOIN meters m ON m.id = g.meter_id WHERE m.meter_number = $1",
        [meter],
      ),
    ([row]) => Number(row?.ms) === readAt,
  );
}

/** Tickets of the O&M system that are ours by their reference. */
async function mirrored(ticketIds: readonly number[]): Promise<OmTicket[]> {
  const { om: key } = JSON.parse(readFileSync(new URL(`${DATA}/keys.json`, ROOT), "utf8")) as { om: string };
  const { body } = await ask<{ tickets: OmTicket[] }>(`${world.simulators.om}/tickets?search=cc:LS:&limit=1000`, {
    headers: { "X-API-Key": key },
  });
  const ours = new Set(ticketIds.map((id) => `cc:LS:${id};`));
  return body.tickets.filter(({ transaction_ref }) => ours.has(transaction_ref));
}
/** Each is there once, and says so. */
async function mirroredAs(status: string, ticketIds: readonly number[]): Promise<OmTicket[]> {
  const there = await until(
    `the O&M system says ${status}`,
    JOB_MS_MAX,
    () => mirrored(ticketIds),
    (all) => all.length >= ticketIds.length && all.every((each) => each.status === status),
  );
  const references = there.map(({ transaction_ref }) => transaction_ref);
  expect(references.toSorted()).toEqual(ticketIds.map((id) => `cc:LS:${id};`).toSorted());
  return there;
}

/** Connects that left for this customer's meter. */
const connects = async () =>
  (await ask<{ payload: Command }[]>(`${world.simulators.iot}/published`)).body
    .map(({ payload }) => payload)
    .filter(({ action, meter_id }) => action === "close" && meter_id.replace(/^0+/, "") === meter);

/** The bridge that says what it is told, and one that has lost its memory: it would say again what it is handed again. */
let bridge: SimulatedBridge;
const forgetful = () => new SimulatedBridge(world.ls.url, world.ls.bridgeKey);
let phones: MedicPhone[];
const till = new SampleTill({ operator: "mpesa", seed: 17 });
let paid: SamplePayment;
let own: number;
let byData: number;
let dry: Awaited<ReturnType<typeof split>>;

describe("a day of a customer without light, across all who are told of it", () => {
  it("begins with a fee that is owed and a meter that was last heard more than a day ago", async () => {
    cookies = await signedIn();
    bridge = forgetful();
    phones = world.ls.phones.map(({ medicUrl }) => new MedicPhone({ url: medicUrl }));
    const reason = "the board's decision";
    const from = { from: new Date().toISOString(), reason };
    expect((await staff("PUT", "/fees/from", from)).status).toBe(200);
    const charge = { act: "charge", account, part: "connection", reason };
    for (let twice = 0; twice < 2; twice++)
      expect((await staff("POST", "/fees", charge, `charge-${account}`)).status).toBe(200);
    await meterSays(Date.now() - DAY_MS - 60 * MINUTE_MS, 100_000, false);
  });

  it("has a ticket, once, after the customer has written in Sesotho that there is no power, and one answer", async () => {
    const message = {
      id: "story-day-1",
      from: `${number}@c.us`,
      phone: number,
      text: "Lumela, ha ho motlakase hae",
    };
    const first = (await bridge.write(message)) as { status: string; ticketId: number; category: string };
    expect(first).toMatchObject({ status: "opened", category: "no-power" });
    own = first.ticketId;
    expect(await bridge.write(message)).toMatchObject({ status: "duplicate", ticketId: own });
    expect((await tickets()).whatsapp).toMatchObject([
      { ticketId: own, priority: "P1", state: "open", customer: name },
    ]);
    const said = await bridge.fetch();
    expect(said).toMatchObject([{ to: message.from, ticketId: own }]);
    expect(said[0]?.text).toContain(`Re butse tekete T${own}`);
    expect([...(await bridge.fetch()), ...(await forgetful().fetch())]).toEqual([]);
  });

  it("shows whoever looks the unpaid fee and the stale meter, for which data open a ticket", async () => {
    const seen = await view();
    expect(seen.debts).toMatchObject([{ part: "connection", chargedMinor: 50_100, outstandingMinor: 50_100 }]);
    expect(seen.meters).toMatchObject([{ meterNumber: meter }]);
    expect(Date.now() - (seen.meters[0]?.readAt ?? Number.NaN)).toBeGreaterThan(DAY_MS);
    for (let twice = 0; twice < 2; twice++) await strike(QUARTER);
    const found = await until("data's ticket", JOB_MS_MAX, tickets, ({ data = [] }) => data.length > 0);
    expect(found.data).toMatchObject([{ rule: "no_readings", category: "meter-issue", state: "open" }]);
    byData = found.data?.[0]?.ticketId ?? Number.NaN;
    await strike(FIVE_MINUTES);
    await mirroredAs("reported", [own, byData]);
  });

  it("holds what is paid for an account that is not here, and lights nobody", async () => {
    const at = Date.now();
    const { sms, payment } = till.pay({ account: `9990${site}`, amountMinor: AMOUNT_MINOR, at, phone: number });
    paid = payment;
    for (const each of phones.slice(0, 2)) {
      each.store(sms);
      await each.wake();
    }
    await world.drained();
    const { cases } = await world.operator<{ cases: { receipt: string; because: string; amountMinor: number }[] }>(
      "/suspense",
    );
    expect(cases).toMatchObject([{ receipt: paid.receipt, because: "wrong_token", amountMinor: AMOUNT_MINOR }]);
    expect(await view()).toMatchObject({ balanceWh: 0, debts: [{ paidMinor: 0 }], commands: [] });
    expect(await sums()).toMatchObject({ arrived: AMOUNT_MINOR, customers: 0, suspense: AMOUNT_MINOR });
    expect(await connects()).toEqual([]);
  });

  it("splits what staff assign to the customer as the dry run said: fee and energy, to the cent", async () => {
    dry = await split();
    expect(dry).toMatchObject({
      parts: [
        { to: "connection", amountMinor: 5_002, because: "half" },
        { to: "energy", amountMinor: 5_001, because: "energy" },
      ],
      energyWh: 10_002,
    });
    const { body: held } = await staff<{ generation: number }>("GET", `/receipts/${paid.receipt}`);
    const assigned = { expectedGeneration: held.generation, account, reason: "the customer called" };
    const assign = async () => (await staff("POST", `/receipts/${paid.receipt}/assign`, assigned)).status;
    expect([await assign(), await assign()]).toEqual([200, 409]);
    await world.drained();
    const { entries } = await view();
    const posted = entries.filter(({ kind }) => kind === "payment");
    const of = (book: string) => posted.filter((each) => each.book === book);
    expect(of("customer_fees").map(({ amountMinor }) => amountMinor)).toEqual([dry.parts[0]?.amountMinor]);
    expect(of("customer_energy").map(({ amountMinor, energyWh }) => [amountMinor, energyWh])).toEqual([
      [dry.parts[1]?.amountMinor, dry.energyWh],
    ]);
    expect(posted.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(AMOUNT_MINOR);
  });

  it("brings the light back: one connect, which the meter has obeyed, and a fresh reading", async () => {
    const lit = await until("light", SETTLE_MS_MAX, view, ({ meters }) => meters[0]?.connected === true);
    expect(lit.commands).toMatchObject([{ action: "connect", state: "completed", because: "credit_restored" }]);
    const sent = new Set((await connects()).map(({ cmd_id }) => cmd_id));
    expect(sent.size).toBe(1);
    const { body: acks } = await ask<{ cmd_id: string; status: string }[]>(`${world.simulators.iot}/acks`);
    expect(acks.filter(({ cmd_id }) => sent.has(cmd_id)).map(({ status }) => status)).toContain("acked");
    await meterSays(Date.now(), 100_020, true);
  });

  it("closes both tickets by data: the meter is read again, and the customer has light again", async () => {
    await world.drained();
    for (let twice = 0; twice < 2; twice++) await strike(QUARTER);
    const isOver = ({ data, whatsapp }: Awaited<ReturnType<typeof tickets>>) =>
      data?.[0]?.state === "resolved" && whatsapp?.[0]?.state === "resolved";
    const closed = await until("the tickets' end", JOB_MS_MAX, tickets, isOver);
    expect(closed.data).toMatchObject([{ ticketId: byData, cause: "readings_again" }]);
    expect(closed.whatsapp).toMatchObject([{ ticketId: own, cause: "light_again" }]);
  });

  it("tells the customer once by SMS and once by WhatsApp, also after the Workers were killed in between", async () => {
    const texts = () =>
      phones.flatMap(({ outgoing }) => [...outgoing.values()]).filter(({ content }) => content.includes(paid.receipt));
    const wakeAll = async () => {
      for (const each of phones) await each.wake();
      return texts();
    };
    // Sent by the phone, which has not said so yet when the Workers are killed.
    await until("the receipt", SETTLE_MS_MAX, wakeAll, (all) => all.length > 0);
    expect(await bridge.fetch()).toMatchObject([{ ticketId: own }]);
    await world.killWorkers();
    await world.drained();
    expect([...(await bridge.fetch()), ...(await forgetful().fetch())]).toEqual([]);
    for (let twice = 0; twice < 2; twice++) await wakeAll();
    expect(texts().map(({ to, status, timesSent }) => [to.replace("+", ""), status, timesSent])).toEqual([
      [number, "DELIVERED", 1],
    ]);
    expect(texts()[0]?.content).toMatch(/M100\.03.*M50\.02.*10\.0/s);
    // An app that was set up anew under the same key is handed nothing that was delivered.
    const anew = world.ls.phones.map(({ medicUrl }) => new MedicPhone({ url: medicUrl }));
    for (const each of anew) await each.wake();
    expect(anew.flatMap(({ outgoing }) => [...outgoing.values()])).toEqual([]);
    const notices = await world.query(
      "SELECT ticket_id::int AS id, state FROM care_messages WHERE way = 'out' ORDER BY id",
    );
    expect(notices).toMatchObject([
      { id: own, state: "told" },
      { id: own, state: "told" },
    ]);
  });

  it("is told alike by the O&M system, by a funder's pull and by the books", async () => {
    for (let twice = 0; twice < 2; twice++) await strike(FIVE_MINUTES);
    const there = await mirroredAs("resolved", [own, byData]);
    expect(there).toMatchObject([{ customer_id: account }, { customer_id: account }]);

    const programme = { name: "Rural light", funder: "a funder", sites: [site], reason: "contract 12" };
    expect((await staff("PUT", "/programmes/DAY-1", programme)).status).toBe(200);
    const wanted = { name: "Odyssey", programme: "DAY-1", days: 1, reason: "contract 12" };
    const { key } = (await staff<{ key: string }>("POST", "/keys", wanted)).body;
    const from = Math.floor(paid.at / DAY_MS) * DAY_MS;
    const source = {
      ...{ base: `${world.ls.url}/api/odyssey/v1`, key },
      ask: (url: string, headers: Record<string, string>) => fetch(url, { headers }),
    };
    const pulled = await pull(source, "electricity-payment", { from, to: from + DAY_MS, pageSize: 1 });
    expect(pulled.faults).toEqual([]);
    const [booked] = await world.query<{ minor: string; wh: string }>(
      `SELECT sum(amount_minor) AS minor, sum(energy_wh) AS wh FROM ledger_entries
        WHERE receipt = $1 AND kind = 'payment' AND book IN ('customer_energy', 'customer_fees')`,
      [paid.receipt],
    );
    expect([Number(booked?.minor), Number(booked?.wh)]).toEqual([AMOUNT_MINOR, dry.energyWh]);
    expect(
      pulled.rows.map((row) => [row.external_id, row.account_number, Math.round(row.amount * 100), row.kwh_value]),
    ).toEqual([[paid.receipt, account, Number(booked?.minor), Number(booked?.wh) / 1_000]]);
  });

  it("ends without a difference between objects and database, and the sums of money hold", async () => {
    await world.drained();
    expect((await world.heads()).differences).toEqual([]);
    expect(await sums()).toEqual({
      ...{ payments: AMOUNT_MINOR, returned: 0, arrived: AMOUNT_MINOR },
      ...{ customers: AMOUNT_MINOR, suspense: 0, treasury: 0 },
    });
  });
});

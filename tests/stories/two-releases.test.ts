/**
 * In every deployment the release before and this one meet for seconds: old calls reach new objects and the new schema, new calls
 * reach old objects, and each reads the messages and the storage that the other left. Here they do, for longer, with real
 * money, on one PostgreSQL that has this release's schema (docs/deploy.md).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { unpackRecord } from "../../dev/deliver/release.ts";
import { call, type Door } from "../../dev/door.ts";
import { bundle, startSurroundings } from "../../dev/lab.ts";
import { MedicPhone } from "../../dev/medic-phone.ts";
import { PairLab } from "../../dev/pair-lab.ts";
import { Person } from "../../dev/person.ts";
import { SampleTill } from "../../dev/samples.ts";
import { seedPeople } from "../../dev/seed-people.ts";
import { SURVIVED } from "../release/survived.ts";
import type { Heads } from "./restore-world.ts";
import { until } from "./world.ts";

const PORT = 29_787;
const SETTLE_MS_MAX = 120_000;
const ACCOUNTS = ["0045MAK", "0052MAK", "0059MAK"];
const METERS = ["23099101", "23099102", "23099103"];
const CRONS = ["* * * * *", "*/5 * * * *", "*/15 * * * *", "17 1 * * *"];
/** What stands in an address where it names one thing, and what a list takes that has no default. */
const NAMED: Record<string, string> = {
  account: "0045MAK",
  customer: "1",
  site: "MAK",
  meter: METERS[0] ?? "",
  till: "till-a",
  phone: "phone-a",
};
const ASKED = "?from=2026-11-01&to=2026-11-30&month=2026-11&day=2026-11-20&q=Thabo&site=MAK&account=0045MAK&year=2026";
const READ_MS_MAX = 20_000;
/** An address is read twice at most, one after the other of these few. */
const AT_ONCE = 4;

const folder = mkdtempSync(join(tmpdir(), "cc-two-releases-"));
const folders = { old: join(folder, "old"), new: join(folder, "new") };
let world: Awaited<ReturnType<typeof startSurroundings>>;
let country: Awaited<ReturnType<(typeof world)["country"]>>;
let lab: PairLab | null = null;
let door: Door;
let phone: MedicPhone;
let person: Person;
const logs: string[] = [];
const till = new SampleTill({ operator: "mpesa", seed: 21 });
/** What every account must have been credited by now. */
const paid: { account: string; receipt: string; amountMinor: number }[] = [];
let registerWh = 100_000;

const ops = <T>(method: string, path: string, body?: unknown) => call<T>(door, method, path, body, "two releases");

async function pair(front: "old" | "new", behind: "old" | "new") {
  await lab?.stop();
  lab = await PairLab.start({
    ...{
      front: folders[front],
      behind: folders[behind],
      objects: join(folder, "objects"),
      port: PORT,
      vars: country.vars,
    },
    log: (line) => logs.push(line),
  });
  door = { url: lab.url, key: world.keys.LS.ops, where: `${front} before ${behind}`, country: "LS" };
  return lab;
}

async function settle() {
  const look = async () => {
    await phone.wake();
    const { depths } = await ops<{ depths: Record<string, number> }>("GET", "/status");
    return { ...depths, phone: phone.waiting + phone.updatesWaiting };
  };
  await until("nothing waits", SETTLE_MS_MAX, look, (depths) => Object.values(depths).every((depth) => depth === 0));
}

beforeAll(async () => {
  unpackRecord(folders.old);
  await bundle(folders.new, undefined, ["--minify"]);
  world = await startSurroundings(join(folder, "world"), PORT, () => `http://127.0.0.1:${PORT}/api/meters/relay-ack`);
  country = await world.country("two_releases");
  await pair("old", "old");
  await ops("POST", "/init", { cutoverAt: new Date(Date.now() - 7 * 86_400_000).toISOString() });
  await ops("POST", "/sites", { sites: [{ code: "MAK", name: "Ha Makebe", district: "Berea" }] });
  await ops("POST", "/rates", {
    rates: [{ scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: "2020-01-01T00:00:00+02:00" }],
  });
  await ops("POST", "/tills", { tillId: "till-a", name: "Northern villages", senders: ["MPESA", "M-PESA"] });
  const accounts = ACCOUNTS.map((account, index) => ({
    ...{ account, name: `Thabo ${account}`, phone: `2665000010${index}`, language: "st", status: "live", aliases: [] },
    meters: [{ meterNumber: METERS[index], thing: `MAK-GW-${account}` }],
  }));
  await ops("POST", "/accounts", { accounts });
  const added = await ops<{ medicUrl: string }>("POST", "/phones", {
    ...{ phoneId: "phone-a", name: "Shop phone", tillId: "till-a", channel: "electricity", smssyncSecret: null },
  });
  phone = new MedicPhone({ url: added.medicUrl });
  const people = await seedPeople({
    ...{
      door,
      stateFile: join(folder, "people.json"),
      reset: true,
      now: Date.now,
      site: "MAK",
      accounts: [],
      few: true,
      country: "LS",
      homeOf: ["LS"],
    },
  });
  const [chief] = people.staff;
  person = new Person(door.url);
  await person.tell("/sign-in", { email: chief?.email, password: chief?.password });
  await person.tell("/sign-in/second-factor", { recoveryCode: chief?.recoveryCodes[0] });
});

afterAll(async () => {
  await lab?.stop();
  await world?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Money on each road, energy, a person's word, and every job: what a country does in a day. */
async function liveADay(running: PairLab) {
  for (const [index, account] of [...ACCOUNTS, ...ACCOUNTS, null].entries()) {
    const { sms, payment } = till.pay({ account, amountMinor: 1_000 + 100 * index, at: Date.now() });
    paid.push({ account: account ?? ACCOUNTS[0] ?? "", receipt: payment.receipt, amountMinor: payment.amountMinor });
    phone.store(sms);
  }
  // The phone was set up anew: it sends everything once more.
  await settle();
  for (const sms of phone.incoming) sms.forwarded = false;
  await settle();
  const { receipt, account } = paid.at(-1) ?? { receipt: "", account: "" };
  await ops("POST", `/receipts/${receipt}/assign`, { expectedGeneration: 1, account, reason: "told by phone" });
  registerWh += 250;
  const readings = METERS.map((meter, index) => ({
    ...{
      meter_id: meter,
      account_number: ACCOUNTS[index],
      timestamp: new Date().toISOString(),
      energy_active: registerWh / 1_000,
    },
  }));
  const read = await fetch(`${running.url}/api/meters/readings`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-IoT-Key": world.keys.LS.iot },
    body: JSON.stringify(readings),
  });
  expect(read.status, await read.text()).toBe(200);
  for (const cron of CRONS) expect(await running.cron(cron), cron).toBe(200);
  await settle();
}

/** Each receipt once, where it belongs, in the objects and in Postgres alike; nothing given up on. */
async function expectMoneyRight() {
  const rows = await withClient(country.ownerUrl, async (client) => {
    const { rows: payments } = await client.query(
      "SELECT p.receipt, p.amount_minor::int AS amount, a.account_number AS account FROM payments p LEFT JOIN accounts a ON a.id = p.account_id ORDER BY p.receipt",
    );
    const { rows: letters } = await client.query<{ body: string }>("SELECT body::text AS body FROM dead_letters");
    const { rows: credited } = await client.query(
      "SELECT count(*)::int AS n FROM ledger_entries WHERE kind = 'payment' AND account_id IS NOT NULL",
    );
    return {
      payments,
      letters: letters.map(({ body }) => body).filter((body) => !isSurvived(body)),
      credited: credited[0]?.n,
    };
  });
  const wanted = paid.map(({ receipt, amountMinor, account }) => ({ receipt, amount: amountMinor, account }));
  expect(rows.payments).toEqual(wanted.sort((a, b) => (a.receipt < b.receipt ? -1 : 1)));
  expect(rows.credited).toBe(paid.length);
  expect(rows.letters).toEqual([]);
  let cursor: string | null = null;
  do {
    const page: Heads & { next: string | null } = await ops("POST", "/heads", { since: null, cursor });
    expect(page.differences).toEqual([]);
    cursor = page.next;
  } while (cursor !== null);
}

/** Reads every address that the release knows, as a person and as an operator: none may break. */
async function readEverything(running: PairLab): Promise<{ read: number; broken: string[] }> {
  const paths = (await running.routes())
    .filter((path) => path.startsWith("/api/") && !/\*|\/live\b|:file|stream/.test(path))
    .map((path) => path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, (_all, name: string) => NAMED[name] ?? "1"));
  const broken: string[] = [];
  let read = 0;
  const ask = async (path: string) => {
    for (const query of ["", ASKED]) {
      const as = path.startsWith("/api/ops/") ? asOperator : asPerson;
      const status = await as(running, path + query);
      if (status >= 500) broken.push(`${status} ${path}${query}`);
      if (status < 300) read++;
      if (status < 300 || status >= 500) return;
    }
  };
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let path = paths.shift(); path !== undefined; path = paths.shift()) await ask(path);
    }),
  );
  return { read, broken };
}
const asOperator = (running: PairLab, path: string) =>
  statusOf(running, path, { "X-Ops-Key": world.keys.LS.ops, "X-Actor": "two releases" });
const asPerson = (running: PairLab, path: string) => statusOf(running, path, { Cookie: person.cookies });

async function statusOf(running: PairLab, path: string, headers: Record<string, string>): Promise<number> {
  const answer = await fetch(running.url + path, { headers, signal: AbortSignal.timeout(READ_MS_MAX) });
  await answer.arrayBuffer();
  return answer.status;
}

/** How one release says that the other lacks what it asks for. */
const MISSED = /is not a function|does not implement|no such (?:table|column)|does not exist/;
const isSurvived = (line: string) => SURVIVED.some(({ said }) => line.includes(said));

describe("two releases that meet", () => {
  it.each([
    ["old", "old", "before anything is deployed"],
    ["old", "new", "old calls and queries on new objects and the new schema"],
    ["new", "old", "new calls on old objects, and what the new ones wrote read by the old"],
    ["new", "new", "when all is out, on what both left"],
  ] as const)("%s before %s: %s", async (front, behind, _why) => {
    const running = await pair(front, behind);
    await liveADay(running);
    await expectMoneyRight();
    expect(logs.filter((line) => MISSED.test(line) && !isSurvived(line))).toEqual([]);
    // Where both are of one release its own tests have read it all.
    if (front === behind) return;
    const { read, broken } = await readEverything(running);
    expect(broken.filter((each) => !isSurvived(each))).toEqual([]);
    expect(read).toBeGreaterThan(120);
  });
});

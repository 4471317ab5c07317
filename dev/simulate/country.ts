/** The country of a seed: its site, rate, accounts with their meters, a till and its phones. */
import { drawFrom } from "../faults/seeded.ts";
import { MedicPhone } from "../medic-phone.ts";
import { asRecord } from "../serve.ts";
import { stepsToLight } from "../steps-to-light.ts";
import { ACCOUNTS, AT_VENDOR, FIRST_WH, INDEBTED, PHONES, vendorOf } from "./plan.ts";
import { serialOf, VENDOR_SITES } from "./platforms.ts";
import type { Answer, World } from "./world.ts";

const SECOND_MS = 1_000;
const DAY_MS = 86_400 * SECOND_MS;
const TRIES_MAX = 2_000;
const SET_UP_TRIES_MAX = 5;
/** How wrong a phone's clock is, in days: what a phone says of its time decides nothing. */
const PHONE_DAYS_OFF = [0, 0, 0, 0.1, -200, 400] as const;

export const meterNumber = (index: number) => String(41_000_000 + index);
export const thingOf = (index: number) => `MAK-SIM-${index}`;

/** The same again until it is answered for good. */
export async function insist(world: World, ask: () => Promise<Answer>, triesMax = TRIES_MAX): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    const isFinal = answer.status >= 200 && answer.status < 500 && answer.status !== 429;
    if (isFinal || tries >= triesMax) return answer;
    await world.machine.sleep(5 * SECOND_MS);
  }
}

async function made(
  world: World,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const answer = await insist(world, () => world.ops("POST", path, body, "thabo", headers), SET_UP_TRIES_MAX);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return asRecord(answer.body);
}

const DEBT_MINOR = 200_000;
const CONTRACT = new TextEncoder().encode("%PDF-1.4 a signed contract");

/** `isIndebted` false: a release that knows no agreements runs, so that nobody owes anything. */
export async function makeCountry(
  world: World,
  seed: number,
  startAt: number,
  { isIndebted = true } = {},
): Promise<MedicPhone[]> {
  const { machine } = world;
  await made(world, "/init", { cutoverAt: new Date(startAt - DAY_MS).toISOString() });
  const sites = ["MAK", ...VENDOR_SITES.map(({ site }) => site)].map((code) => ({ code, name: code, district: null }));
  await made(world, "/sites", { sites });
  await makeVendors(world, startAt);
  await made(world, "/rates", {
    rates: [{ scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: "2020-01-01T00:00:00Z" }],
  });
  const accounts = ACCOUNTS.map((account, index) => ({
    account,
    name: `Customer ${index}`,
    phone: `2665000${4000 + index}`,
    language: "en",
    status: "live",
    meters: [{ meterNumber: meterNumber(index), thing: thingOf(index) }],
  }));
  const others = AT_VENDOR.map((account, index) => ({
    account,
    name: `Customer of the vendor ${index}`,
    phone: `2665000${5000 + index}`,
    language: "en",
    status: "live",
    meters: [{ meterNumber: serialOf(account) }],
  }));
  await made(world, "/accounts", { accounts: [...accounts, ...others] });
  await light(world, startAt);
  if (isIndebted) await indebt(world);
  // Told now and not at the next minute: what is paid at once is split by what is owed.
  await made(world, "/accounts", { accounts: [...accounts, ...others] });
  await made(world, "/tills", { tillId: "sim-till", name: "Till", senders: ["MPESA"] });
  await made(world, "/disconnects", { on: true, reason: "simulated" });
  for (const index of ACCOUNTS.keys())
    await insist(world, () => tellReading(world, index, FIRST_WH, machine.now()), SET_UP_TRIES_MAX);
  const draw = drawFrom(seed * 31 + 1);
  const phones: MedicPhone[] = [];
  for (const phoneId of PHONES) {
    const { medicUrl } = await made(world, "/phones", {
      phoneId,
      name: phoneId,
      tillId: "sim-till",
      channel: "electricity",
    });
    const off = draw.pick(PHONE_DAYS_OFF) * DAY_MS;
    phones.push(new MedicPhone({ url: String(medicUrl), now: () => machine.now() + off }));
  }
  return phones;
}

/** The platforms that have the other sites, whose wallets nobody but us has credited since yesterday. */
async function makeVendors(world: World, startAt: number) {
  const since = new Date(startAt - DAY_MS).toISOString();
  world.postgres.write(
    `INSERT INTO credit_writers (site_code, writer, valid_from, changed_by, reason, facts_version, created_at)
     SELECT code, 'ours', '${since}', 'simulated', 'simulated', 1, '${since}' FROM sites`,
  );
  const reason = "simulated";
  for (const { site, ...at } of VENDOR_SITES) {
    await made(world, "/vendor-sites", { site, ...at, reason });
    // Changes nothing, and brings the Directory what is written.
    await made(world, "/credit-writers", { site, writer: "ours", reason });
  }
  for (const account of AT_VENDOR) world.vendors[vendorOf(account) ?? "koios"].add(account);
}

/** Those at the vendor have light, without which nothing is sent to their wallets, and so have some who owe something. */
async function light(world: World, startAt: number) {
  const lit = new Set<string>([...AT_VENDOR, ...INDEBTED.flatMap(({ account, isLit }) => (isLit ? [account] : []))]);
  const rows = stepsToLight([...lit], startAt);
  await made(world, "/commissioning/bulk", { rows, mode: "good" });
}

/** Fees that were charged, an advance, and a plan of an appliance: none of them is ever paid whole in a story. */
async function indebt(world: World) {
  const reason = "simulated";
  for (const { account, owes } of INDEBTED) {
    const key = { "Idempotency-Key": `simulated-${account}` };
    if (owes === "fee") {
      await made(world, "/fees", { act: "charge", account, part: "connection", reason }, key);
      continue;
    }
    const what = owes === "advance" ? { kind: "advance", fee: "connection" } : { kind: "financing", title: "freezer" };
    const said = new URLSearchParams({ ...what, account, principalMinor: String(DEBT_MINOR), reason });
    await made(world, `/agreements?${said}`, CONTRACT, { ...key, "content-type": "application/pdf" });
  }
}

/** As the bridge of the meters sends it. */
export function tellReading(world: World, meter: number, registerWh: number, readAt: number): Promise<Answer> {
  const reading = {
    meter_id: meterNumber(meter),
    account_number: ACCOUNTS[meter],
    timestamp: new Date(readAt).toISOString(),
    energy_active: registerWh / 1_000,
  };
  return world.call("POST", "/api/meters/readings", [reading], { "x-iot-key": world.keys.iot });
}

/** The country of a seed: its site, rate, accounts with their meters, a till and its phones. */
import { drawFrom } from "../faults/seeded.ts";
import { MedicPhone } from "../medic-phone.ts";
import { asRecord } from "../serve.ts";
import { ACCOUNTS, FIRST_WH, PHONES } from "./plan.ts";
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

export async function made(world: World, path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await insist(world, () => world.ops("POST", path, body), SET_UP_TRIES_MAX);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return asRecord(answer.body);
}

export async function makeCountry(world: World, seed: number, startAt: number): Promise<MedicPhone[]> {
  const { machine } = world;
  await made(world, "/init", { cutoverAt: new Date(startAt - DAY_MS).toISOString() });
  await made(world, "/sites", { sites: [{ code: "MAK", name: "Makhunoane", district: null }] });
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
  await made(world, "/accounts", { accounts });
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

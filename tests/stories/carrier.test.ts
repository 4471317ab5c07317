import { afterAll, beforeAll, expect, it } from "vitest";
import type { CmFault, CmMessage } from "../../dev/cm.ts";
import { withClient } from "../../dev/database-server.ts";
import { MedicPhone } from "../../dev/phones.ts";
import { SampleTill } from "../../dev/samples.ts";
import { ask, sleep, startWorld, until } from "./world.ts";

const SENT_MS_MAX = 90_000;
/** Long enough for a phone to be offered what waits for it: it polls each second here. */
const NEVER_MS = 15_000;

let world: Awaited<ReturnType<typeof startWorld>>;
let phone: MedicPhone;
let till: SampleTill;
beforeAll(async () => {
  world = await startWorld({ firstPort: 28_787, data: ".data/story-carrier", vendors: false, countries: "LS" });
  const { phones, url, opsKey } = world.local.countries.LS;
  phone = new MedicPhone({ url: phones[0]?.medicUrl ?? "" });
  till = new SampleTill({ operator: "mpesa", seed: 11 });
  const json = {
    ...{ routes: { payment_receipt: "carrier_else_phone" }, partPriceMinor: 30, perHourMax: 300, perDayMax: 2_000 },
    ...{ version: null, reason: "the story" },
  };
  const headers = { "X-Ops-Key": opsKey, "X-Actor": "Lineo" };
  const set = await ask(`${url}/api/settings/carrier`, { method: "PUT", json, headers });
  expect(set.status).toBe(200);
});
afterAll(() => world?.stop());

const cm = <T>(path: string, json?: unknown) =>
  ask<T>(`${world.local.simulators.cm}${path}`, json === undefined ? {} : { json });
const fault = (kind: CmFault) => cm("/fault", { kind, count: 1 });
const live = (nth: number) => {
  const found = world.local.countries.LS.customers.filter(({ status }) => status === "live")[nth];
  if (found === undefined) throw new Error(`no customer ${nth}`);
  return found;
};
/** By the merchant's phone, as customers do; what it sends in its turn is what it was offered. */
async function pays(nth: number) {
  const customer = live(nth);
  const { sms, payment } = till.pay({ account: customer.account, amountMinor: 2_000, at: Date.now() });
  phone.store(sms);
  await phone.wake();
  return { receipt: payment.receipt, digits: customer.phone.replace(/\D/g, "") };
}
type Paid = Awaited<ReturnType<typeof pays>>;
const stateOf = ({ receipt }: Paid) =>
  withClient(world.local.countries.LS.databaseUrl, async (client) => {
    const query = "SELECT state FROM carrier_sms WHERE kind = 'payment_receipt' AND receipt = $1";
    return (await client.query<{ state: string }>(query, [receipt])).rows.map(({ state }) => state);
  });
const reaches = (paid: Paid, state: string) =>
  until(
    `the receipt SMS is ${state}`,
    SENT_MS_MAX,
    async () => {
      await phone.wake();
      return stateOf(paid);
    },
    (states) => states.length === 1 && states[0] === state,
  );
const byCarrier = async ({ digits }: Paid) =>
  (await cm<CmMessage[]>("/messages")).body.filter(({ to }) => to === `00${digits}`).length;
const byPhone = ({ receipt }: Paid) =>
  [...phone.outgoing.values()]
    .filter(({ content }) => content.includes(receipt))
    .reduce((sum, sms) => sum + sms.timesSent, 0);
/** The phone asks for work again and again, and gets none of this. */
async function neverByPhone(paid: Paid) {
  for (const until = Date.now() + NEVER_MS; Date.now() < until; await sleep(1_000)) await phone.wake();
  expect(byPhone(paid)).toBe(0);
}

it("sends a receipt by the carrier where its route says so, once, and by no phone", async () => {
  const paid = await pays(0);
  await reaches(paid, "accepted");
  await neverByPhone(paid);
  expect(await byCarrier(paid)).toBe(1);
});

it("gives a receipt that the carrier refused to a phone, once", async () => {
  await fault("rejected");
  const paid = await pays(1);
  await reaches(paid, "moved");
  await until(
    "the phone has sent it",
    SENT_MS_MAX,
    async () => {
      await phone.wake();
      return byPhone(paid);
    },
    (sent) => sent > 0,
  );
  await phone.wake();
  expect([byPhone(paid), await byCarrier(paid)]).toEqual([1, 0]);
});

it("never sends a receipt again of which the carrier's answer was lost: it may have gone", async () => {
  await fault("lost");
  const paid = await pays(2);
  await reaches(paid, "unknown");
  await neverByPhone(paid);
  expect(await byCarrier(paid)).toBe(1);
});

import { MedicPhone } from "./medic-phone.ts";
import { SampleTill } from "./samples.ts";
import type { SeededCountry } from "./seed.ts";
import { demoWorld } from "./world.ts";

/** What the demo customers paid before anybody looked, the same at every first start; each through the first phone. */
export type MorningPayment = { account: string; receipt: string; amountMinor: number };

type Options = { country: "LS" | "BJ"; url: string; opsKey: string; seeded: SeededCountry; now: number };

/** What whoever has light paid the day before, minor units, by what the electricity is for; about a day and a half of it. */
const DAY_BEFORE_MINOR = {
  LS: { household: 800, shop: 4_000, school: 5_500, clinic: 6_500, mill: 16_000 },
  BJ: { household: 250, shop: 1_300, school: 1_800, clinic: 2_100, mill: 5_100 },
};
const DAY_BEFORE_MS = 26 * 3_600_000;
const PAYMENTS = 14;
const MINUTES_APART = 4;
const SETTLE_MS_MAX = 120_000;
const LOOK_MS = 500;

/**
 * Plays a morning at a till, after the day before: payments, one that nothing names an owner for, chatter, a withdrawal. Returns when all of
 * it is credited, copied and told to the customers, so that whoever looks next finds a world at rest.
 */
export async function playMorning(options: Options): Promise<MorningPayment[]> {
  const { country, seeded, now } = options;
  const phones = seeded.phones.map(({ medicUrl }) => new MedicPhone({ url: medicUrl, now: () => now }));
  const live = seeded.customers.filter(({ status }) => status === "live");
  const till = new SampleTill({ operator: country === "LS" ? "mpesa" : "momo", seed: 1 });
  const [counter] = phones;
  const paid: MorningPayment[] = [];
  const lit = demoWorld(country).customers.filter((customer) => customer.lit && customer.status === "live");
  for (const [index, { account, kind }] of lit.entries()) {
    const at = now - DAY_BEFORE_MS + index * MINUTES_APART * 60_000;
    const amountMinor = DAY_BEFORE_MINOR[country][kind] + (kind === "household" ? 100 * (index % 4) : 0);
    const { sms, payment } = till.pay({ account, amountMinor, at });
    paid.push({ account, receipt: payment.receipt, amountMinor });
    counter?.store(sms);
  }
  for (let index = 0; index < PAYMENTS; index++) {
    const customer = live[(index * 5) % live.length];
    if (customer === undefined || counter === undefined) break;
    const at = now - (PAYMENTS - index) * MINUTES_APART * 60_000;
    const amountMinor = country === "LS" ? 1_000 + 500 * (index % 7) : 500 * (1 + (index % 6));
    const { sms, payment } = till.pay({ account: customer.account, amountMinor, at });
    paid.push({ account: customer.account, receipt: payment.receipt, amountMinor });
    counter.store(sms);
  }
  // Every third of those on the vendors' platforms: their credit goes on to a wallet there.
  for (const [index, { account }] of seeded.vendorCustomers.entries()) {
    if (index % 3 !== 0) continue;
    const amountMinor = country === "LS" ? 2_000 + 100 * index : 1_000 + 50 * index;
    const { sms, payment } = till.pay({ account, amountMinor, at: now - (index + 1) * 60_000 });
    paid.push({ account, receipt: payment.receipt, amountMinor });
    counter?.store(sms);
  }
  counter?.store(till.pay({ account: null, amountMinor: country === "LS" ? 2_500 : 1_000, at: now - 120_000 }).sms);
  counter?.store(till.payOut(1_000, now - 60_000));
  counter?.store({
    from: seeded.customers[0]?.phone ?? "",
    content: country === "LS" ? "Ke leboha!" : "Merci beaucoup",
  });
  await settle(options, phones);
  return paid;
}

async function settle({ url, opsKey }: Options, phones: MedicPhone[]) {
  const began = Date.now();
  while (Date.now() - began < SETTLE_MS_MAX) {
    for (const phone of phones) await phone.wake().catch(() => undefined);
    const response = await fetch(`${url}/api/ops/status`, { headers: { "X-Ops-Key": opsKey } }).catch(() => null);
    const depths: Record<string, number> = response?.ok
      ? ((await response.json()) as { depths: Record<string, number> }).depths
      : { asking: 1 };
    if (
      Object.values(depths).every((depth) => depth === 0) &&
      phones.every((phone) => phone.waiting + phone.updatesWaiting === 0)
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

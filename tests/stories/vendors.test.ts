import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MedicPhone } from "../../dev/phones.ts";
import { SampleTill } from "../../dev/samples.ts";
import { ask, startWorld, until } from "./world.ts";

const DATA = ".data/story-vendors";
const PORT = 28_787;
const DAY_MS = 86_400_000;
/** A credit that was cut off or refused is tried again after one minute, then two. */
const CREDITED_MS_MAX = 420_000;
const IMPORTED_MS_MAX = 420_000;
const COPIED_MS_MAX = 90_000;
const COUNTRIES = ["LS", "BJ"] as const;
type Code = (typeof COUNTRIES)[number];

/** What goes wrong with credits, and with readings: each ends by itself, and leaves a true answer. */
const BAD_CREDITS = {
  pending: { seconds: 30, permille: 400 },
  cut_after: { count: 3, path: "payments" },
  cut_before: { count: 1, path: "payments" },
  storm: { count: 2, path: "payments" },
  empty_slow: { count: 1, seconds: 2, path: "payments" },
};
const BAD_READINGS = {
  // Yesterday's last hour is there at any time of the day that the story runs.
  lag: { hours: 0 },
  duplicates: { permille: 500, times: 3 },
  garbage: { permille: 300 },
  missing_code: { permille: 300 },
  short_history: { days: 2 },
  cursor_dies: { count: 1, seconds: 0 },
  storm: { count: 2, path: "data" },
  renamed_headers: { permille: 500 },
};

type Truth = {
  payments: { id: string; externalId: string | null; amountMinor: number; processedAt: number | null }[];
  intervals: [number, number][] | null;
};
type Wallet = { account: string; verdict: string; deltaWh: number; causes: { cause: string; explainsWh: number }[] };
type Unit = { site: string; day: string; source: string; complete: boolean };

let world: Awaited<ReturnType<typeof startWorld>>;
beforeAll(async () => {
  world = await startWorld({ firstPort: PORT, data: DATA });
});
afterAll(() => world?.stop());

const koios = <T>(path: string, json?: unknown) =>
  ask<T>(`${world.local.simulators.koios}${path}`, json === undefined ? {} : { json });
const ops = <T>(country: Code, path: string, json?: unknown) => {
  const { url, opsKey } = world.local.countries[country];
  const headers = { "X-Ops-Key": opsKey, "X-Actor": "the story" };
  return ask<T>(`${url}/api/ops${path}`, json === undefined ? { headers } : { headers, json });
};
const koiosCustomers = (country: Code) =>
  world.local.countries[country].vendorCustomers.filter(({ vendor }) => vendor === "koios");
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

describe("a month at the vendors, in which everything goes wrong", () => {
  it("brings each payment to the platform's wallet once", async () => {
    // Readings are fetched from the first minute, so they are bad from there.
    expect((await koios("/faults", { ...BAD_READINGS, ...BAD_CREDITS })).status).toBe(200);
    const paid: { country: Code; account: string; amountMinor: number }[] = [];
    for (const country of COUNTRIES) {
      const [phoneA, phoneB] = world.local.countries[country].phones.map(
        ({ medicUrl }) => new MedicPhone({ url: medicUrl }),
      );
      const till = new SampleTill({ operator: country === "LS" ? "mpesa" : "momo", seed: 3 });
      for (const [nth, { account }] of koiosCustomers(country).entries()) {
        const amountMinor = country === "LS" ? 2_000 + 500 * nth : 1_000 + 100 * nth;
        const { sms } = till.pay({ account, amountMinor, at: Date.now() });
        paid.push({ country, account, amountMinor });
        for (const phone of [phoneA, phoneB]) phone?.store(sms);
      }
      for (let times = 0; times < 3; times++) await Promise.all([phoneA?.wake(), phoneB?.wake()]);
    }
    const summaries = () =>
      Promise.all(
        COUNTRIES.map(
          async (country) => (await ops<{ summary: Record<string, number> }>(country, "/vendor-credits")).body.summary,
        ),
      );
    await until("every credit confirmed", CREDITED_MS_MAX, summaries, (all) =>
      COUNTRIES.every((country, nth) => all[nth]?.confirmed === paid.filter((each) => each.country === country).length),
    );
    for (const { account, amountMinor } of paid) {
      const { payments } = (await koios<Truth>(`/truth?code=${account}`)).body;
      expect([account, payments.map((each) => each.amountMinor)]).toEqual([account, [amountMinor]]);
      expect(payments[0]?.externalId).toMatch(/^receipt:/);
    }
  });

  it("brings a week of readings to the accounts, each watt-hour once", async () => {
    await koios("/faults", { all: false });
    expect((await koios("/faults", BAD_READINGS)).status).toBe(200);
    const ago = (days: number) => dayOf(Date.now() - days * DAY_MS);
    const [from, to] = [ago(7), ago(1)];
    // The history knows quarters of an hour of the last two days alone; the files, of those before.
    const asked = [
      { source: "koios_report", from, to: ago(3) },
      { source: "koios", from: ago(2), to },
    ];
    for (const country of COUNTRIES)
      for (const order of asked)
        expect((await ops(country, "/imports/fetch", { ...order, reason: "the story" })).status).toBe(200);
    const units = async () =>
      (
        await Promise.all(
          COUNTRIES.map(
            async (country) => (await ops<{ days: Unit[] }>(country, `/imports/days?from=${from}&to=${to}`)).body.days,
          ),
        )
      ).flat();
    const sites = new Set(COUNTRIES.flatMap((country) => koiosCustomers(country).map(({ site }) => site)));
    await until("every day complete", IMPORTED_MS_MAX, units, (all) =>
      [...sites].every(
        (site) => new Set(all.filter((unit) => unit.site === site && unit.complete).map(({ day }) => day)).size === 7,
      ),
    );
    for (const country of COUNTRIES)
      for (const { account } of koiosCustomers(country)) {
        const path = `/truth?code=${account}&from=${from}T00:00:00Z&to=${to}T23:59:59Z`;
        const usedWh = ((await koios<Truth>(path)).body.intervals ?? []).reduce((sum, [, wh]) => sum + wh, 0);
        const { entries } = (
          await ops<{ entries: { kind: string; energyWh: number }[] }>(country, `/accounts/${account}`)
        ).body;
        const debitedWh = entries
          .filter(({ kind }) => kind === "consumption")
          .reduce((sum, { energyWh }) => sum - energyWh, 0);
        expect([account, debitedWh]).toEqual([account, usedWh]);
      }
  });

  it("leaves no difference between books and wallets but those that were planted, and each has its name", async () => {
    await koios("/faults", { all: false });
    const [edited, other, paidThere] = koiosCustomers("LS").map(({ account }) => account);
    await koios("/console/edits", { code: edited, amountMinor: -4_000 });
    await koios("/console/payments", { code: paidThere, amount: "15.00", memo: "cash at the office" });
    const compared = async () => {
      for (const country of COUNTRIES) expect((await ops(country, "/wallets/compare", { after: "" })).status).toBe(200);
      return (await ops<{ wallets: Wallet[] }>("LS", "/wallets")).body.wallets;
    };
    // The books are compared, and they have what the accounts have within a minute.
    const seen = await until("the edit is named", COPIED_MS_MAX, compared, (wallets) =>
      wallets.some(
        ({ account, verdict, causes }) =>
          account === edited && verdict === "differ" && causes[0]?.cause === "platform_edit",
      ),
    );
    const of = (account: string | undefined) => seen.find((wallet) => wallet.account === account);
    expect(of(other)?.verdict).toMatch(/agree|waits/);
    const planted = [edited, paidThere];
    for (const country of COUNTRIES)
      for (const wallet of (await ops<{ wallets: Wallet[] }>(country, "/wallets?verdict=differ")).body.wallets)
        if (koiosCustomers(country).some(({ account }) => account === wallet.account))
          expect(planted).toContain(wallet.account);
  });
});

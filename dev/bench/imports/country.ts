/** A country whose accounts hang on a platform's meters, and the importer driven as the command drives it. */
import { setTimeout as wait } from "node:timers/promises";
import type { ImportStep } from "../../../src/services/import-step.ts";
import { DAY_MS } from "../../vendors/energy.ts";
import type { Bench } from "../bench.ts";
import { type BenchCountry, openCountry } from "../country.ts";
import { cpuNow } from "../cpu.ts";
import type { BenchVendor } from "./vendors.ts";

const ACCOUNTS_PAGE_MAX = 200;
const LOOK_MS = 200;
const REACHED_MS_MAX = 300_000;
const CUTOVER_BEFORE_MS = 400 * DAY_MS;
/** A unit that is not to be had now (the platform's pace) is asked again so soon. */
const AGAIN_MS = 500;
const STEPS_MAX = 5_000;

export type Unit = { site: string; day: string; source: string };
/** From the first step to the last. CPU in seconds; what is waited for, the platform and its pace, costs none. */
export type UnitCost = { wallMs: number; vendorMs: number; requests: number; workerCpu: number; postgresCpu: number };

export const cpuOf = ({ workerCpu, postgresCpu }: Pick<UnitCost, "workerCpu" | "postgresCpu">) =>
  workerCpu + postgresCpu;

const ASKED_DAYS = 30;
const daysAfter = (day: string, days: number) =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

export class ImportCountry {
  readonly country: BenchCountry;
  readonly #vendor: BenchVendor;
  readonly #postgresPort: number;

  constructor(country: BenchCountry, vendor: BenchVendor, postgresPort: number) {
    this.country = country;
    this.#vendor = vendor;
    this.#postgresPort = postgresPort;
  }

  /** The units of a range, as the platform's sources have them; a month at a time, for one call takes so many. */
  async units(source: string, from: string, to: string): Promise<Unit[]> {
    const all: Unit[] = [];
    for (let first = from; first <= to; first = daysAfter(first, ASKED_DAYS)) {
      const last = daysAfter(first, ASKED_DAYS - 1);
      const order = { source, from: first, to: last < to ? last : to, site: null, reason: "bench", queue: false };
      const { units } = (await this.country.post("/imports/fetch", order)) as { units: Unit[] };
      all.push(...units.map(({ site, day, source: own }) => ({ site, day, source: own })));
    }
    return all;
  }

  /** One unit to its end. */
  async run(unit: Unit): Promise<UnitCost> {
    const [vendor, cpu, began] = [this.#vendor.spent(), this.cpu(), performance.now()];
    for (let n = 0; ; n++) {
      // A machine with other work may be too slow for one call; the unit goes on where it was.
      const step = (await this.country.post("/imports/step", unit).catch(() => null)) as ImportStep | null;
      if (step?.is === "done") break;
      if (step === null || step.detail.startsWith("complete")) {
        if (await this.#isComplete(unit)) break;
      }
      if (n > STEPS_MAX) throw new Error(`${unit.site} ${unit.day} has no end: ${step?.detail}`);
      if (step?.is !== "more") await wait(AGAIN_MS);
    }
    const wallMs = performance.now() - began;
    const [after, now] = [this.#vendor.spent(), this.cpu()];
    return {
      wallMs,
      vendorMs: after.ms - vendor.ms,
      requests: after.requests - vendor.requests,
      workerCpu: now.worker - cpu.worker,
      postgresCpu: now.postgres - cpu.postgres,
    };
  }

  /** Waits until Postgres has the hours, and says what they come to. */
  async reached(hours: number): Promise<{ tookMs: number; hours: number; sumWh: number; debitedWh: number }> {
    const began = performance.now();
    for (;;) {
      const { rows } = await this.country.database.query<{ hours: string; wh: string; debited: string }>(
        `SELECT (SELECT count(*) FROM consumption_hourly) AS hours, (SELECT coalesce(sum(energy_wh), 0) FROM consumption_hourly) AS wh,
          (SELECT coalesce(-sum(energy_wh), 0) FROM ledger_entries WHERE entry_key LIKE 'day:%' AND account_id IS NOT NULL) AS debited`,
      );
      const found = { hours: Number(rows[0]?.hours), sumWh: Number(rows[0]?.wh), debitedWh: Number(rows[0]?.debited) };
      const isThere = found.hours >= hours && found.debitedWh === found.sumWh;
      if (isThere || performance.now() - began > REACHED_MS_MAX) return { ...found, tookMs: performance.now() - began };
      await wait(LOOK_MS);
    }
  }

  async #isComplete({ site, day, source }: Unit): Promise<boolean> {
    const { rows } = await this.country.database.query<{ complete: boolean }>(
      "SELECT complete FROM meter_days WHERE site_code = $1 AND day = $2 AND source = $3",
      [site, day, source],
    );
    return rows[0]?.complete === true;
  }

  /** What the Worker and PostgreSQL have used until now. */
  cpu() {
    return cpuNow(this.country.worker.pid, this.#postgresPort);
  }
}

export async function openImportCountry(bench: Bench, name: string, vendor: BenchVendor): Promise<ImportCountry> {
  const country = await openCountry({
    ...bench,
    name,
    accounts: [],
    port: bench.firstPort,
    vars: vendor.vars,
    cutoverBeforeMs: CUTOVER_BEFORE_MS,
  });
  try {
    await country.post("/sites", {
      sites: vendor.sites.map(({ site }) => ({ code: site, name: site, district: null })),
    });
    const accounts = vendor.customers.map(({ code, serial }) => ({
      ...{ account: code, name: `Sample ${code}`, phone: null, language: "en", status: "live" },
      meters: [{ meterNumber: serial }],
    }));
    for (let from = 0; from < accounts.length; from += ACCOUNTS_PAGE_MAX)
      await country.post("/accounts", { accounts: accounts.slice(from, from + ACCOUNTS_PAGE_MAX) });
    for (const site of vendor.sites) await country.post("/vendor-sites", { ...site, reason: "bench" });
    await country.settled();
  } catch (thrown) {
    await country.close();
    throw thrown;
  }
  return new ImportCountry(country, vendor, bench.surroundings.database.port);
}

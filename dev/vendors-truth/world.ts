/** One country of the demo world on a clock that jumps: its Worker, its vendors' simulators, its people. */
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import type { Vendor } from "../../src/domain/vendor.ts";
import { Clockwork } from "../clockwork/clockwork.ts";
import {
  demoKoiosOrgs,
  demoSiteRows,
  demoThunderCloudOrg,
  platformVars,
  utcOffsetMinutesOf,
} from "../demo-platforms.ts";
import { demoEvents } from "../demo-stages.ts";
import { demoVendorCustomers } from "../demo-vendors.ts";
import { sha256Hex } from "../keys.ts";
import { type KoiosSim, koiosSim } from "../koios/app.ts";
import { neonInProcess } from "../neon.ts";
import { openWallets, seedVendorSites } from "../seed-vendors.ts";
import { type ThunderCloudSim, thunderCloudSim } from "../thundercloud/app.ts";
import type { SimFetch } from "../vendors/http.ts";
import type { Wallets } from "../vendors/wallets.ts";
import { demoWorld } from "../world.ts";
import type { CountryOptions } from "./options.ts";

const KOIOS = "http://koios.test";
const THUNDERCLOUD = "http://thundercloud.test";
const SQL = "http://database.test/sql";
const IOT = "http://iot.test";
const TRIES_MAX = 20;
const PAUSE_MS = 1_000;

function asTold(refusal: string | null): null {
  if (refusal !== null) throw new Error(refusal);
  return null;
}

export class TruthWorld {
  readonly options: CountryOptions;
  readonly clockwork: Clockwork;
  readonly koios: KoiosSim;
  readonly thundercloud: ThunderCloudSim | null;
  readonly database: Database;
  readonly people;
  readonly #counts: { asked: number; refused: number };

  static async open(options: CountryOptions): Promise<TruthWorld> {
    const { country, keys, databaseUrl, from, seed } = options;
    const machine = keys[country];
    const vars = {
      COUNTRY: country,
      DATABASE_URL: databaseUrl,
      NEON_SQL_URL: SQL,
      OPS_KEY_SHA256: sha256Hex(machine.ops),
      GATEWAY_KEY_SHA256: sha256Hex(machine.gateway),
      PROVIDER_KEY_SHA256: sha256Hex(machine.provider),
      IOT_KEY_SHA256: sha256Hex(machine.iot),
      LINK_SIGNING_KEYS: machine.links,
      SIGN_IN_KEYS: machine.signIn,
      IOT_ENDPOINT: IOT,
      IOT_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: keys.aws.id,
      AWS_SECRET_ACCESS_KEY: keys.aws.secret,
      ...platformVars(country, keys.vendors[country], { koios: KOIOS, thundercloud: THUNDERCLOUD, steama: null }),
    };
    const counts = { asked: 0, refused: 0 };
    const counted =
      (fetch: SimFetch): SimFetch =>
      async (request) => {
        counts.asked += 1;
        const answer = await fetch(request);
        if (answer.status === 429) counts.refused += 1;
        return answer;
      };
    let sims: { koios: KoiosSim; thundercloud: ThunderCloudSim } | null = null;
    const clockwork = await Clockwork.open({
      now: from,
      vars,
      outside: (clock) => {
        const now = () => clock.now();
        const made = {
          koios: koiosSim({ orgs: demoKoiosOrgs(keys.vendors, true), now, openedAt: from, seed }),
          thundercloud: thunderCloudSim({ org: demoThunderCloudOrg(keys.vendors, true), now, openedAt: from, seed }),
        };
        sims = made;
        return [
          { prefix: SQL, fetch: neonInProcess(), isReal: true },
          { prefix: KOIOS, fetch: counted(made.koios.fetch) },
          { prefix: THUNDERCLOUD, fetch: counted(made.thundercloud.fetch) },
          { prefix: IOT, fetch: async () => Response.json({ message: "OK" }) },
        ];
      },
    });
    if (sims === null) throw new Error("nobody asked for the outside world");
    return new TruthWorld(options, clockwork, sims, counts);
  }

  private constructor(
    options: CountryOptions,
    clockwork: Clockwork,
    sims: { koios: KoiosSim; thundercloud: ThunderCloudSim },
    counts: { asked: number; refused: number },
  ) {
    this.#counts = counts;
    this.options = options;
    this.clockwork = clockwork;
    this.koios = sims.koios;
    this.thundercloud = options.country === "LS" ? sims.thundercloud : null;
    this.database = connect(options.databaseUrl, SQL);
    this.people = demoVendorCustomers(options.country);
  }

  now(): number {
    return this.clockwork.clock.now();
  }

  /** The platform's wallets of this country, each organisation's. */
  wallets(): Wallets[] {
    const { country } = this.options;
    const koios = this.koios.orgs.filter(({ options }) => options.country === country).map(({ wallets }) => wallets);
    return [...koios, ...(this.thundercloud === null ? [] : [this.thundercloud.state.wallets])];
  }

  board(vendor: Vendor): { set(wanted: Record<string, unknown>): string | null } {
    const board = vendor === "koios" ? this.koios.board : this.thundercloud?.board;
    return { set: (wanted) => asTold(board?.set(wanted) ?? null) };
  }

  walletsAt(vendor: Vendor): Wallets {
    const wallets = this.wallets()[vendor === "koios" ? 0 : 1];
    if (wallets === undefined) throw new Error(`${this.options.country} has nothing at ${vendor}`);
    return wallets;
  }

  /** What somebody does at the vendor's own console. */
  async console(vendor: Vendor, act: string, body: unknown): Promise<void> {
    const sim = vendor === "koios" ? this.koios : this.thundercloud;
    const order = new Request(`${KOIOS}/console/${act}`, { method: "POST", body: JSON.stringify(body) });
    const answer = await sim?.fetch(order);
    if (answer?.ok !== true) throw new Error(`${act} at ${vendor}: ${await answer?.text()}`);
  }

  /** All faults that mend themselves, at the rates of a bad month; or none. */
  setFaults(all: boolean) {
    for (const sim of [this.koios, this.thundercloud]) sim?.board.set({ all });
  }

  /** Requests to the vendors, and those of them that were answered 429. */
  requests(): { asked: number; refused: number } {
    return { ...this.#counts };
  }

  faultsMet(): Record<string, Record<string, number>> {
    const { koios, thundercloud } = this;
    return { Koios: koios.board.met(), ...(thundercloud === null ? {} : { ThunderCloud: thundercloud.board.met() }) };
  }

  async seed(): Promise<void> {
    const { country, keys, from, databaseUrl } = this.options;
    const world = demoWorld(country);
    const ask = <T>(path: string, body: unknown) => this.insist<T>(path, body);
    await ask("/init", { cutoverAt: new Date(from).toISOString() });
    await ask("/sites", { sites: world.sites });
    const sites = demoSiteRows(country, keys.vendors);
    const vendors = { sites, startsAt: from, hasOpenings: true, database: { url: databaseUrl, sqlUrl: SQL } };
    await seedVendorSites(ask, vendors, from);
    await ask("/rates", { rates: world.rates });
    const accounts = this.people.map(({ account, name, phone, language, meter }) => ({
      ...{ account, name, phone, language, status: "live", aliases: [] },
      meters: [{ meterNumber: meter }],
    }));
    await ask("/accounts", { accounts });
    await openWallets(ask, this.people, from);
    const own = new Set(this.people.map(({ account }) => account));
    const events = demoEvents(world, from, utcOffsetMinutesOf(country)).filter(({ account }) => own.has(account));
    await ask("/commissioning/bulk", { rows: events, mode: "good" });
  }

  /** An operator's order, again until it is taken. */
  async insist<T = unknown>(path: string, body: unknown, method = "POST"): Promise<T> {
    const headers = { "x-ops-key": this.options.keys[this.options.country].ops, "x-actor": "the truth" };
    for (let tries = 1; ; tries++) {
      const answer = await this.clockwork.ask(method, `/api/ops${path}`, headers, body);
      if (answer.status >= 200 && answer.status < 300) return answer.body as T;
      const isFinal = answer.status >= 400 && answer.status < 500;
      if (isFinal || tries >= TRIES_MAX)
        throw new Error(`${path} was answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 300)}`);
      await this.clockwork.clock.advanceTo(this.now() + PAUSE_MS);
    }
  }
}

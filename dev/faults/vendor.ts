/** Koios as it is on a bad day: credits that are late, lost, refused, taken before, answered twice. */

import { drawKey } from "../keys.ts";
import { type KoiosSim, koiosSim } from "../koios/app.ts";
import type { KoiosOrg } from "../koios/org.ts";
import type { Served } from "../serve.ts";
import { serveSim } from "../vendors/http.ts";
import type { WalletPayment } from "../vendors/wallets.ts";
import { siteCodes } from "./names.ts";
import type { WalletSeen } from "./snapshot.ts";

const RATE_E4_PER_KWH = 50_000;
/** At rates at which most credits meet something. Seconds are the clock's own, which runs fast. */
export const BAD_DAY = {
  pending: { permille: 300, seconds: 60 },
  empty_slow: { permille: 60, seconds: 10 },
  empty_without_booking: { permille: 60 },
  errors_in_200: { permille: 60 },
  detail_500: { permille: 60 },
  cut_before: { permille: 60 },
  cut_after: { permille: 120 },
  storm: { permille: 80 },
  html: { permille: 30 },
};

/** Of an account that is the vendor's. */
export const meterOf = (account: string) =>
  `SM16R-01-${account.slice(0, 4)}${String(siteCodes.indexOf(account.slice(4))).padStart(4, "0")}`;
export const siteIdOf = (site: string) => `faults-${site.toLowerCase()}`;

export class FaultyVendor {
  readonly #now: () => number;
  readonly #read = `faults-read:${drawKey()}`;
  readonly #write = `faults-write:${drawKey()}`;
  #sim: KoiosSim;
  #served: Served | null = null;

  static async start(now: () => number): Promise<FaultyVendor> {
    const vendor = new FaultyVendor(now);
    vendor.#served = await serveSim(0, (request) => vendor.#sim.fetch(request));
    return vendor;
  }

  private constructor(now: () => number) {
    this.#now = now;
    this.#sim = this.#fresh(0);
  }

  /** Wallets of a new world: nobody is known, and nobody has anything. */
  begin(world: number) {
    this.#sim.clock.close();
    this.#sim = this.#fresh(world);
  }

  vars(): Record<string, string> {
    return {
      KOIOS_URL: this.#served?.url ?? "",
      KOIOS_ORG: "faults",
      KOIOS_READ_KEY: this.#read,
      KOIOS_WRITE_KEY: this.#write,
    };
  }

  /** A customer with a meter there. */
  add(code: string) {
    const customer = {
      code,
      name: code,
      phone: null,
      site: code.slice(4),
      serial: meterOf(code),
      kind: "household",
    } as const;
    this.#wallets().customers.set(code, { ...customer, rateE4PerKwh: RATE_E4_PER_KWH, openingMinor: 0 });
  }

  setFailing(isBad: boolean) {
    const refusal = this.#sim.board.set(isBad ? { unlimited: true, ...BAD_DAY } : { all: false, unlimited: true });
    if (refusal !== null) throw new Error(refusal);
  }

  /** What the wallets of these customers got, and what was taken back. */
  payments(codes: ReadonlySet<string>): WalletSeen[] {
    const wallets = this.#wallets();
    return wallets.payments
      .filter(({ code, kind }) => kind === "payment" && codes.has(code))
      .map((payment) => seenOf(payment));

    function seenOf(payment: WalletPayment): WalletSeen {
      const { id, code, externalId, amountMinor } = payment;
      const [isProcessed, isReversed] = [wallets.isProcessed(payment), wallets.isReversed(id)];
      return { account: code, externalId, amountMinor, isProcessed, isReversed };
    }
  }

  has(externalId: string): boolean {
    return this.#wallets().byExternalId(externalId) !== null;
  }

  met(): Record<string, number> {
    return this.#sim.board.met();
  }

  async close(): Promise<void> {
    this.#sim.clock.close();
    await this.#served?.close();
  }

  #wallets() {
    const [org] = this.#sim.orgs;
    if (org === undefined) throw new Error("no organisation");
    return org.wallets;
  }

  #fresh(world: number): KoiosSim {
    const split = (key: string) => ({ id: key.slice(0, key.indexOf(":")), secret: key.slice(key.indexOf(":") + 1) });
    const org: KoiosOrg = {
      ...{ org: "faults", name: "Faults", country: "LS", currency: "LSL", minorDigits: 2, utcOffsetMinutes: 120 },
      keys: [
        { ...split(this.#read), grant: "read" },
        { ...split(this.#write), grant: "manage" },
      ],
      login: { email: "", password: drawKey() },
      sites: siteCodes.map((code) => ({ code, name: code })),
      customers: [],
    };
    return koiosSim({ orgs: [org], seed: world + 1, now: this.#now });
  }
}

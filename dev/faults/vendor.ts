/** Both vendors' platforms behind sockets, and what their wallets hold. */
import { entryKeyOf } from "../../src/domain/external-id.ts";
import type { Served } from "../serve.ts";
import { serveSim } from "../vendors/http.ts";
import type { Wallets } from "../vendors/wallets.ts";
import { siteCodes, vendorOf } from "./names.ts";
import { koios, type Platform, thunderCloud } from "./platforms.ts";
import type { WalletSeen } from "./snapshot.ts";

const RATE_E4_PER_KWH = 50_000;
const MODEL = { koios: "SM16R-01", thundercloud: "SMRSD-03" };

/** Of an account that is a vendor's. */
export const meterOf = (account: string) => {
  const site = account.slice(4);
  return `${MODEL[vendorOf(site)]}-${account.slice(0, 4)}${String(siteCodes.indexOf(site)).padStart(4, "0")}`;
};
export const siteIdOf = (site: string) => `faults-${site.toLowerCase()}`;

/** The entry that a payment there is named by; both spellings of one are one. */
const keyOf = (externalId: string | null) => (externalId === null ? null : entryKeyOf(externalId));

type Vendor = ReturnType<typeof vendorOf>;

export class FaultyVendors {
  readonly #of: Record<Vendor, ReturnType<typeof koios> | ReturnType<typeof thunderCloud>>;
  #platforms: Record<Vendor, Platform>;
  #served: Record<Vendor, Served> | null = null;

  static async start(now: () => number): Promise<FaultyVendors> {
    const vendors = new FaultyVendors(now);
    const serve = (vendor: Vendor) => serveSim(0, (request) => vendors.#platforms[vendor].fetch(request));
    vendors.#served = { koios: await serve("koios"), thundercloud: await serve("thundercloud") };
    return vendors;
  }

  private constructor(now: () => number) {
    this.#of = { koios: koios(now), thundercloud: thunderCloud(now) };
    this.#platforms = this.#fresh(0);
  }

  /** Wallets of a new world: nobody is known, and nobody has anything. */
  begin(world: number) {
    this.#each((platform) => platform.close());
    this.#platforms = this.#fresh(world);
  }

  vars(): Record<string, string> {
    const urlOf = (vendor: Vendor) => this.#served?.[vendor].url ?? "";
    return { ...this.#of.koios.vars(urlOf("koios")), ...this.#of.thundercloud.vars(urlOf("thundercloud")) };
  }

  /** A customer with a meter there. */
  add(code: string) {
    const serial = meterOf(code);
    const customer = { code, name: code, phone: null, site: code.slice(4), serial, kind: "household" } as const;
    this.#walletsOf(code).customers.set(code, { ...customer, rateE4PerKwh: RATE_E4_PER_KWH, openingMinor: 0 });
  }

  setFailing(isBad: boolean) {
    this.#each((platform) => platform.setFailing(isBad));
  }

  /** What the wallets of these customers got, and what was taken back. */
  payments(codes: ReadonlySet<string>): WalletSeen[] {
    return this.#each(({ wallets }) =>
      wallets.payments
        .filter(({ code, kind }) => kind === "payment" && codes.has(code))
        .map((payment) => {
          const { id, code, externalId, amountMinor } = payment;
          const [isProcessed, isReversed] = [wallets.isProcessed(payment), wallets.isReversed(id)];
          return { account: code, externalId: keyOf(externalId), amountMinor, isProcessed, isReversed };
        }),
    ).flat();
  }

  has(entryKey: string): boolean {
    return this.#each(({ wallets }) => wallets.payments.some(({ externalId }) => keyOf(externalId) === entryKey)).some(
      Boolean,
    );
  }

  /** How many requests each fault has struck, by vendor and fault. */
  met(): Record<string, number> {
    const named = (vendor: Vendor) =>
      Object.entries(this.#platforms[vendor].met()).map(([name, count]): [string, number] => [
        `${vendor}: ${name}`,
        count,
      ]);
    return Object.fromEntries([...named("koios"), ...named("thundercloud")]);
  }

  async close(): Promise<void> {
    this.#each((platform) => platform.close());
    await Promise.all([this.#served?.koios.close(), this.#served?.thundercloud.close()]);
  }

  #walletsOf(code: string): Wallets {
    return this.#platforms[vendorOf(code.slice(4))].wallets;
  }

  #each<T>(what: (platform: Platform) => T): T[] {
    return [what(this.#platforms.koios), what(this.#platforms.thundercloud)];
  }

  #fresh(world: number): Record<Vendor, Platform> {
    return { koios: this.#of.koios.begin(world), thundercloud: this.#of.thundercloud.begin(world) };
  }
}

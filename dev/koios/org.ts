import type { Currency } from "../../src/domain/country.ts";
import { draw } from "../iot/draw.ts";
import type { SimClock } from "../vendors/clock.ts";
import { DAY_MS, dayOf } from "../vendors/energy.ts";
import { FaultBoard } from "../vendors/faults.ts";
import { uuidOf, type VendorCustomer, type VendorSite } from "../vendors/people.ts";
import { type WalletState, Wallets } from "../vendors/wallets.ts";
import { KOIOS_FAULTS, KOIOS_WEATHER } from "./faults.ts";

export type KoiosGrant = "read" | "write" | "manage";
export type KoiosKey = { id: string; secret: string; grant: KoiosGrant };

/** One organisation at Koios: one country of ours. */
export type KoiosOrg = {
  /** Its id there. */
  org: string;
  name: string;
  country: "LS" | "BJ";
  currency: Currency;
  minorDigits: 0 | 2;
  utcOffsetMinutes: number;
  keys: readonly KoiosKey[];
  login: { email: string; password: string };
  sites: readonly VendorSite[];
  customers: readonly VendorCustomer[];
};

export type KoiosSite = VendorSite & { id: string; serviceAreaId: string; sparkmeterId: string };
export type Board = FaultBoard<typeof KOIOS_FAULTS>;
export type FreeMeter = { id: string; serial: string };

export const newBoard = (seed: number): Board => new FaultBoard(KOIOS_FAULTS, seed, KOIOS_WEATHER);
/** Koios's own id of a site: what `vendor_sites` holds. */
export const koiosSiteId = (org: string, site: string) => uuidOf("koios", org, "site", site);

const FREE_METERS = 5;
const REQUEST_DAYS_KEPT = 400;

/** An organisation and all that Koios knows of it. */
export class OrgState {
  readonly options: KoiosOrg;
  readonly wallets: Wallets;
  readonly sites: readonly KoiosSite[];
  readonly board: Board;
  readonly clock: SimClock;
  readonly seed: number;
  readonly freeMeters: FreeMeter[];
  /** Relays as they were last told; a meter that is not here follows its wallet. */
  readonly relays = new Map<string, "on" | "off">();
  /** Requests with a key, by UTC day. */
  readonly requests = new Map<string, { asked: number; refused: number }>();
  readonly #recent = { data: [] as number[], metadata: [] as number[] };
  /** Tariffs that nobody has yet. */
  readonly spareRates = new Set<number>();
  readonly attachTries = new Map<string, number>();

  constructor(
    options: KoiosOrg,
    shared: { clock: SimClock; seed: number; board: Board; openedAt: number; saved?: WalletState | null },
  ) {
    this.options = options;
    this.clock = shared.clock;
    this.seed = shared.seed;
    this.board = shared.board;
    this.sites = options.sites.map((site) => ({
      ...site,
      id: koiosSiteId(options.org, site.code),
      serviceAreaId: uuidOf("koios", options.org, "area", site.code),
      sparkmeterId: `sm-${site.code.toLowerCase()}`,
    }));
    const { org, utcOffsetMinutes, minorDigits, customers } = options;
    const { clock, seed, openedAt, saved = null } = shared;
    this.wallets = new Wallets({ org, seed, utcOffsetMinutes, minorDigits, customers, clock, openedAt, saved });
    this.freeMeters = Array.from({ length: FREE_METERS }, (_, index) => {
      const tail = draw(0x1000_0000, org, "free", index).toString(16).toUpperCase().padStart(8, "0");
      const serial = `SM16R-02-${tail}`;
      return { serial, id: this.meterId(serial) };
    });
  }

  customerId(code: string): string {
    return uuidOf("koios", this.options.org, "customer", code);
  }

  meterId(serial: string): string {
    return uuidOf("koios", "meter", serial);
  }

  tariffId(rateE4PerKwh: number): string {
    return uuidOf("koios", this.options.org, "tariff", rateE4PerKwh);
  }

  site(code: string): KoiosSite | null {
    return this.sites.find((site) => site.code === code) ?? null;
  }

  customerOf(id: string): VendorCustomer | null {
    return [...this.wallets.customers.values()].find(({ code }) => this.customerId(code) === id) ?? null;
  }

  /** The meters of a site, in the order in which pages bring them. */
  metered(site: string): VendorCustomer[] {
    return [...this.wallets.customers.values()]
      .filter((customer) => customer.site === site && customer.serial !== null)
      .sort((a, b) => (String(a.serial) < String(b.serial) ? -1 : 1));
  }

  /** Counts a request with a key; false: the day's budget is gone. */
  spend(): boolean {
    const day = dayOf(this.clock.now());
    const known = this.requests.get(day) ?? { asked: 0, refused: 0 };
    this.requests.set(day, known);
    if (this.requests.size > REQUEST_DAYS_KEPT) this.requests.delete([...this.requests.keys()][0] ?? "");
    known.asked++;
    const after = Number(this.board.on("budget")?.after ?? KOIOS_FAULTS.budget.params.after);
    if (known.asked <= after) return true;
    known.refused++;
    return false;
  }

  /** The limits that Koios does document: three requests of data in five seconds, ten of metadata in one. */
  paced(kind: "data" | "metadata"): { ok: boolean; headers: Record<string, string> } {
    const [most, withinMs] = kind === "data" ? [3, 5_000] : [10, 1_000];
    const now = this.clock.now();
    const recent = this.#recent[kind].filter((at) => at > now - withinMs);
    const ok = recent.length < most || this.board.on("unlimited") !== null;
    if (ok) recent.push(now);
    this.#recent[kind] = recent;
    const resetAt = Math.ceil(((recent[0] ?? now) + withinMs) / 1_000);
    return {
      ok,
      headers: {
        "X-RateLimit-Limit": String(most),
        "X-RateLimit-Remaining": String(Math.max(0, most - recent.length)),
        "X-RateLimit-Reset": String(resetAt),
      },
    };
  }

  /** From when on a site's day is seen: 0 for one that comes as it goes. */
  lateUntil(site: string, dayAt: number): number {
    const late = this.board.strikes("late", site, dayAt);
    if (late === null || !names(String(late.sites), site)) return 0;
    return dayAt + DAY_MS + Number(late.days) * DAY_MS;
  }

  lagMs(): number {
    return Number(this.board.on("lag")?.hours ?? KOIOS_FAULTS.lag.params.hours) * 3_600_000;
  }
}

/** Whether a list of site codes names one; an empty list names all. */
export const names = (list: string, site: string) => list.trim() === "" || list.split(/[\s,]+/).includes(site);

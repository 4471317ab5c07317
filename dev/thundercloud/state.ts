import { SimClock } from "../vendors/clock.ts";
import { DAY_MS, dayOf } from "../vendors/energy.ts";
import { FaultBoard } from "../vendors/faults.ts";
import { uuidOf, type VendorCustomer } from "../vendors/people.ts";
import { type WalletPayment, type WalletState, Wallets } from "../vendors/wallets.ts";
import { THUNDERCLOUD_FAULTS, THUNDERCLOUD_WEATHER } from "./faults.ts";

/** What of ThunderCloud's is one organisation's. Ours has one, for one site. */
export type ThunderCloudOrg = {
  org: string;
  country: string;
  minorDigits: 0 | 2;
  utcOffsetMinutes: number;
  token: string;
  login: { email: string; password: string };
  /** The base stations, by the site that they stand at. */
  bases: readonly { serial: string; site: string }[];
  customers: readonly VendorCustomer[];
};

export type Board = FaultBoard<typeof THUNDERCLOUD_FAULTS>;

/** How long after the end of a day its file is there. */
const FILE_LAG_MS = 20 * 3_600_000;
const FILES_BACK_DAYS = 400;

/** The organisation and all that ThunderCloud knows of it. */
export class TcState {
  readonly options: ThunderCloudOrg;
  readonly wallets: Wallets;
  readonly board: Board;
  readonly clock: SimClock;
  readonly seed: number;
  /** Tokens that are taken; the one of the settings goes stale like any other. */
  readonly tokens: Set<string>;
  readonly requests = new Map<string, { asked: number; refused: number }>();
  /** Wallets being emptied, by event. */
  readonly events = new Map<string, number>();

  constructor(
    options: ThunderCloudOrg,
    shared: { now: () => number; seed: number; openedAt: number; saved?: WalletState | null },
  ) {
    const { now, seed, openedAt, saved = null } = shared;
    this.options = options;
    this.clock = new SimClock(now);
    this.seed = seed;
    this.board = new FaultBoard(THUNDERCLOUD_FAULTS, seed, THUNDERCLOUD_WEATHER);
    this.tokens = new Set([options.token]);
    const { org, utcOffsetMinutes, minorDigits, customers } = options;
    this.wallets = new Wallets({
      org,
      seed,
      utcOffsetMinutes,
      minorDigits,
      customers,
      clock: this.clock,
      openedAt,
      saved,
    });
  }

  customerId(code: string): string {
    return uuidOf("thundercloud", this.options.org, code);
  }

  customerOf(id: string): VendorCustomer | null {
    return [...this.wallets.customers.values()].find(({ code }) => this.customerId(code) === id) ?? null;
  }

  metered(site: string): VendorCustomer[] {
    return [...this.wallets.customers.values()].filter(
      (customer) => customer.site === site && customer.serial !== null && customer.hidden !== true,
    );
  }

  /** When the base station last spoke; credits that are newer wait for it. */
  lastSync(): number {
    const offline = this.board.on("base_offline");
    const now = this.clock.now();
    return offline === null ? now - (now % 240_000) : now - Number(offline.hours) * 3_600_000;
  }

  /** When a credit that is taken now will be in the wallet; null: when the base station is back. */
  processedAt(): number | null {
    if (this.board.on("base_offline") !== null) return null;
    const seconds = Number(this.board.on("delay")?.seconds ?? THUNDERCLOUD_FAULTS.delay.params.seconds);
    return this.clock.now() + seconds * 1_000;
  }

  /** What waited for the base station is processed once it is back. */
  settle(): void {
    if (this.board.on("base_offline") !== null) return;
    const now = this.clock.now();
    for (const payment of this.wallets.payments) payment.processedAt ??= now;
  }

  isDone(payment: WalletPayment): boolean {
    return this.wallets.isProcessed(payment);
  }

  /** Whether a base station's file of a day is there. */
  hasFile(base: string, dayAt: number): boolean {
    const late = this.board.strikes("late", base, dayAt);
    const lateMs = late === null ? 0 : Number(late.days) * DAY_MS;
    return this.clock.now() >= dayAt + DAY_MS + FILE_LAG_MS + lateMs;
  }

  /** The days of which there can be a file, newest first. */
  fileDays(): number[] {
    const today = Math.floor(this.clock.now() / DAY_MS) * DAY_MS;
    return Array.from({ length: FILES_BACK_DAYS }, (_, back) => today - (back + 1) * DAY_MS);
  }

  count(isRefused: boolean): void {
    const day = dayOf(this.clock.now());
    const known = this.requests.get(day) ?? { asked: 0, refused: 0 };
    known.asked++;
    if (isRefused) known.refused++;
    this.requests.set(day, known);
  }
}

/** The short id that the files know a meter by: the serial's last four hex digits. */
export const shortId = (serial: string): number => Number.parseInt(serial.slice(-4), 16);

export const fileName = (base: string, dayAt: number): string => {
  const [year, month, day] = dayOf(dayAt).split("-");
  return `year=${year}/month=${month}/day=${day}/${base}_${year}_${month}_${day}_reading.parquet`;
};

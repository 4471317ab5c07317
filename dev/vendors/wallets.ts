import { draw } from "../iot/draw.ts";
import type { SimClock } from "./clock.ts";
import { DAY_MS, Energy, INTERVAL_MS } from "./energy.ts";
import { uuidOf, type VendorCustomer } from "./people.ts";

/** Payments that one simulator keeps; beyond that it refuses, for a forgotten one would be a wrong wallet. */
const PAYMENTS_MAX = 500_000;

export type WalletPayment = {
  id: string;
  code: string;
  /** `edit`: somebody at the vendor's console changed the wallet; it is no payment and no list of payments shows it. */
  kind: "payment" | "reversal" | "edit";
  externalId: string | null;
  /** Below zero in a reversal. */
  amountMinor: number;
  memo: string;
  /** `operator`: typed at the vendor's own console. */
  by: "api" | "operator";
  at: number;
  /** From when on the wallet holds it; null: it waits until somebody says. */
  processedAt: number | null;
  /** The payment that is taken back. */
  reverses: string | null;
};

export type WalletState = { openedAt: number; payments: WalletPayment[]; customers?: VendorCustomer[] };

export type Order = Pick<WalletPayment, "code" | "amountMinor" | "memo" | "externalId" | "by"> & {
  kind?: WalletPayment["kind"];
  at?: number;
  processedAt?: number | null;
  reverses?: string;
};

export type WalletOptions = {
  /** The organisation: no two of them give the same id. */
  org: string;
  seed: number;
  utcOffsetMinutes: number;
  minorDigits: 0 | 2;
  customers: readonly VendorCustomer[];
  clock: SimClock;
  /** From when on the wallets fall with what is used. */
  openedAt: number;
  saved?: WalletState | null;
};

/** The wallets of one organisation: they rise with payments and fall, in currency, with what the meters count. */
export class Wallets {
  readonly options: WalletOptions;
  readonly openedAt: number;
  readonly customers = new Map<string, VendorCustomer>();
  readonly payments: WalletPayment[] = [];
  readonly #byExternalId = new Map<string, WalletPayment>();
  readonly #byId = new Map<string, WalletPayment>();
  /** Sorted once for all the pages of a list. */
  #listed: { of: number; all: WalletPayment[] } = { of: 0, all: [] };
  readonly #energy = new Map<string, Energy>();

  constructor(options: WalletOptions) {
    this.options = options;
    this.openedAt = options.saved?.openedAt ?? options.openedAt;
    for (const customer of options.customers) this.customers.set(customer.code, customer);
    for (const customer of options.saved?.customers ?? []) this.customers.set(customer.code, customer);
    for (const payment of options.saved?.payments ?? []) this.#keep(payment);
  }

  #keep(payment: WalletPayment) {
    this.payments.push(payment);
    this.#byId.set(payment.id, payment);
    if (payment.externalId !== null && payment.kind === "payment") this.#byExternalId.set(payment.externalId, payment);
  }

  byExternalId(externalId: string): WalletPayment | null {
    return this.#byExternalId.get(externalId) ?? null;
  }

  byId(id: string): WalletPayment | null {
    return this.#byId.get(id) ?? null;
  }

  /** Books a payment; null: its external id has been here before. */
  book(order: Order): WalletPayment | null {
    const { code, amountMinor, memo, externalId, by, kind = "payment", reverses = null } = order;
    if (externalId !== null && kind === "payment" && this.#byExternalId.has(externalId)) return null;
    if (this.payments.length >= PAYMENTS_MAX) throw new Error(`this simulator keeps ${PAYMENTS_MAX} payments at most`);
    const at = order.at ?? this.options.clock.now();
    const processedAt = order.processedAt === undefined ? at : order.processedAt;
    const id = uuidOf(this.options.org, this.options.seed, "payment", this.payments.length);
    const payment = { id, code, kind, externalId, amountMinor, memo, by, at, processedAt, reverses };
    this.#keep(payment);
    return payment;
  }

  /** The reversal of a payment, the same one if it was taken back before; null: no such payment. */
  reverse(id: string, by: WalletPayment["by"] = "api"): WalletPayment | null {
    const payment = this.#byId.get(id);
    if (payment === undefined || payment.kind !== "payment") return null;
    const before = this.payments.find(({ reverses }) => reverses === id);
    const { code, externalId, amountMinor } = payment;
    const order = { code, externalId, amountMinor: -amountMinor, memo: `reversal of ${id}`, by, reverses: id };
    return before ?? this.book({ ...order, kind: "reversal" });
  }

  isProcessed({ processedAt }: WalletPayment, at = this.options.clock.now()): boolean {
    return processedAt !== null && processedAt <= at;
  }

  isReversed(id: string): boolean {
    return this.payments.some(({ reverses }) => reverses === id);
  }

  /** Newest first, without the edits that no list shows. */
  newestFirst(): WalletPayment[] {
    if (this.#listed.of !== this.payments.length) {
      const all = this.payments.filter(({ kind }) => kind !== "edit");
      all.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
      this.#listed = { of: this.payments.length, all };
    }
    const now = this.options.clock.now();
    return this.#listed.all.filter(({ at }) => at <= now);
  }

  energyOf({ serial, kind }: VendorCustomer): Energy | null {
    if (serial === null) return null;
    const { seed, utcOffsetMinutes } = this.options;
    const known = this.#energy.get(serial) ?? new Energy({ serial, kind, seed, utcOffsetMinutes });
    this.#energy.set(serial, known);
    return known;
  }

  usedWh(customer: VendorCustomer, from: number, to: number): number {
    return this.energyOf(customer)?.betweenWh(from, to) ?? 0;
  }

  /** What the wallet holds, in minor units; it goes below zero rather than into the dark. */
  balanceMinor(code: string, at = this.options.clock.now()): number | null {
    const customer = this.customers.get(code);
    if (customer === undefined) return null;
    const paid = this.payments
      .filter((payment) => payment.code === code && this.isProcessed(payment, at))
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    return customer.openingMinor + paid - this.costMinor(customer, at);
  }

  /** What was used until then costs, whole minor units, each part of it at the rate of its time. */
  costMinor(customer: VendorCustomer, at: number): number {
    const { earlierRates = [], rateE4PerKwh } = customer;
    let from = this.openedAt;
    let whRate = 0n;
    for (const part of [...earlierRates, { until: Number.POSITIVE_INFINITY, rateE4PerKwh }]) {
      const until = Math.min(at, part.until);
      if (until <= from) continue;
      whRate += BigInt(this.usedWh(customer, from, until)) * BigInt(part.rateE4PerKwh);
      from = until;
    }
    return Number((whRate * 10n ** BigInt(this.options.minorDigits)) / 10_000_000n);
  }

  /** The tariff of a customer changes on the platform, now. */
  changeRate(code: string, rateE4PerKwh: number): VendorCustomer | null {
    const customer = this.customers.get(code);
    if (customer === undefined) return null;
    const until = Math.floor(this.options.clock.now() / INTERVAL_MS) * INTERVAL_MS;
    const earlierRates = [...(customer.earlierRates ?? []), { until, rateE4PerKwh: customer.rateE4PerKwh }];
    const changed = { ...customer, rateE4PerKwh, earlierRates };
    this.customers.set(code, changed);
    return changed;
  }

  /** Payments that operators took at the console through some days, about one each `everyDays` a customer; twice is once. */
  history(from: number, to: number, everyDays: number): number {
    const { org, seed, minorDigits } = this.options;
    let made = 0;
    for (let dayAt = Math.floor(from / DAY_MS) * DAY_MS; dayAt < to; dayAt += DAY_MS)
      for (const { code } of this.customers.values()) {
        if (draw(everyDays, seed, org, code, "pays", dayAt) !== 0) continue;
        const at = dayAt + draw(DAY_MS, seed, org, code, "when", dayAt);
        const amountMinor = (1 + draw(12, seed, org, code, "how much", dayAt)) * (minorDigits === 0 ? 500 : 1_000);
        const id = uuidOf(org, seed, "history", code, dayAt);
        if (at < from || at >= to || this.#byId.has(id)) continue;
        const money = { amountMinor, memo: "cash", externalId: null, by: "operator", kind: "payment" } as const;
        this.#keep({ id, code, ...money, at, processedAt: at, reverses: null });
        made++;
      }
    return made;
  }

  /** "61.50", or "500" where the currency has no decimals. */
  money(amountMinor: number): string {
    const { minorDigits } = this.options;
    if (minorDigits === 0) return String(amountMinor);
    const digits = String(Math.abs(amountMinor)).padStart(3, "0");
    return `${amountMinor < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  }

  /** An amount as a client wrote it. */
  readMoney(text: string): number | "too many decimal places" | "not an amount" {
    const [, whole = "", decimals = null] = /^(\d{1,12})(?:\.(\d+))?$/.exec(text) ?? [];
    if (whole === "") return "not an amount";
    const { minorDigits } = this.options;
    if (decimals !== null && decimals.length > minorDigits) return "too many decimal places";
    return Number(whole + (decimals ?? "").padEnd(minorDigits, "0"));
  }

  save(): WalletState {
    return { openedAt: this.openedAt, payments: this.payments, customers: [...this.customers.values()] };
  }

  /** What a wallet truly holds and why, at an instant. */
  truth(code: string, at = this.options.clock.now()) {
    const customer = this.customers.get(code);
    if (customer === undefined) return null;
    const usedWh = this.usedWh(customer, this.openedAt, at);
    return {
      code,
      serial: customer.serial,
      at,
      openedAt: this.openedAt,
      openingMinor: customer.openingMinor,
      payments: this.payments.filter((payment) => payment.code === code),
      usedWh,
      costMinor: this.costMinor(customer, at),
      rateE4PerKwh: customer.rateE4PerKwh,
      earlierRates: customer.earlierRates ?? [],
      balanceMinor: this.balanceMinor(code, at),
    };
  }

  /** What a meter truly used in each interval, [start, Wh]. */
  intervals(code: string, from: number, to: number): [number, number][] {
    const customer = this.customers.get(code);
    const energy = customer === undefined ? null : this.energyOf(customer);
    const out: [number, number][] = [];
    const first = Math.floor(from / INTERVAL_MS) * INTERVAL_MS;
    for (let at = first; energy !== null && at < to; at += INTERVAL_MS) out.push([at, energy.intervalWh(at)]);
    return out;
  }
}

import { expect } from "vitest";
import { MedicPhone } from "../../dev/phones.ts";
import { type SampleSms, SampleTill } from "../../dev/samples.ts";
import type { ReceiptState } from "../../src/domain/claim.ts";
import type { RestoreWorld } from "./restore-world.ts";
import { until } from "./world.ts";

/** Minor units by holder: an account, "suspense" or "treasury". */
type Shares = Record<string, number>;
const DIFFERENCES_MS_MAX = 180_000;
const DRAIN_MS_MAX = 5_000;

/** People who pay and staff who move money, who know where every cent has to be. */
export class Books {
  readonly #world: RestoreWorld;
  readonly #till = new SampleTill({ operator: "mpesa", seed: 31 });
  readonly #holders = new Map<string, { amountMinor: number; shares: Shares }>();
  readonly #phones: MedicPhone[];

  constructor(world: RestoreWorld) {
    this.#world = world;
    this.#phones = world.ls.phones.slice(0, 2).map(({ medicUrl }) => new MedicPhone({ url: medicUrl }));
  }

  /** A customer pays through the merchant line of the first two phones; the second brings it too, if told to. */
  pay(account: string | null, amountMinor: number, { twice = false } = {}): string {
    const { sms, payment } = this.#till.pay({ account, amountMinor, at: Date.now() });
    this.#store(sms, twice);
    this.#holders.set(payment.receipt, { amountMinor, shares: { [account ?? "suspense"]: amountMinor } });
    return payment.receipt;
  }

  #store(sms: SampleSms, twice: boolean) {
    for (const phone of this.#phones.slice(0, twice ? 2 : 1)) phone.store(sms);
  }

  async send() {
    for (const phone of this.#phones) await phone.wake();
  }

  /** Both phones send all that they ever brought. */
  async sendAllAgain() {
    for (const phone of this.#phones) for (const sms of phone.incoming) sms.forwarded = false;
    await this.send();
  }

  async assign(receipt: string, expectedGeneration: number, account: string) {
    await this.#world.move(receipt, "assign", { expectedGeneration, account });
    this.#hold(receipt, { [account]: this.amountOf(receipt) });
  }

  async reverse(receipt: string, expectedGeneration: number) {
    await this.#world.move(receipt, "reverse", { expectedGeneration });
    this.#hold(receipt, { suspense: this.amountOf(receipt) });
  }

  /** Parts for accounts or the treasury; the last takes the rest. */
  async split(receipt: string, expectedGeneration: number, parts: string[]) {
    const each = Math.floor(this.amountOf(receipt) / parts.length);
    const amountOf = (index: number) =>
      index === parts.length - 1 ? this.amountOf(receipt) - each * (parts.length - 1) : each;
    const shares = parts.map((part, index) => ({ part, amountMinor: amountOf(index) }));
    await this.#world.move(receipt, "move", {
      expectedGeneration,
      shares: shares.map(({ part, amountMinor }) =>
        part === "treasury" ? { to: part, amountMinor } : { to: "account", account: part, amountMinor },
      ),
    });
    this.#hold(receipt, Object.fromEntries(shares.map(({ part, amountMinor }) => [part, amountMinor])));
  }

  #hold(receipt: string, shares: Shares) {
    this.#holders.set(receipt, { amountMinor: this.amountOf(receipt), shares });
  }

  /** Nobody remembers who put a part into the treasury: it waits for a person. */
  forgetTreasury(receipt: string) {
    const { treasury = 0, suspense = 0, ...rest } = this.#holders.get(receipt)?.shares ?? {};
    this.#hold(receipt, { ...rest, suspense: suspense + treasury });
  }

  amountOf(receipt: string): number {
    const known = this.#holders.get(receipt);
    if (known === undefined) throw new Error(`${receipt} was never paid`);
    return known.amountMinor;
  }

  /** Compares until nothing differs; returns why anything did, and of what. */
  async settle(since: string | null = null): Promise<{ what: string; because: string }[]> {
    const seen = new Map<string, { what: string; because: string }>();
    await until(
      "objects and Postgres agree",
      DIFFERENCES_MS_MAX,
      async () => {
        const { differences, counts } = await this.#world.heads(since);
        for (const { what, because } of differences) seen.set(`${what} ${because}`, { what, because });
        // What Postgres had before its shard knew of it closes with the next comparison.
        await this.#world.drained(DRAIN_MS_MAX).catch(() => undefined);
        return { differences, counts };
      },
      ({ differences, counts }) => differences.length === 0 && counts.lagging === 0,
    );
    await this.#world.drained();
    return [...seen.values()].sort((a, b) => (a.what + a.because).localeCompare(b.what + b.because));
  }

  /** Every cent is where it has to be, once, on both sides. */
  async areSound() {
    const world = this.#world;
    const [sums] = await world.query<Record<string, string>>(SUMS);
    const total = [...this.#holders.values()].reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const { payments, arrived, customers, suspense, treasury } = sums ?? {};
    expect({ payments: Number(payments), arrived: Number(arrived) }).toEqual({ payments: total, arrived: total });
    expect(Number(customers) + Number(suspense) + Number(treasury)).toBe(total);
    expect(await world.query(ASTRAY), "receipts whose shares and entries do not agree").toEqual([]);

    const byReceipt = (shares: [string, string, number][]) => {
      const all: Record<string, Shares> = {};
      for (const [receipt, holder, amountMinor] of shares) {
        all[receipt] ??= {};
        all[receipt][holder] = (all[receipt][holder] ?? 0) + amountMinor;
      }
      return all;
    };
    const wanted = Object.fromEntries([...this.#holders].map(([receipt, { shares }]) => [receipt, shares]));
    const recorded = await world.query<{ receipt: string; holder: string; minor: string }>(PRESENT);
    expect(byReceipt(recorded.map(({ receipt, holder, minor }) => [receipt, holder, Number(minor)]))).toEqual(wanted);
    const entries = await world.query<{ receipt: string; holder: string; minor: string }>(CREDITED);
    const credited = byReceipt(entries.map(({ receipt, holder, minor }) => [receipt, holder, Number(minor)]));
    for (const [receipt, shares] of Object.entries(wanted)) {
      const inAccounts = Object.entries(shares).filter(([holder]) => holder !== "suspense" && holder !== "treasury");
      expect(credited[receipt] ?? {}, receipt).toEqual(Object.fromEntries(inAccounts));
      const state = await world.operator<ReceiptState>(`/receipts/${receipt}`);
      const known = state.shares.map(({ holder, amountMinor }): [string, string, number] => [
        receipt,
        holder.kind === "account" ? holder.account : holder.kind,
        amountMinor,
      ]);
      expect(byReceipt(known)[receipt], `${receipt} in its shard`).toEqual(shares);
      expect(state.phase, receipt).toBe("closed");
    }
    for (const { account, balance, sum, seq } of await world.query(BALANCES)) {
      const view = await world.operator<{ balanceWh: number; seq: number }>(`/accounts/${account}`);
      const { balanceWh, seq: last } = view;
      expect({ account, balanceWh, last, sum }).toEqual({
        account,
        balanceWh: Number(balance),
        last: Number(seq),
        sum: balance,
      });
    }
  }
}

const SUMS = `SELECT (SELECT coalesce(sum(amount_minor), 0) FROM payments) AS payments,
  -coalesce(sum(amount_minor) FILTER (WHERE book = 'clearing'), 0) AS arrived,
  coalesce(sum(amount_minor) FILTER (WHERE book IN ('customer_energy', 'customer_fees')), 0) AS customers,
  coalesce(sum(amount_minor) FILTER (WHERE book = 'suspense'), 0) AS suspense,
  coalesce(sum(amount_minor) FILTER (WHERE book = 'treasury'), 0) AS treasury
FROM ledger_entries WHERE kind IN ('payment', 'reversal')`;

const PRESENT = `SELECT l.receipt, coalesce(a.account_number, l.holder_kind) AS holder, l.amount_minor AS minor
FROM payments p JOIN payment_allocations l ON l.receipt = p.receipt AND l.generation = p.generation
  LEFT JOIN accounts a ON a.id = l.account_id`;

const CREDITED = `SELECT e.receipt, a.account_number AS holder, sum(e.amount_minor) AS minor
FROM ledger_entries e JOIN accounts a ON a.id = e.account_id WHERE e.receipt IS NOT NULL
GROUP BY 1, 2 HAVING sum(e.amount_minor) <> 0`;

const ASTRAY = `SELECT p.receipt, p.amount_minor, l.shares, e.arrived, e.suspense FROM payments p
  CROSS JOIN LATERAL (SELECT sum(amount_minor) AS shares,
    coalesce(sum(amount_minor) FILTER (WHERE holder_kind = 'suspense'), 0) AS waits
    FROM payment_allocations l WHERE l.receipt = p.receipt AND l.generation = p.generation) AS l
  CROSS JOIN LATERAL (SELECT -coalesce(sum(amount_minor) FILTER (WHERE book = 'clearing'), 0) AS arrived,
    coalesce(sum(amount_minor) FILTER (WHERE book = 'suspense'), 0) AS suspense
    FROM ledger_entries e WHERE e.receipt = p.receipt) AS e
WHERE p.generation = 0 OR l.shares IS DISTINCT FROM p.amount_minor OR e.arrived <> p.amount_minor OR e.suspense <> l.waits`;

const BALANCES = `SELECT a.account_number AS account, b.balance_wh AS balance, b.seq,
  (SELECT sum(energy_wh) FROM ledger_entries e WHERE e.account_id = a.id) AS sum
FROM accounts a JOIN account_balances b ON b.account_id = a.id ORDER BY 1`;

/** What a run came to. */
import type { BatchResult } from "./batch.ts";
import { restActsIn } from "./invariants-rests.ts";
import type { Lane } from "./lane.ts";
import { PLATFORM_FAULTS } from "./platforms.ts";
import { ACTIONS } from "./shots.ts";

/** Runs of fewer seeds need not meet every fault. */
const EVERY_FAULT_FROM_SEEDS = 200;
const WEATHERS = [
  "database down",
  "database reset-before",
  "database reset-after-commit",
  "database hang",
  "database http-500",
  "database http-500-after-commit",
  "workerd killed",
  "all objects evicted",
  "queue poisoned",
];

export class Table {
  readonly #began = performance.now();
  #seeds = 0;
  #red: number[] = [];
  #sms = 0;
  #payments = 0;
  #credits = 0;
  readonly #rests = { "rest sold": 0, "rest paid back": 0 };
  #crashes = new Map<Lane, number>();
  #oldFailures = new Map<Lane, number>();
  readonly #faults = new Map<string, number>(
    [
      ...Object.entries(ACTIONS).flatMap(([kind, actions]) => actions.map((action) => `${kind}: ${action}`)),
      ...WEATHERS,
      ...PLATFORM_FAULTS,
    ].map((name) => [name, 0]),
  );

  add({ outcomes, weather, vendor }: BatchResult, lane: Lane) {
    this.#seeds += outcomes.length;
    for (const { seed, reds, snapshot } of outcomes) {
      if (reds.length > 0) this.#red.push(seed);
      this.#sms += snapshot.sms.length;
      this.#payments += snapshot.payments.length;
      this.#credits += snapshot.wallets.length;
      const { sold, paidBack } = restActsIn(snapshot.entries);
      this.#rests["rest sold"] += sold;
      this.#rests["rest paid back"] += paidBack;
    }
    for (const [name, count] of Object.entries(weather)) this.#count(name, count);
    for (const { kind, action } of lane.did) if (action !== "evict") this.#count(`${kind}: ${action}`, 1);
    this.#crashes.set(lane, lane.crashes);
    this.#oldFailures.set(lane, lane.old.failures());
    for (const [name, count] of Object.entries(vendor)) this.#count(name, count);
  }

  line(): string {
    return `${this.#seeds} seeds, ${this.#red.length} red, ${this.#seconds().toFixed(0)} s`;
  }

  isGreen(count: number): boolean {
    return this.#red.length === 0 && this.#seeds === count && this.#missing(count).length === 0;
  }

  text(count: number): string {
    const total = (of: Map<Lane, number>) => [...of.values()].reduce((sum, each) => sum + each, 0);
    const minutes = this.#seconds() / 60;
    return [
      "",
      "| fault | injected |",
      "|---|---|",
      ...[...this.#faults].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, n]) => `| ${name} | ${n} |`),
      `| old endpoint failed a request | ${total(this.#oldFailures)} |`,
      `| workerd crashed by itself | ${total(this.#crashes)} |`,
      "",
      "| seeds | passed | SMS stored | receipts | in vendor's wallets | rests sold | paid back | seconds | seeds a minute |",
      "|---|---|---|---|---|---|---|---|---|",
      `| ${count} | ${this.#seeds - this.#red.length} | ${this.#sms} | ${this.#payments} | ${this.#credits} | ${this.#rests["rest sold"]} | ${this.#rests["rest paid back"]} | ${this.#seconds().toFixed(0)} | ${(this.#seeds / minutes).toFixed(0)} |`,
      ...(this.#red.length === 0 ? [] : ["", `RED: ${this.#red.sort((a, b) => a - b).join(", ")}`]),
      ...this.#missing(count).map((name) => `NOT ONCE in ${count} seeds: ${name}`),
    ].join("\n");
  }

  #seconds() {
    return (performance.now() - this.#began) / 1000;
  }

  #count(name: string, by: number) {
    this.#faults.set(name, (this.#faults.get(name) ?? 0) + by);
  }

  #missing(count: number): string[] {
    if (count < EVERY_FAULT_FROM_SEEDS) return [];
    return [...this.#faults, ...Object.entries(this.#rests)].flatMap(([name, n]) => (n === 0 ? [name] : []));
  }
}

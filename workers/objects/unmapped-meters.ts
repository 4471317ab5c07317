import type { Reading } from "../../src/domain/reading.ts";
import type { Accounts } from "../../src/ports/accounts.ts";
import { METERS_ASKED_MAX } from "../../src/ports/directory.ts";
import { log } from "../../src/ports/log.ts";
import type { Placement, UnmappedMeter, UnmappedMeters as UnmappedPort } from "../../src/ports/unmapped-meters.ts";
import type { CopyMessage, Env } from "../env.ts";
import { accountsOf } from "../ports.ts";
import { directoryOf } from "./locate.ts";
import { READINGS_PER_METER_MAX } from "./unmapped-meters/bounds.ts";
import { UnmappedTables } from "./unmapped-meters/tables.ts";
import { WakingObject } from "./waking-object.ts";

/** Readings that are handed to an account in one call. */
const PAGE_MAX = 500;
/** More than a meter can have, so that one turn hands over all of it. */
const PAGES_PER_METER_MAX = 2 * (READINGS_PER_METER_MAX / PAGE_MAX);
/** Until then whoever told of a placement has handed it to the Directory, or has failed and tells of it again. */
const DIRECTORY_TOLD_MS = 30_000;
/** A meter that was placed while its reading was on the way here is found at the next look. */
const LOOK_MS = 3_600_000;

/**
 * One a country: readings of meters that nobody has placed yet, in order, until somebody does. Then each goes to the
 * account that had the meter when it was read; what no account takes stays.
 */
export class UnmappedMeters extends WakingObject implements UnmappedPort {
  readonly #tables: UnmappedTables;
  /** One replay at a time: an account gets a meter's readings in their order. */
  #turn: Promise<void> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#tables = new UnmappedTables(ctx.storage.sql);
  }

  async keep(readings: Reading[]): Promise<string[]> {
    const now = this.clock.now();
    const inOrder = [...readings].sort((a, b) => a.readAt - b.readAt);
    const refused = this.transact(() => {
      const tooMany = inOrder.filter((reading) => !this.#tables.keep(reading, now));
      this.wakes.bring("look", now + LOOK_MS);
      return tooMany;
    });
    await this.arm();
    return [...new Set(refused.map(({ meterNumber }) => meterNumber))];
  }

  async placed(placements: Placement[]): Promise<void> {
    const isWaiting = this.transact(() => {
      const begun = placements.filter((placement) => this.#tables.placed(placement));
      if (begun.length > 0) this.wakes.bring("replay", this.clock.now() + DIRECTORY_TOLD_MS);
      return begun.length > 0;
    });
    if (!isWaiting) return;
    await this.arm();
    // The Directory does not route by these placements yet: what comes in meanwhile comes here, and goes behind.
    await this.#replay(placements).catch((thrown: unknown) => {
      log.warn("unmapped-replay", { error: thrown });
    });
  }

  async list(after: string, limit: number): Promise<UnmappedMeter[]> {
    return this.#tables.list(after, limit);
  }

  async count(): Promise<number> {
    return this.#tables.count();
  }

  protected override async wake(name: string): Promise<void> {
    if (name === "replay") return this.#replay([]);
    if (name === "look") return this.#look();
    this.wakes.clear(name);
  }

  protected override copyMessage(): CopyMessage | null {
    return null;
  }

  /** Who takes the readings. */
  protected accounts(): Pick<Accounts, "read"> {
    return accountsOf(this.env);
  }

  /** Asks where all meters were when they were read last: one that has an account is handed over. */
  async #look() {
    const now = this.clock.now();
    const meters = this.#tables.waiting();
    const placed: Placement[] = [];
    for (let from = 0; from < meters.length; from += METERS_ASKED_MAX) {
      const asked = meters.slice(from, from + METERS_ASKED_MAX);
      const accounts = await directoryOf(this.env).accountsOfMeters(
        asked.map(({ meterNumber, at }) => ({ meterNumber, at: Math.min(at, now) })),
      );
      for (const [index, { meterNumber, at }] of asked.entries()) {
        const account = accounts[index] ?? null;
        if (account !== null) placed.push({ meterNumber, account, from: at, to: null });
      }
    }
    this.transact(() => {
      for (const placement of placed) this.#tables.placed(placement);
      if (placed.length > 0) this.wakes.bring("replay", now);
      if (this.#tables.isEmpty()) this.wakes.clear("look");
      else this.wakes.set("look", now + LOOK_MS);
    });
  }

  /** Waits for its turn, so that two never hand over the same meter. */
  #replay(placements: Placement[]): Promise<void> {
    const mine = this.#turn.then(() => this.#handOver(placements));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** An account that does not answer keeps its own meters back, and no others. */
  async #handOver(placements: Placement[]) {
    let failed: unknown = null;
    for (const meter of this.#tables.due()) {
      try {
        for (let pages = 0; pages < PAGES_PER_METER_MAX; pages++)
          if (!(await this.#handOverPage(meter, placements))) break;
      } catch (thrown) {
        failed ??= thrown;
      }
    }
    if (failed !== null) throw failed;
    this.transact(() => {
      if (this.#tables.due().length === 0) this.wakes.clear("replay");
      else this.wakes.set("replay", this.clock.now() + DIRECTORY_TOLD_MS);
    });
    await this.arm();
  }

  /** True when the meter has more. Nothing is taken away before every account of the page has answered. */
  async #handOverPage(meter: string, placements: Placement[]): Promise<boolean> {
    const page = this.#tables.page(meter, PAGE_MAX);
    const accounts = await this.#accountsOf(page, placements);
    const final: Reading[] = [];
    for (const { account, readings } of runsOf(page, accounts)) {
      const verdicts = await this.accounts().read(account, readings);
      if (verdicts === "not_ready") throw new Error(`account ${account} is not ready`);
      if (verdicts === "unknown") continue;
      final.push(...readings.filter((_, index) => (verdicts[index]?.status ?? "elsewhere") !== "elsewhere"));
    }
    const last = page.length === PAGE_MAX ? page.at(-1) : undefined;
    return this.transact(() => this.#tables.handed(meter, final, last?.readAt ?? null));
  }

  async #accountsOf(page: Reading[], placements: Placement[]): Promise<(string | null)[]> {
    const now = this.clock.now();
    const asked = page.map(({ meterNumber, readAt }) => ({ meterNumber, at: Math.min(readAt, now) }));
    const told = asked.map(({ meterNumber, at }) => accountIn(placements, meterNumber, at));
    if (!told.includes(null)) return told;
    const known = await directoryOf(this.env).accountsOfMeters(asked);
    return told.map((account, index) => account ?? known[index] ?? null);
  }
}

const accountIn = (placements: Placement[], meterNumber: string, at: number): string | null =>
  placements.find((each) => each.meterNumber === meterNumber && each.from <= at && (each.to === null || at < each.to))
    ?.account ?? null;

/** Readings that follow each other and go to the same account; those without one are left out. */
function runsOf(page: Reading[], accounts: readonly (string | null)[]): { account: string; readings: Reading[] }[] {
  const runs: { account: string; readings: Reading[] }[] = [];
  for (const [index, reading] of page.entries()) {
    const account = accounts[index] ?? null;
    if (account === null) continue;
    const last = runs.at(-1);
    if (last?.account === account) last.readings.push(reading);
    else runs.push({ account, readings: [reading] });
  }
  return runs;
}

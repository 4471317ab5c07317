import {
  billableWh,
  DAY_MS,
  dayNamed,
  emptyDay,
  HOUR_MS,
  keepHours,
  lastInstantOf,
  layHours,
  type VendorDay,
} from "../../../src/domain/imports/vendor-day.ts";
import type { LedgerRow } from "../../../src/domain/ledger.ts";
import type { VendorDayRow } from "../../../src/domain/outbox.ts";
import { vendorDayKey, vendorDayOf } from "../../../src/domain/posting.ts";
import type { AccountFacts, VendorDayAnswer, VendorDayOrder } from "../../../src/ports/accounts.ts";
import { dayKey } from "./on-its-way.ts";
import { openingKeyOf } from "./post.ts";
import { NOBODY, type PostingRow, postMetered } from "./post-metered.ts";
import type { AccountTables } from "./tables.ts";
import type { NamedDay, VendorDayTable } from "./vendor-day-table.ts";

/** Days that one change of an account's facts looks at again: more than a year of two meters. */
const SETTLED_MAX = 800;
/** Days that are told to Postgres again in one call. */
const RESENT_MAX = 800;

type Host = {
  tables: AccountTables;
  days: VendorDayTable;
  /** By whose local days Postgres adds up the hours. */
  timeZone: string;
  owe: (row: PostingRow | ({ kind: "vendor_day" } & VendorDayRow)) => void;
};

/** An account's vendor meters: days of hours become dated entries. All methods that change something run inside a transaction. */
export class VendorDayDesk {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** What a source says of days: stored, told to Postgres, and posted as far as it differs from what was posted before. */
  record(facts: AccountFacts, orders: readonly VendorDayOrder[], now: number): VendorDayAnswer[] {
    return orders.map(({ meterNumber, day, source, hours, priority }) => {
      const own = hours.filter(({ hour }) => placedIn(facts, meterNumber, hour) !== undefined);
      const known = this.#host.days.find(meterNumber, day) ?? emptyDay();
      const bills = (hour: number) => placedIn(facts, meterNumber, hour)?.role === "primary";
      const told = layHours(known, day, source, own, bills, priority);
      if (told !== known) this.#keep(facts, meterNumber, day, told);
      const postedWh = this.#settle(facts, meterNumber, day, told, now);
      return { hours: own.length, elsewhere: hours.length - own.length, postedWh };
    });
  }

  /**
   * Facts have changed: hours in which a meter turns out not to have been here are given back, and a cut-over that was not
   * known yet is posted from. Returns what was posted in all, and whether anything was.
   */
  changeFacts(was: AccountFacts | null, is: AccountFacts, now: number): boolean {
    if (was === null || (sameWindows(was, is) && was.billFrom === is.billFrom)) return false;
    let isPosted = false;
    for (const { meterNumber, day, ...known } of this.#host.days.since(null, "", SETTLED_MAX)) {
      const told = keepHours(known, day, (hour) => placedIn(is, meterNumber, hour) !== undefined);
      if (told !== known) this.#keep(is, meterNumber, day, told);
      isPosted = this.#settle(is, meterNumber, day, told, now) !== 0 || isPosted;
    }
    return isPosted;
  }

  /** After entries were taken over or filed anew: a day that two lives of this account have posted is posted once. */
  settleAfter(facts: AccountFacts, rows: readonly LedgerRow[], now: number) {
    const named = new Map(
      rows.flatMap((row) => vendorDayOf(row) ?? []).map((of) => [`${of.meterNumber} ${of.day}`, of]),
    );
    for (const { meterNumber, day } of named.values()) {
      const told = this.#host.days.find(meterNumber, day);
      if (told !== null) this.#settle(facts, meterNumber, day, told, now);
    }
  }

  /** Posts what is owed of the days since an instant: an entry may have been lost with the memory of it, and its day not. */
  settleSince(facts: AccountFacts, since: number, now: number) {
    for (const { meterNumber, day, ...told } of this.#host.days.since(null, dayNamed(since), SETTLED_MAX))
      this.#settle(facts, meterNumber, day, told, now);
  }

  /** Takes over what Postgres has of days; of two that differ the higher version stays, and is above both where they differ. */
  adopt(days: readonly NamedDay[]) {
    for (const { meterNumber, day, ...recorded } of days) {
      const own = this.#host.days.find(meterNumber, day);
      if (own === null || own.version < recorded.version) this.#host.days.put(meterNumber, day, recorded);
      else if (own.version === recorded.version && !sameDay(own, recorded))
        this.#host.days.put(meterNumber, day, { ...own, version: own.version + 1 });
    }
  }

  /** Owes Postgres again, of the days since one, those it lacks or has older. Returns how many. */
  tellAgain(facts: AccountFacts, since: number, recordedVersion: (key: string) => number): number {
    const lacking = this.#host.days
      .since(null, dayNamed(since), RESENT_MAX)
      .filter(({ meterNumber, day, version }) => recordedVersion(dayKey(meterNumber, day)) < version);
    for (const { meterNumber, day, ...told } of lacking) this.#tell(facts, meterNumber, day, told);
    return lacking.length;
  }

  #keep(facts: AccountFacts, meterNumber: string, day: string, told: VendorDay) {
    this.#host.days.put(meterNumber, day, told);
    this.#tell(facts, meterNumber, day, told);
  }

  #tell({ account, accountId }: AccountFacts, meterNumber: string, day: string, told: VendorDay) {
    const { owe, timeZone } = this.#host;
    owe({ kind: "vendor_day", account, accountId, meterNumber, day, timeZone, ...told });
  }

  /** The cut-over, or the account's opening where that is later: an opening is what was left then, so it has what was used before it. */
  #billFrom({ account, billFrom }: AccountFacts): number | null {
    const opening = this.#host.tables.entry(openingKeyOf(account));
    return billFrom === null || opening === null ? billFrom : Math.max(billFrom, opening.occurredAt);
  }

  /** Posts the difference between what a day comes to and what was posted of it; above zero when energy was given back. */
  #settle(facts: AccountFacts, meterNumber: string, day: string, told: VendorDay, now: number): number {
    const { days } = this.#host;
    const { postedWh, entries } = days.posted(facts.account, meterNumber, day);
    const toWh = billableWh(told, day, this.#billFrom(facts));
    if (toWh === postedWh) return 0;
    const entryKey = vendorDayKey(facts.account, meterNumber, day, entries + 1, now);
    const debit = { kind: "consumption", fromWh: postedWh, toWh, readAt: lastInstantOf(told, day) } as const;
    postMetered(this.#host, facts, entryKey, debit, now, NOBODY);
    return postedWh - toWh;
  }
}

/** The placement during which an hour ran, if only for a part of it: whoever brings the hour has split it by interval. */
const placedIn = (facts: AccountFacts, meterNumber: string, hour: number) =>
  facts.meters.find(
    (meter) =>
      meter.meterNumber === meterNumber && meter.from < hour + HOUR_MS && (meter.to === null || hour < meter.to),
  );

const windowsOf = ({ meters }: AccountFacts) =>
  JSON.stringify(meters.map(({ meterNumber, from, to }) => [meterNumber, from, to]).sort());
const sameWindows = (was: AccountFacts, is: AccountFacts) => windowsOf(was) === windowsOf(is);
const sameDay = (own: VendorDay, other: VendorDay) =>
  JSON.stringify([own.energyWh, own.sources, own.billed]) ===
  JSON.stringify([other.energyWh, other.sources, other.billed]);

/** The day of which a comparison begins, whole. */
export const dayOfSince = (since: number) => dayNamed(Math.ceil(since / DAY_MS) * DAY_MS);

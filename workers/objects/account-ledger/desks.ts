import { commandId } from "../../../src/domain/command-id.ts";
import { COUNTRIES, type Country, type CountryCode } from "../../../src/domain/country.ts";
import type { OutboxRow } from "../../../src/domain/outbox.ts";
import type { AccountFacts } from "../../../src/ports/accounts.ts";
import type { OutboxTable } from "../outbox.ts";
import type { WakeTable } from "../wakes.ts";
import { DarkDesk } from "./dark.ts";
import { Empties } from "./empties.ts";
import { MeterDesk } from "./meters.ts";
import { ReadingTables } from "./reading-tables.ts";
import { RelayDesk } from "./relay.ts";
import { RelayTables } from "./relay-tables.ts";
import { EffectTable } from "./sms.ts";
import { AccountTables } from "./tables.ts";
import { CreditDesk } from "./vendor-credits.ts";
import { VendorDayTable } from "./vendor-day-table.ts";
import { VendorDayDesk } from "./vendor-days.ts";
import { WarningDesk } from "./warnings.ts";

/** Wakes of an account that follow from its tables. */
export const DUE_NAMES = ["relay", "sms", "look", "warn", "override", "credit"] as const;

/** What an account remembers, and who decides on it. */
export class Desks {
  readonly tables: AccountTables;
  readonly relayTables: RelayTables;
  readonly effects: EffectTable;
  readonly readings: ReadingTables;
  readonly meters: MeterDesk;
  readonly vendorDayTable: VendorDayTable;
  readonly vendorDays: VendorDayDesk;
  readonly relays: RelayDesk;
  readonly dark: DarkDesk;
  readonly warnings: WarningDesk;
  readonly credits: CreditDesk;
  readonly country: Country;
  readonly #empties: Empties;
  /** Owes Postgres a row, in the transaction that is open. */
  readonly owe: (row: OutboxRow) => void;

  constructor(sql: SqlStorage, countryCode: string, outbox: () => OutboxTable, owed: () => void) {
    this.owe = (row) => {
      outbox().add(row);
      owed();
    };
    const { owe } = this;
    this.country = COUNTRIES[countryCode as CountryCode];
    const empties = new Empties(sql);
    this.#empties = empties;
    this.tables = new AccountTables(sql, empties);
    this.relayTables = new RelayTables(sql, empties);
    this.effects = new EffectTable(sql, empties);
    this.readings = new ReadingTables(sql, empties);
    const { tables, readings } = this;
    this.meters = new MeterDesk({ tables, readings, timeZone: this.country.timeZone, owe });
    this.vendorDayTable = new VendorDayTable(sql);
    const days = this.vendorDayTable;
    this.vendorDays = new VendorDayDesk({ tables, days, timeZone: this.country.timeZone, owe });
    this.relays = new RelayDesk({
      tables: this.relayTables,
      isOn: this.country.features.relay,
      newId: (account) => commandId(account, crypto.getRandomValues(new Uint8Array(12))) ?? crypto.randomUUID(),
      owe,
    });
    this.dark = new DarkDesk({
      tables,
      readings,
      relays: this.relayTables,
      meters: this.meters,
      desk: this.relays,
      isCopyStopped: () => outbox().stopped() !== null,
    });
    this.warnings = new WarningDesk(sql, empties, this.effects, this.meters);
    this.credits = new CreditDesk(sql, empties, owe);
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#empties.forget();
    for (const part of this.#parts()) part.forget();
  }

  /** After all storage was deleted. */
  migrate() {
    this.#empties.forget();
    for (const part of this.#parts()) part.migrate();
  }

  /** After a debit, or anything else that may leave less. Returns the meters for which a permit is needed now. */
  afterDebit(facts: AccountFacts, now: number): string[] {
    this.relays.afterDebit(facts, this.meters.availableWh(facts), now);
    this.warnings.look(facts, this.country, now);
    return this.dark.look(facts, now);
  }

  /** After a credit: light, and nothing to warn of any more. */
  afterCredit(facts: AccountFacts, now: number) {
    this.relays.orderAfterCredit(facts, this.meters.availableWh(facts), now);
    this.warnings.look(facts, this.country, now, "credit");
    this.dark.look(facts, now);
  }

  /** Sets the wakes to what is due next. Call inside the transaction that changed something. */
  plan(wakes: WakeTable, now: number) {
    for (const [name, at] of this.dueTimes(now)) {
      if (at === null) wakes.clear(name);
      else wakes.set(name, at);
    }
  }

  /** What is due next, by the tables alone: a fresh memory comes to the same. */
  dueTimes(now: number): [name: (typeof DUE_NAMES)[number], at: number | null][] {
    const relayAt = this.relays.nextTurnAt(now);
    return [
      // A millisecond before the rest: of all that is due at once, power comes first.
      ["relay", relayAt !== null && relayAt <= now ? relayAt - 1 : relayAt],
      ["sms", this.effects.nextAt()],
      ["look", this.dark.nextAt()],
      ["warn", this.warnings.nextAt()],
      ["override", this.relays.nextOverrideEndAt()],
      ["credit", this.credits.nextAt()],
    ];
  }

  #parts() {
    const { tables, relayTables, effects, readings, warnings, vendorDayTable, credits } = this;
    return [tables, relayTables, effects, readings, warnings, vendorDayTable, credits];
  }
}

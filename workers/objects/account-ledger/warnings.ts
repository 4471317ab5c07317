import type { Country } from "../../../src/domain/country.ts";
import { decideWarning, NOT_WARNED, type Warnings } from "../../../src/domain/low-balance.ts";
import { minutesLeft } from "../../../src/domain/supply.ts";
import type { AccountFacts } from "../../../src/ports/accounts.ts";
import { createMissing } from "../create-missing.ts";
import type { Empties } from "./empties.ts";
import type { MeterDesk } from "./meters.ts";
import type { EffectTable } from "./sms.ts";

/** A warning that could not go out for so long says nothing any more. */
const WARNING_TTL_MS = 12 * 3_600_000;

/** Tells the holder that little is left. What was said is remembered beside what is owed. */
export class WarningDesk {
  readonly #sql: SqlStorage;
  readonly #effects: EffectTable;
  readonly #meters: MeterDesk;
  #known: { warnings: Warnings; nextAt: number | null } | null = null;

  readonly #empties: Empties;

  constructor(sql: SqlStorage, empties: Empties, effects: EffectTable, meters: MeterDesk) {
    this.#sql = sql;
    this.#empties = empties;
    empties.watch("warnings", () => {
      this.#known = { warnings: NOT_WARNED, nextAt: null };
    });
    this.#effects = effects;
    this.#meters = meters;
    this.migrate();
  }

  forget() {
    this.#known = null;
  }

  migrate() {
    this.forget();
    createMissing(this.#sql, [
      "CREATE TABLE IF NOT EXISTS warnings (id INTEGER PRIMARY KEY CHECK (id = 1), warnings TEXT NOT NULL, next_at INTEGER) STRICT",
    ]);
  }

  /** After a credit, a debit, or at a sweep. Call inside the transaction. */
  look(facts: AccountFacts, country: Country, now: number, after: "credit" | "debit" = "debit") {
    const { warnings, nextAt } = this.#read();
    const availableWh = this.#meters.availableWh(facts);
    const isMetered = this.#meters.isMetered(facts, now);
    const { status } = facts;
    const { lowBalance, utcOffsetMinutes } = country;
    const known = {
      status,
      isMetered,
      availableWh,
      ...lowBalance,
      utcOffsetMinutes,
      isAfterCredit: after === "credit",
    };
    const decision = decideWarning(warnings, known, now);
    if (decision.nextLookAt !== nextAt || !isSame(decision.warnings, warnings))
      this.#write(decision.warnings, decision.nextLookAt);
    if (!decision.warn) return;
    this.#effects.owe(
      {
        kind: "low_balance",
        key: `low-balance:${facts.account}:${decision.warnings.day}:${decision.warnings.told}`,
        to: facts.holderPhone,
        account: facts.account,
        receipt: null,
        language: facts.language,
        balanceWh: availableWh,
        minutesLeft: minutesLeft(availableWh, this.#meters.rateMw(facts)),
      },
      now,
      WARNING_TTL_MS,
    );
  }

  /** The sweep at which to look again; null: nothing waits to be said. */
  nextAt(): number | null {
    return this.#read().nextAt;
  }

  #read() {
    this.#empties.look();
    this.#known ??= this.#readOnce();
    return this.#known;
  }

  #readOnce() {
    const row = this.#sql
      .exec<{ warnings: string; next_at: number | null }>("SELECT warnings, next_at FROM warnings")
      .toArray()[0];
    return row === undefined
      ? { warnings: NOT_WARNED, nextAt: null }
      : { warnings: JSON.parse(row.warnings) as Warnings, nextAt: row.next_at };
  }

  #write(warnings: Warnings, nextAt: number | null) {
    this.#sql.exec("INSERT OR REPLACE INTO warnings VALUES (1, ?, ?)", JSON.stringify(warnings), nextAt);
    this.#known = { warnings, nextAt };
  }
}

const isSame = (a: Warnings, b: Warnings) => a.isArmed === b.isArmed && a.day === b.day && a.told === b.told;

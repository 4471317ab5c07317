import { DurableObject } from "cloudflare:workers";
import { machineClock } from "../../src/adapters/clock.ts";
import {
  type BudgetGrant,
  type BudgetState,
  budgetView,
  type CallOutcome,
  freshBudget,
  takeFrom,
  tellBudget,
  type VendorCallKind,
} from "../../src/domain/vendor-budget.ts";
import type { Env } from "../env.ts";

const SCHEMA =
  "CREATE TABLE IF NOT EXISTS budget (one INTEGER PRIMARY KEY CHECK (one = 1), state_json TEXT NOT NULL) STRICT";

/**
 * One a vendor's organisation: paces its calls, counts its day and stops calls that keep failing, whichever job or object
 * makes them. It is asked before each request, and keeps what it granted before it answers.
 */
export class VendorBudget extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #clock;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#clock = machineClock(Number(env.CLOCK_OFFSET_MS ?? 0));
    this.#sql.exec(SCHEMA);
  }

  async take(kind: VendorCallKind): Promise<BudgetGrant> {
    const { state, grant } = takeFrom(this.#state(), kind, this.#clock.now());
    if (grant.granted) this.#keep(state);
    return grant;
  }

  async told(kind: VendorCallKind, outcome: CallOutcome, detail: string): Promise<void> {
    this.#keep(tellBudget(this.#state(), kind, outcome, detail, this.#clock.now()));
  }

  async view() {
    return budgetView(this.#state(), this.#clock.now());
  }

  #state(): BudgetState {
    const [row] = this.#sql.exec<{ state_json: string }>("SELECT state_json FROM budget").toArray();
    return row === undefined ? freshBudget(this.#clock.now()) : (JSON.parse(row.state_json) as BudgetState);
  }

  #keep(state: BudgetState) {
    this.#sql.exec(
      "INSERT INTO budget VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET state_json = excluded.state_json",
      JSON.stringify(state),
    );
  }
}

/** PostgreSQL's protocol, spoken to one that runs in this process: texts in, texts out, one call a request, plans kept. */
import { type PGlite, protocol, messages as told } from "@electric-sql/pglite";
import type { NeonQuery } from "../neon-request.ts";

const { serialize, Parser } = protocol;
const { RowDescriptionMessage, DataRowMessage, CommandCompleteMessage, DatabaseError } = told;

/** Statements whose plan is kept. Later ones are planned each time. */
const PREPARED_MAX = 2_000;
/** How often a text is seen before its plan is kept: lists of many lengths come once. */
const PREPARED_FROM = 2;

/** Of a statement that is refused, as much is said. */
const TEXT_CHARS_MAX = 500;
/** As an alarm's handle; whoever clears it clears nothing. */
const NO_ALARM = 0;

export type Field = { name: string; dataTypeID: number };
export type Rows = { fields: Field[]; rows: (string | null)[][]; rowCount: number };
/** As PostgreSQL says it: `code` is its SQLSTATE. */
export type Refused = { message: string; code: string | null; constraint: string | null; detail: string | null };
export type Result = { ok: true; results: Rows[] } | { ok: false; refused: Refused };

export class PostgresWire {
  readonly #db: PGlite;
  readonly #seen = new Map<string, number>();
  readonly #names = new Map<string, string>();
  #count = 0;

  constructor(db: PGlite) {
    this.#db = db;
  }

  /** All in one transaction that `begin` opens, or, where that is null, one statement alone. */
  ask(queries: readonly NeonQuery[], begin: string | null): Result {
    const named: string[] = [];
    const messages: Uint8Array[] = begin === null ? [] : [serialize.query(begin)];
    for (const query of queries) {
      const { name, isNew } = this.#name(query.text);
      if (isNew) named.push(query.text);
      if (isNew) messages.push(serialize.parse({ name, text: query.text }));
      messages.push(
        serialize.bind({ statement: name, values: query.values }),
        serialize.describe({ type: "P" }),
        serialize.execute({}),
      );
    }
    messages.push(serialize.sync());
    const said = this.#say(messages);
    // Whether those were prepared before it was refused is not known: the next time has another name.
    if (!said.ok) for (const text of named) this.#names.delete(text);
    if (begin === null) return said;
    const { ok } = this.#say([serialize.query(said.ok ? "COMMIT" : "ROLLBACK")]);
    if (said.ok && !ok) throw new Error("what was done cannot be committed");
    return said.ok ? { ok: true, results: said.results.slice(1) } : said;
  }

  /** Plans are made anew: what tables hold has changed altogether. */
  forgetPlans() {
    this.run("DISCARD PLANS");
  }

  /** Statements that ask nothing. Throws where they are refused. */
  run(text: string): void {
    const said = this.#say([serialize.query(text)]);
    if (!said.ok) throw new Error(`${said.refused.message}: ${text.slice(0, TEXT_CHARS_MAX)}`);
  }

  #name(text: string): { name: string; isNew: boolean } {
    const known = this.#names.get(text);
    if (known !== undefined) return { name: known, isNew: false };
    const times = (this.#seen.get(text) ?? 0) + 1;
    if (this.#seen.size < PREPARED_MAX * 10) this.#seen.set(text, times);
    if (times < PREPARED_FROM || this.#names.size >= PREPARED_MAX) return { name: "", isNew: true };
    const name = `q${this.#count++}`;
    this.#names.set(text, name);
    return { name, isNew: true };
  }

  #say(messages: readonly Uint8Array[]): Result {
    const length = messages.reduce((sum, message) => sum + message.length, 0);
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const message of messages) {
      bytes.set(message, at);
      at += message.length;
    }
    const results: Rows[] = [];
    let open: Rows = nothing();
    let refused: Refused | null = null;
    // A parser keeps what was not whole; an answer is always whole.
    const answer = withoutAlarms(() => this.#db.execProtocolRawSync(bytes));
    new Parser().parse(Buffer.from(answer), (said) => {
      if (said instanceof RowDescriptionMessage) open.fields = said.fields;
      else if (said instanceof DataRowMessage) open.rows.push(said.fields);
      else if (said instanceof CommandCompleteMessage) {
        results.push({ ...open, rowCount: Number(/\d+$/.exec(said.text)?.[0] ?? 0) });
        open = nothing();
      } else if (said instanceof DatabaseError && refused === null) {
        const { message, code = null, constraint = null, detail = null } = said;
        refused = { message, code, constraint, detail };
      }
    });
    return refused === null ? { ok: true, results } : { ok: false, refused };
  }
}

/**
 * PostgreSQL sets alarms for what takes too long and for what it counts of itself: a real alarm rings when the machine is busy
 * and not when it is idle, and a simulated one is an event of nobody's. Nothing it does here may last, so that none is needed.
 */
function withoutAlarms<T>(work: () => T): T {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (() => NO_ALARM) as unknown as typeof setTimeout;
  try {
    return work();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
}

const nothing = (): Rows => ({ fields: [], rows: [], rowCount: 0 });

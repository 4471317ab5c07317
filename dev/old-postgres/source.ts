import pg from "pg";
import { type PostgresRow, STEP_FLAGS } from "../../src/domain/moving-in/postgres-records.ts";

/** Rows held at a time; a table of millions is never held whole. */
const ROWS_AT_ONCE = 5_000;
const CONNECT_MS_MAX = 10_000;

type Column = {
  name: string;
  /** How it is read; without it, as text. */
  as?: "day" | "instant";
  /** Without it the table cannot be read. */
  needed?: true;
};
const needed = (...names: string[]): Column[] => names.map((name) => ({ name, needed: true }));
const wanted = (...names: string[]): Column[] => names.map((name) => ({ name }));
const days = (...names: string[]): Column[] => names.map((name) => ({ name, as: "day" }));
const instants = (...names: string[]): Column[] => names.map((name) => ({ name, as: "instant" }));

/** What is read of the old system's tables. A table that is not needed may be absent. */
export const OLD_TABLES = {
  customers: [
    ...needed("id", "first_name", "last_name", "community"),
    ...wanted(
      "customer_id_legacy",
      "middle_name",
      "phone",
      "cell_phone_1",
      "cell_phone_2",
      "email",
      "national_id",
      "street_address",
      "city",
      "district",
      "country",
      "plot_number",
      "customer_type",
      "customer_position",
      "gps_lat",
      "gps_lon",
      "gender",
      "notes",
      "created_by",
    ),
    ...wanted(...STEP_FLAGS),
    ...days("date_service_connected", "date_service_terminated", ...STEP_FLAGS.map((flag) => `${flag}_date`)),
    ...instants("created_at"),
  ],
  accounts: [...needed("id", "account_number", "customer_id"), ...days("opened_date")],
  meters: [
    ...needed("id", "meter_id", "account_number"),
    ...wanted("customer_id_legacy", "community", "role", "status", "customer_type", "village_name"),
    ...wanted("latitude", "longitude", "special_notes"),
    ...days("customer_connect_date", "date_installed"),
    ...instants("created_at"),
  ],
  meter_assignments: [...needed("id", "meter_id", "account_number"), ...instants("assigned_at", "removed_at")],
  transactions: [
    ...needed("id", "account_number", "transaction_date", "transaction_amount", "kwh_value", "is_payment", "source"),
    ...wanted("payment_reference", "sms_payer_phone", "payment_category"),
  ],
  system_config: [...needed("key", "value"), ...instants("updated_at")],
  hourly_consumption: needed("account_number", "reading_hour", "kwh", "source"),
  meter_readings: [...needed("meter_id", "reading_time", "wh_reading"), ...wanted("power_kw", "source")],
  monthly_consumption: needed("account_number", "meter_id", "year_month", "kwh", "source"),
  monthly_transactions: needed("account_number", "meter_id", "year_month", "kwh_vended", "amount_lsl", "source"),
} as const satisfies Record<string, readonly Column[]>;
export type OldTableName = keyof typeof OLD_TABLES;
const NEEDED_TABLES: readonly OldTableName[] = ["customers", "accounts", "meters", "transactions"];

/**
 * The old system's database, read and never written: one snapshot of it from the beginning to the end, so that two passes
 * over a table see the same rows while the old system goes on.
 */
export class OldPostgres {
  readonly missingColumns: { table: string; column: string }[] = [];
  readonly missingTables: string[] = [];
  /** Names the database, for a job that goes on after a stop. */
  readonly name: string;
  readonly #client: pg.Client;
  #cursors = 0;
  readonly #columns: ReadonlyMap<string, ReadonlySet<string>>;

  private constructor(client: pg.Client, name: string, columns: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#client = client;
    this.name = name;
    this.#columns = columns;
    for (const [table, of] of Object.entries(OLD_TABLES)) this.#check(table as OldTableName, of);
  }

  static async open(url: string): Promise<OldPostgres> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS_MAX });
    client.on("error", () => undefined);
    await client.connect().catch((thrown: Error) => {
      // The URL holds a password: it is not said.
      throw new Error(`the old database does not answer: ${thrown.message}`);
    });
    try {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      await client.query("SET LOCAL timezone TO 'UTC'; SET LOCAL work_mem TO '64MB'");
      const { rows } = await client.query<{ table_name: string; column_name: string }>(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()",
      );
      const columns = new Map(
        [...Map.groupBy(rows, ({ table_name }) => table_name)].map(([table, of]) => [
          table,
          new Set(of.map(({ column_name }) => column_name)),
        ]),
      );
      const named = await client.query<{ name: string }>("SELECT current_database() AS name");
      return new OldPostgres(client, named.rows[0]?.name ?? "", columns);
    } catch (thrown) {
      await client.end();
      throw thrown;
    }
  }

  close = () => this.#client.end();

  has = (table: OldTableName): boolean => this.#columns.has(table);
  hasColumn = (table: OldTableName, column: string): boolean => this.#columns.get(table)?.has(column) ?? false;

  /** Few rows, at once. */
  async all(sql: string, params: unknown[] = []): Promise<PostgresRow[]> {
    return (await this.#client.query<Record<string, string | null>>(sql, params)).rows;
  }

  /** Many rows, some thousand at a time. */
  async *pages(sql: string, params: unknown[] = []): AsyncGenerator<PostgresRow[]> {
    const cursor = `old_rows_${++this.#cursors}`;
    await this.#client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, params);
    try {
      for (;;) {
        const page = await this.all(`FETCH ${ROWS_AT_ONCE} FROM ${cursor}`);
        if (page.length > 0) yield page;
        if (page.length < ROWS_AT_ONCE) return;
      }
    } finally {
      await this.#client.query(`CLOSE ${cursor}`);
    }
  }

  /** The columns of a table, each as text; one that it does not have is empty. `of` is the table's name in the query. */
  select(table: OldTableName, of: string = table): string {
    return OLD_TABLES[table]
      .map(({ name, ...column }) => {
        if (!this.hasColumn(table, name)) return `NULL::text AS ${name}`;
        const as = "as" in column ? column.as : undefined;
        if (as === "day") return `to_char(${of}.${name}, 'YYYY-MM-DD') AS ${name}`;
        if (as === "instant")
          return `CASE WHEN isfinite(${of}.${name}) THEN floor(extract(epoch FROM ${of}.${name}) * 1000)::text END AS ${name}`;
        return `${of}.${name}::text AS ${name}`;
      })
      .join(", ");
  }

  #check(table: OldTableName, of: readonly Column[]) {
    const has = this.#columns.get(table);
    if (has === undefined) {
      if (NEEDED_TABLES.includes(table))
        throw new Error(`the old database has no table ${table}; it has ${[...this.#columns.keys()].join(", ")}`);
      this.missingTables.push(table);
      return;
    }
    for (const { name, needed: isNeeded } of of) {
      if (has.has(name)) continue;
      if (isNeeded) throw new Error(`${table} has no column ${name}; it has ${[...has].join(", ")}`);
      this.missingColumns.push({ table, column: name });
    }
  }
}

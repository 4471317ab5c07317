import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { expect } from "vitest";
import { restoreBackup } from "../../dev/backup/restore.ts";
import { secretsIn } from "../../dev/database-server.ts";
import { receiptShard } from "../../src/domain/receipt.ts";
import { keepObjects, type ObjectClass, setObjectBack, wipeAllObjects, wipeObject } from "./objects.ts";
import { ask, startWorld, until } from "./world.ts";

const DRAIN_MS_MAX = 90_000;
/** Workers that are built anew on a busy machine. */
const RESTARTED_MS_MAX = 180_000;
const SHARDS = 16;
/** Longer than it takes to copy or drop a database: nobody may be connected to it meanwhile. */
const ASIDE_SECONDS = 60;

export type Heads = {
  differences: { what: string; name: string; day: string | null; because: string }[];
  counts: Record<string, number>;
};
/** A move as operators make it, after its receipt's path. */
type MoveKind = "assign" | "treasury" | "reverse" | "move" | "unblock";

export const shardNameOf = (receipt: string) => `shard-${String(receiptShard(receipt, SHARDS)).padStart(2, "0")}`;

/** A world whose memory can be kept, and put back, on either side. */
export class RestoreWorld {
  readonly #place: { firstPort: number; data: string };
  #world: Awaited<ReturnType<typeof startWorld>> | null = null;

  constructor(place: { firstPort: number; data: string }) {
    this.#place = place;
  }

  async start(reset: boolean) {
    // What a vendor tells while memories are compared would be another difference.
    this.#world = await startWorld({ ...this.#place, reset, vendors: false });
  }

  async stop() {
    await this.#world?.stop();
    this.#world = null;
  }

  /** The Workers end without a word, and are started again. */
  async killWorkers() {
    const signal = AbortSignal.timeout(RESTARTED_MS_MAX);
    const answer = await fetch(`${this.simulators.database}/restart`, { method: "POST", body: "{}", signal });
    expect(answer.status, await answer.text()).toBe(200);
  }

  get ls() {
    return this.#local.countries.LS;
  }

  get portal() {
    return this.#local.portal;
  }

  get simulators() {
    return this.#local.simulators;
  }

  get #local() {
    if (this.#world === null) throw new Error("the world is stopped");
    return this.#world.local;
  }

  get lines() {
    return this.#world?.lines ?? [];
  }

  wipe(className: ObjectClass, name: string) {
    expect(wipeObject(this.#place.data, "ls", className, name), `${className} ${name} had a memory`).toBe(true);
  }

  /** All objects and Postgres as they are now. */
  async keep(label: string) {
    keepObjects(this.#place.data, "ls", label);
    await this.#aside(async (client) => {
      await client.query(`DROP DATABASE IF EXISTS cc_${label} WITH (FORCE)`);
      await client.query(`CREATE DATABASE cc_${label} TEMPLATE cc_ls OWNER cc_owner`);
    });
  }

  /** Only while the world is stopped. */
  setBack(label: string, className: ObjectClass, name: string) {
    expect(setObjectBack(this.#place.data, "ls", label, className, name), `${className} ${name}`).toBe(true);
  }

  async setPostgresBack(label: string) {
    await this.#aside(async (client) => {
      await client.query("DROP DATABASE cc_ls WITH (FORCE)");
      await client.query(`CREATE DATABASE cc_ls TEMPLATE cc_${label} OWNER cc_owner`);
    });
  }

  /** Postgres is lost, and an empty one is filled from a backup. `meanwhile` runs while nobody reaches it. */
  async losePostgres(folder: string, meanwhile: () => Promise<void>) {
    await this.#aside(async (client) => {
      await client.query("DROP DATABASE cc_ls WITH (FORCE)");
      await meanwhile();
      await client.query("CREATE DATABASE cc_ls OWNER cc_owner TEMPLATE template0");
      await client.query("ALTER DATABASE cc_ls SET timezone TO 'UTC'");
      await client.query("GRANT CONNECT ON DATABASE cc_ls TO cc_app");
      const ownerUrl = new URL(this.ls.databaseUrl);
      ownerUrl.port = String(this.#place.firstPort + 10);
      await restoreBackup({ folder, ownerUrl: ownerUrl.href });
    });
  }

  /** Every object of Lesotho forgets all it knew. Only while the world is stopped. */
  wipeAll() {
    wipeAllObjects(this.#place.data, "ls");
  }

  /** Postgres is out of reach of everybody but this. */
  async #aside(work: (client: pg.Client) => Promise<void>) {
    const control = this.#world?.local.simulators.database;
    await ask(`${control}/down`, { json: { seconds: ASIDE_SECONDS } });
    try {
      await this.superuser(async (client) => {
        await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cc_ls'");
        await work(client);
      });
    } finally {
      await ask(`${control}/up`, { json: {} });
    }
  }

  async superuser(work: (client: pg.Client) => Promise<void>, database = "postgres") {
    const { data, firstPort } = this.#place;
    const { superuser } = secretsIn(join(fileURLToPath(new URL("../..", import.meta.url)), data));
    await connected(`postgres://postgres:${superuser}@127.0.0.1:${firstPort + 10}/${database}`, work);
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return connected(this.ls.databaseUrl, async (client) => (await client.query<Row>(text, values)).rows);
  }

  /** An operator's call that must succeed. */
  async operator<T>(path: string, json?: unknown): Promise<T> {
    const { url, opsKey } = this.ls;
    const headers = { "X-Ops-Key": opsKey, "X-Actor": "story" };
    const { status, body } = await ask<T>(`${url}/api/ops${path}`, {
      headers,
      ...(json === undefined ? {} : { json }),
    });
    expect(status, `${path}: ${JSON.stringify(body)}`).toBe(200);
    return body;
  }

  move(receipt: string, kind: MoveKind, body: object) {
    return this.operator(`/receipts/${receipt}/${kind}`, { reason: "the customer called", ...body });
  }

  /** Nothing is on its way to Postgres any more. */
  drained(msMax = DRAIN_MS_MAX) {
    return until(
      "everything drained",
      msMax,
      () => this.operator<{ database: string; depths: Record<string, number> }>("/status"),
      ({ database, depths }) =>
        database === "up" && Object.entries(depths).every(([name, depth]) => depth === 0 || name === "outgoingSms"),
    );
  }

  /** Every object against Postgres, unit by unit, as `npm run heads` does. */
  async heads(since: string | null = null): Promise<Heads> {
    const total: Heads = { differences: [], counts: {} };
    for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
      const page: Heads & { next: string | null } = await this.operator("/heads", { since, cursor });
      total.differences.push(...page.differences);
      for (const [name, count] of Object.entries(page.counts)) total.counts[name] = (total.counts[name] ?? 0) + count;
      cursor = page.next;
    }
    return total;
  }

  /** All that Postgres has of money, SMS and power, in lines that do not say when a row was written. */
  async memory(): Promise<Record<string, string[]>> {
    return connected(this.ls.databaseUrl, async (client) => {
      const tables: Record<string, string[]> = {};
      for (const [name, columns] of Object.entries(TABLES)) {
        const { rows } = await client.query<{ line: string }>(
          `SELECT concat_ws(' ', ${columns}) AS line FROM ${name} ORDER BY 1`,
        );
        tables[name] = rows.map(({ line }) => line);
      }
      return tables;
    });
  }
}

/** Lines that were there once and are not any more, by table; balances change with every payment. */
export function lostOf(once: Record<string, string[]>, now: Record<string, string[]>): Record<string, string[]> {
  const lost = Object.entries(once)
    .filter(([name]) => name !== "account_balances")
    .map(([name, lines]): [string, string[]] => {
      const here = new Set(now[name]);
      return [name, lines.filter((line) => !here.has(line))];
    });
  return Object.fromEntries(lost.filter(([, lines]) => lines.length > 0));
}

async function connected<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const TABLES = {
  payments: "receipt, shard, amount_minor, account_id, holder_kind, paid_at, road, generation, blocked, claimed_at",
  payment_allocations:
    "receipt, generation, share, holder_kind, account_id, amount_minor, because, entry_key, actor, at",
  payment_sightings: "sighting_key, receipt, amount_minor, account_number, verdict, seen_at",
  suspense_cases: "case_key, amount_minor, because, state",
  ledger_entries: "entry_key, posting_id, book, account_id, seq, energy_wh, amount_minor, balance_after_wh, hash",
  account_balances: "account_id, balance_wh",
  // Which of two phones brought an SMS first is not known after both sent it again.
  sms_inbound: "external_id, content_hash, content",
  // The account is the holder at the time of processing, which may have changed since.
  sms_results: "external_id, content_hash, phone_id, receipt",
  sms_outbound: "id, phone_id, content, receipt",
  relay_commands: "id, account_id, meter_id, action",
};

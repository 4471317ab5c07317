import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { MedicPhone } from "../../dev/phones.ts";
import { startDatabaseServer } from "../../dev/postgres.ts";
import { SampleTill } from "../../dev/samples.ts";
import { receiptShard } from "../../src/domain/receipt.ts";
import { wipeObject } from "./objects.ts";
import { ask, startWorld, until } from "./world.ts";

const PORT = 21_787;
const DATA = ".data/story-restore";
const DRAIN_MS_MAX = 60_000;
const SHARDS = 16;

type Heads = { differences: { what: string; name: string; because: string }[]; counts: Record<string, number> };

let world: Awaited<ReturnType<typeof startWorld>> | null = null;
const start = async (reset: boolean) => {
  world = await startWorld({ firstPort: PORT, data: DATA, reset });
};
const stop = async () => {
  await world?.stop();
  world = null;
};

beforeAll(() => start(true));
afterAll(stop);

const country = () => {
  if (world === null) throw new Error("the world is stopped");
  return world.local.countries.LS;
};

describe("memory that is lost, on either side", () => {
  it("comes back from the other: nothing is credited twice, and nothing is missing", async () => {
    const live = country().customers.filter(({ status }) => status === "live");
    const phones = country()
      .phones.slice(0, 2)
      .map(({ medicUrl }) => new MedicPhone({ url: medicUrl }));
    const till = new SampleTill({ operator: "mpesa", seed: 11 });
    const paid: string[] = [];
    const pay = (index: number, account: string | null | undefined) => {
      const { sms, payment } = till.pay({ account: account ?? null, amountMinor: 700 + 100 * index, at: Date.now() });
      paid.push(payment.receipt);
      phones[0]?.store(sms);
      if (index % 3 !== 2) phones[1]?.store(sms);
      return payment.receipt;
    };
    const wakeAll = async () => {
      for (const phone of phones) await phone.wake();
    };
    const pays = (from: number, to: number) => {
      for (let index = from; index < to; index++) pay(index, live[index % 6]?.account);
    };

    pays(0, 10);
    const held = pay(10, null);
    await wakeAll();
    await drained();
    const before = await memory();
    expect(before.payments).toHaveLength(11);
    expect((await heads()).differences, "nothing lost yet").toEqual([]);

    // An account, a shard of receipts, a phone and a till lose all they knew.
    await stop();
    await database(async (client) => {
      await client.query("DROP DATABASE IF EXISTS cc_earlier");
      await client.query("CREATE DATABASE cc_earlier TEMPLATE cc_ls OWNER cc_owner");
    });
    const lost = live[0]?.account ?? "";
    const shard = `shard-${String(receiptShard(paid[0] ?? "", SHARDS)).padStart(2, "0")}`;
    expect(wipeObject(DATA, "ls", "AccountLedger", lost)).toBe(true);
    expect(wipeObject(DATA, "ls", "ReceiptBook", shard)).toBe(true);
    expect(wipeObject(DATA, "ls", "Mailbox", "ls-north-a")).toBe(true);
    expect(wipeObject(DATA, "ls", "Till", "ls-till-north")).toBe(true);
    await start(false);
    for (const phone of phones) for (const sms of phone.incoming) sms.forwarded = false;
    await wakeAll();
    await drained();
    expect(await memory()).toEqual(before);
    expect((await heads()).differences, "all are as they were").toEqual([]);

    // What Postgres will forget: new payments, one of an account that paid before, and money given to an account.
    pays(11, 21);
    await wakeAll();
    const { LS } = { LS: country() };
    const assigned = await ask(`${LS.url}/api/ops/receipts/${held}/assign`, {
      json: { expectedGeneration: 1, account: lost, reason: "the customer called" },
      headers: { "X-Ops-Key": LS.opsKey, "X-Actor": "story" },
    });
    expect(assigned.status).toBe(200);
    await drained();
    const full = await memory();
    expect(full.payments).toHaveLength(21);

    await stop();
    await database(async (client) => {
      await client.query("DROP DATABASE cc_ls");
      await client.query("ALTER DATABASE cc_earlier RENAME TO cc_ls");
    });
    // And of one receipt only the shares: its payment agrees with the shard.
    await database(async (client) => {
      await client.query("SET session_replication_role = replica");
      await client.query("DELETE FROM payment_allocations WHERE receipt = $1", [paid[1]]);
    }, "cc_ls");
    await start(false);
    expect((await memory()).payments, "Postgres is set back").toHaveLength(11);
    const found = await heads();
    expect(new Set(found.differences.map(({ what }) => what))).toEqual(new Set(["account", "shard", "phone"]));
    expect(new Set(found.differences.map(({ because }) => because))).toEqual(new Set(["sent_again"]));
    await drained();
    const again = await heads();
    expect(again.differences).toEqual([]);
    expect(await memory()).toEqual(full);
  });
});

describe("a row that Postgres refuses", () => {
  it("is listed and counted until a person has it tried again", async () => {
    const { url, opsKey, databaseUrl, customers, phones } = country();
    const headers = { "X-Ops-Key": opsKey, "X-Actor": "story" };
    type Refused = { total: number; objects: { object: string; name: string; because: string[]; refused: number }[] };
    const refused = async () => (await ask<Refused>(`${url}/api/ops/copies/refused`, { headers })).body;
    const change = (query: string) => withClient(databaseUrl, (client) => client.query(query).then(() => undefined));
    await change("ALTER TABLE payment_sightings ADD CONSTRAINT story_refuses CHECK (amount_minor <> 4242) NOT VALID");
    const till = new SampleTill({ operator: "mpesa", seed: 12 });
    const account = customers.find(({ status }) => status === "live")?.account ?? "";
    const { sms, payment } = till.pay({ account, amountMinor: 4_242, at: Date.now() });
    const phone = new MedicPhone({ url: phones[0]?.medicUrl ?? "" });
    phone.store(sms);
    await phone.wake();
    const shard = `shard-${String(receiptShard(payment.receipt, SHARDS)).padStart(2, "0")}`;
    const found = await until("a refusal", DRAIN_MS_MAX, refused, ({ total }) => total > 0);
    expect(found).toMatchObject({
      total: 1,
      objects: [{ object: "receipt_book", name: shard, refused: 1, because: ["23514 story_refuses"] }],
    });
    const status = await ask<{ depths: Record<string, number> }>(`${url}/api/ops/status`, { headers });
    expect(status.body.depths.refusedRows).toBe(1);

    const resume = () =>
      ask<Record<string, unknown>>(`${url}/api/ops/copies/resume`, {
        json: { object: "receipt_book", name: shard },
        headers,
      });
    expect(await resume()).toMatchObject({ status: 200, body: { triedAgain: 1, refused: 1, casesClosed: 0 } });
    await change("ALTER TABLE payment_sightings DROP CONSTRAINT story_refuses");
    expect(await resume()).toMatchObject({ status: 200, body: { triedAgain: 1, refused: 0, casesClosed: 1 } });
    expect(await refused()).toMatchObject({ total: 0, objects: [] });
    await drained();
    const { payment_sightings: sightings } = await memory();
    expect(sightings?.filter((line) => line.includes(payment.receipt))).toHaveLength(1);
    const unknown = { json: { object: "till", name: "nobody" }, headers };
    expect(await ask(`${url}/api/ops/copies/resume`, unknown)).toMatchObject({ status: 404 });
  });
});

/** Nothing is on its way to Postgres any more. */
const drained = () =>
  until(
    "everything drained",
    DRAIN_MS_MAX,
    async () => {
      const { url, opsKey } = country();
      const { body } = await ask<{ database: string; depths: Record<string, number> }>(`${url}/api/ops/status`, {
        headers: { "X-Ops-Key": opsKey },
      });
      return body;
    },
    ({ database: is, depths }) =>
      is === "up" && Object.entries(depths).every(([name, depth]) => depth === 0 || name === "outgoingSms"),
  );

/** All that Postgres has of money, SMS and power, in lines that do not say when a row was written. */
async function memory(): Promise<Record<string, string[]>> {
  const client = new pg.Client({ connectionString: country().databaseUrl });
  await client.connect();
  try {
    const tables: Record<string, string[]> = {};
    for (const [name, columns] of Object.entries(TABLES)) {
      const { rows } = await client.query<{ line: string }>(
        `SELECT concat_ws(' ', ${columns}) AS line FROM ${name} ORDER BY 1`,
      );
      tables[name] = rows.map(({ line }) => line);
    }
    return tables;
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

/** The server of the stopped world, alone. */
async function database(work: (client: pg.Client) => Promise<void>, name?: string) {
  const dataDir = join(fileURLToPath(new URL("../..", import.meta.url)), DATA);
  const server = await startDatabaseServer({ dataDir, port: PORT + 10 });
  try {
    const url = new URL(server.superUrl());
    if (name !== undefined) url.pathname = `/${name}`;
    await withClient(url.href, work);
  } finally {
    await server.stop();
  }
}

/** Every object against Postgres, unit by unit, as `npm run heads` does. */
async function heads(): Promise<Heads> {
  const { url, opsKey } = country();
  const total: Heads = { differences: [], counts: {} };
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const { status, body }: { status: number; body: Heads & { next: string | null } } = await ask(
      `${url}/api/ops/heads`,
      { json: { since: null, cursor }, headers: { "X-Ops-Key": opsKey, "X-Actor": "story" } },
    );
    expect(status).toBe(200);
    total.differences.push(...body.differences);
    for (const [name, count] of Object.entries(body.counts)) total.counts[name] = (total.counts[name] ?? 0) + count;
    cursor = body.next;
  }
  return total;
}

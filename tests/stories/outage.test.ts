import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MedicPhone } from "../../dev/phones.ts";
import { SampleTill } from "../../dev/samples.ts";
import { ask, type LocalWorld, sleep, startWorld, until } from "./world.ts";

/** How long the database is gone. */
const OUTAGE_SECONDS = 60;
/** `max_batch_size` of the queue that forwards. */
const FORWARD_BATCH_MAX = 10;
const DRAIN_MS_MAX = 180_000;

type Status = { database: string; depths: Record<string, number> };
type Published = { topic: string; payload: { cmd_id: string; meter_id: string; action: string }; at: number };

let world: Awaited<ReturnType<typeof startWorld>>;
let local: LocalWorld;
let database: pg.Client;

beforeAll(async () => {
  world = await startWorld({ firstPort: 19_787, data: ".data/story" });
  local = world.local;
});
afterAll(async () => {
  await database?.end().catch(() => undefined);
  await world?.stop();
});

const control = (path: string, json: unknown = {}) => ask(`${local.simulators.database}${path}`, { json });
const status = async () => {
  const { LS } = local.countries;
  return (await ask<Status>(`${LS.url}/api/ops/status`, { headers: { "X-Ops-Key": LS.opsKey } })).body;
};

describe("a minute without the database, and the workers killed in it", () => {
  it("stores every SMS once, forwards it, credits each payment once, and lights the paid houses meanwhile", async () => {
    const { LS } = local.countries;
    const live = LS.customers.filter((customer) => customer.status === "live");
    // Those who pay before the outage have light already; only for the others must a command go out in it.
    const [lit, dark] = [live.slice(0, 8), live.slice(8)];
    const [urlA, urlB] = LS.phones.map((phone) => phone.medicUrl);
    if (urlA === undefined || urlB === undefined) throw new Error("the demo world has two phones");
    const phones = [new MedicPhone({ url: urlA }), new MedicPhone({ url: urlB })];
    const till = new SampleTill({ operator: "mpesa", seed: 7 });
    const paid: { receipt: string; account: string; amountMinor: number; duringOutage: boolean }[] = [];
    const texts = new Set<string>();

    /** One payment through the first phone, and, as two handsets hold the merchant's line, most through the second too. */
    const pay = (index: number, duringOutage: boolean) => {
      const paying = duringOutage ? dark : lit;
      const customer = paying[index % paying.length];
      if (customer === undefined) throw new Error("no customer");
      const amountMinor = 500 + 100 * (index % 30);
      const { sms, payment } = till.pay({ account: customer.account, amountMinor, at: Date.now() });
      paid.push({ receipt: payment.receipt, account: customer.account, amountMinor, duringOutage });
      texts.add(sms.content);
      phones[0]?.store(sms);
      if (index % 4 !== 3) phones[1]?.store(sms);
    };
    const wakeAll = () => Promise.all(phones.map((phone) => phone.wake().catch(() => undefined)));

    for (let index = 0; index < 20; index++) pay(index, false);
    await wakeAll();

    const outageBegan = Date.now();
    await control("/down", { seconds: OUTAGE_SECONDS });
    for (let index = 20; index < 40; index++) pay(index, true);
    await wakeAll();
    await control("/restart");
    for (let index = 40; index < 60; index++) pay(index, true);
    // Whatever the phones sent while the workers were gone stays on them, and goes with the next wake.
    await until(
      "phones empty",
      60_000,
      async () => {
        await wakeAll();
        return phones.map((phone) => phone.waiting);
      },
      (left) => left.every((n) => n === 0),
    );
    const commanded = await until(
      "connect commands of the outage",
      50_000,
      async () => {
        const { body } = await ask<Published[]>(`${local.simulators.iot}/published`);
        return body
          .filter(({ at, payload }) => at >= outageBegan && payload.action === "close")
          .map(({ payload }) => payload.meter_id.replace(/^0+/, ""));
      },
      (meters) => dark.every(({ meter }) => meters.includes(meter)),
    );
    expect(Date.now() - outageBegan, "all of it happened while the database was down").toBeLessThan(
      OUTAGE_SECONDS * 1000,
    );
    expect(commanded.length).toBeGreaterThanOrEqual(dark.length);
    expect((await status()).database).toBe("down");

    await sleep(Math.max(0, OUTAGE_SECONDS * 1000 - (Date.now() - outageBegan)));
    // The same SMS once more, from a phone that was reinstalled: nothing may move.
    phones[0]?.replayLog();
    await wakeAll();
    await until(
      "everything drained",
      DRAIN_MS_MAX,
      status,
      ({ database: is, depths }) =>
        is === "up" && Object.values(depths).every((depth) => depth === 0 || depth === depths.outgoingSms),
    );

    database = new pg.Client({ connectionString: LS.databaseUrl });
    await database.connect();
    const rows = async <T extends pg.QueryResultRow>(query: string) => (await database.query<T>(query)).rows;

    const payments = await rows<{ receipt: string; amount_minor: string; account_number: string | null }>(
      "SELECT p.receipt, p.amount_minor, a.account_number FROM payments p LEFT JOIN accounts a ON a.id = p.account_id",
    );
    expect(new Map(payments.map((row) => [row.receipt, `${row.account_number} ${row.amount_minor}`]))).toEqual(
      new Map(paid.map(({ receipt, account, amountMinor }) => [receipt, `${account} ${amountMinor}`])),
    );
    const credits = await rows<{ receipt: string; n: string }>(
      "SELECT receipt, count(*) AS n FROM ledger_entries WHERE book = 'customer_energy' AND kind = 'payment' GROUP BY receipt",
    );
    expect(credits.filter(({ n }) => n !== "1")).toEqual([]);
    expect(credits).toHaveLength(paid.length);

    const sms = await rows<{ content: string; external_id: string }>("SELECT content, external_id FROM sms_inbound");
    const sent = phones.flatMap((phone) => phone.incoming.map(({ id }) => id));
    expect(sms.map((row) => row.external_id).sort()).toEqual(sent.sort());

    const unbalanced = await rows(
      "SELECT posting_id FROM ledger_entries GROUP BY posting_id HAVING sum(energy_wh) <> 0 OR sum(amount_minor) <> 0",
    );
    expect(unbalanced).toEqual([]);
    const drifted = await rows(
      "SELECT b.account_id FROM account_balances b JOIN ledger_entries e ON e.account_id = b.account_id GROUP BY b.account_id, b.balance_wh HAVING sum(e.energy_wh) <> b.balance_wh",
    );
    expect(drifted).toEqual([]);

    // The old endpoint saw every SMS of every phone.
    const { body: forwarded } = await ask<{ method: string; body: string }[]>(`${local.simulators.legacy}/requests`);
    const seen = new Set<string>();
    let repeats = 0;
    for (const { body } of forwarded) {
      const { messages = [] } = JSON.parse(Buffer.from(body, "base64").toString("utf8") || "{}") as {
        messages?: { id: string }[];
      };
      if (messages.some(({ id }) => seen.has(id))) repeats += 1;
      for (const { id } of messages) seen.add(id);
    }
    expect(sent.filter((id) => !seen.has(id))).toEqual([]);
    // Again only where no answer came: that can be no more than the one batch of requests that was under way at the kill.
    expect(repeats).toBeLessThanOrEqual(FORWARD_BATCH_MAX);

    const heads = await compareHeads();
    expect(heads.differences).toEqual([]);
    expect(heads.counts.accounts).toBeGreaterThanOrEqual(live.length);
  });
});

/** Every object against Postgres, page by page, as `npm run heads` does. */
async function compareHeads() {
  const { LS } = local.countries;
  const differences: unknown[] = [];
  const counts: Record<string, number> = {};
  let cursor: string | null = null;
  do {
    const { body }: { body: { counts: Record<string, number>; differences: unknown[]; next: string | null } } =
      await ask(`${LS.url}/api/ops/heads`, {
        json: { since: null, cursor },
        headers: { "X-Ops-Key": LS.opsKey, "X-Actor": "story" },
      });
    differences.push(...body.differences);
    for (const [name, count] of Object.entries(body.counts)) counts[name] = (counts[name] ?? 0) + count;
    cursor = body.next;
  } while (cursor !== null);
  return { differences, counts };
}

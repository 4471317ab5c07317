import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { MedicPhone } from "../../dev/phones.ts";
import { SampleTill } from "../../dev/samples.ts";
import { RestoreWorld, shardNameOf } from "./restore-world.ts";
import { ask, until } from "./world.ts";

const PORT = 21_787;
const DATA = ".data/story-restore";
const DRAIN_MS_MAX = 60_000;
const world = new RestoreWorld({ firstPort: PORT, data: DATA });

beforeAll(() => world.start(true));
afterAll(() => world.stop());

describe("memory that is lost, on either side", () => {
  it("comes back from the other: nothing is credited twice, and nothing is missing", async () => {
    const live = world.ls.customers.filter(({ status }) => status === "live");
    const phones = world.ls.phones.slice(0, 2).map(({ medicUrl }) => new MedicPhone({ url: medicUrl }));
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
    await world.drained();
    const before = await world.memory();
    expect(before.payments).toHaveLength(11);
    expect((await world.heads()).differences, "nothing lost yet").toEqual([]);

    // An account, a shard of receipts, a phone and a till lose all they knew.
    await world.keep("earlier");
    await world.stop();
    const lost = live[0]?.account ?? "";
    world.wipe("AccountLedger", lost);
    world.wipe("ReceiptBook", shardNameOf(paid[0] ?? ""));
    world.wipe("Mailbox", "ls-north-a");
    world.wipe("Till", "ls-till-north");
    await world.start(false);
    for (const phone of phones) for (const sms of phone.incoming) sms.forwarded = false;
    await wakeAll();
    await world.drained();
    expect(await world.memory()).toEqual(before);
    expect((await world.heads()).differences, "all are as they were").toEqual([]);

    // What Postgres will forget: new payments, one of an account that paid before, and money given to an account.
    pays(11, 21);
    await wakeAll();
    await world.move(held, "assign", { expectedGeneration: 1, account: lost });
    await world.drained();
    const full = await world.memory();
    expect(full.payments).toHaveLength(21);

    await world.setPostgresBack("earlier");
    // And of one receipt only the shares: its payment agrees with the shard.
    await world.superuser(async (client) => {
      await client.query("SET session_replication_role = replica");
      await client.query("DELETE FROM payment_allocations WHERE receipt = $1", [paid[1]]);
    }, "cc_ls");
    expect((await world.memory()).payments, "Postgres is set back").toHaveLength(11);
    const found = await world.heads();
    expect(new Set(found.differences.map(({ what }) => what))).toEqual(new Set(["account", "shard", "phone"]));
    expect(new Set(found.differences.map(({ because }) => because))).toEqual(new Set(["sent_again"]));
    await world.drained();
    const again = await world.heads();
    expect(again.differences).toEqual([]);
    expect(await world.memory()).toEqual(full);
  });
});

describe("a row that Postgres refuses", () => {
  it("is listed and counted until a person has it tried again", async () => {
    const { url, opsKey, databaseUrl, customers, phones } = world.ls;
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
    const shard = shardNameOf(payment.receipt);
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
    await world.drained();
    const { payment_sightings: sightings } = await world.memory();
    expect(sightings?.filter((line) => line.includes(payment.receipt))).toHaveLength(1);
    const unknown = { json: { object: "till", name: "nobody" }, headers };
    expect(await ask(`${url}/api/ops/copies/resume`, unknown)).toMatchObject({ status: 404 });
  });
});

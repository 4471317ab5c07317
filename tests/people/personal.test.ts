import { runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { paymentSms } from "../../dev/samples.ts";
import { copyOutboxes } from "../../src/services/copy-outboxes.ts";
import { copyPortsOf, sourceOf } from "../../workers/copy.ts";
import type { CopyMessage, Env, JobMessage } from "../../workers/env.ts";
import { erasePeopleJob } from "../../workers/jobs/erase-people.ts";
import { accountLocator, mailboxOf, receiptBookOf, tillOf } from "../../workers/objects/locate.ts";
import { restoresOf } from "../../workers/objects/restores.ts";
import { databaseOf } from "../../workers/ports.ts";
import { carrierBookOf } from "../../workers/sms-channels.ts";
import { openCountry } from "../workers/country.ts";
import { Browser, country, ops, rows, session } from "./country.ts";

const ACCOUNT = "0847MAK";
const PHONE = "26658101747";
const NAME = "Palesa Ramoeletsi";
/** Each spelling in which a person may be found again. */
const NAMED = /palesa|ramoeletsi|58\s?10\s?17\s?47|5810[ -]1747/i;
const DAY = 24 * 3_600_000;

const asked: JobMessage[] = [];
let late = 0;
const env = (): Env => ({
  ...country,
  CLOCK_OFFSET_MS: String(late),
  JOBS: { send: async (message: JobMessage) => void asked.push(message) } as unknown as Env["JOBS"],
});
let medic = { user: "", token: "" };
let customerId = 0;

beforeAll(async () => {
  await openCountry([]);
  await ops("POST", "/sites", { sites: [{ code: "MAK", name: "Ha Makebe", district: "Berea" }] });
  await ops("POST", "/rates", {
    rates: [{ scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: "2020-01-01T00:00:00Z" }],
  });
  await ops("POST", "/tills", { tillId: "ls-till-person", name: "North", senders: ["MPESA"] });
  // What the till's object asks is answered by the database of this file.
  await runInDurableObject(tillOf(country, "ls-till-person") as never, (till: object) =>
    Object.defineProperty(till, "restores", { value: () => restoresOf(country) }),
  );
  const added = await ops("POST", "/phones", {
    name: "Shop",
    tillId: "ls-till-person",
    channel: "electricity",
    smssyncSecret: null,
  });
  const url = new URL(String(added.body.medicUrl));
  medic = { user: url.username, token: url.password };
  const made = { account: ACCOUNT, name: NAME, phone: PHONE, language: "en", status: "live", aliases: [], meters: [] };
  const { status, body } = await ops("POST", "/accounts", { accounts: [made] });
  if (status >= 300) throw new Error(JSON.stringify(body));
  const [found] = await rows<{ id: number }>(
    `SELECT customer_id AS id FROM accounts WHERE account_number = '${ACCOUNT}'`,
  );
  customerId = found?.id ?? 0;
});

let texts = 0;
/** A payment as the merchant's phone brings it; returns its receipt when it is credited and copied. */
async function pays(name: string, phone: string): Promise<string> {
  const receipt = `QKP${String(++texts).padStart(7, "0")}`;
  const before = await balanceWh();
  const sms = paymentSms("mpesa", {
    account: ACCOUNT,
    amountMinor: 5_000,
    receipt,
    balanceMinor: 100_000 + 5_000 * texts,
    phone,
    name,
    at: Date.now(),
  });
  const at = String(Date.now());
  const message = { id: crypto.randomUUID(), from: sms.from, content: sms.content, sms_sent: at, sms_received: at };
  const headers = { Authorization: `Basic ${btoa(`${medic.user}:${medic.token}`)}` };
  const taken = await new Browser().ask("POST", "/api/sms/incoming", { messages: [message], updates: [] }, { headers });
  expect(taken.status).toBe(200);
  await expect.poll(balanceWh, { timeout: 20_000 }).toBe(before + 10_000);
  await copied(receipt);
  return receipt;
}
const balanceWh = async () => {
  const view = await accountLocator(country, ACCOUNT).view(ACCOUNT);
  return view === null || view === "not_ready" ? -1 : view.balanceWh;
};
async function copied(receipt: string) {
  const [{ name: shard = "" } = {}] = await runInDurableObject(receiptBookOf(country, receipt), (_, state) =>
    state.storage.sql.exec<{ name: string }>("SELECT name FROM book").toArray(),
  );
  const sources: CopyMessage[] = [
    { object: "mailbox", name: medic.user },
    { object: "receipt_book", name: shard },
    { object: "account_ledger", name: ACCOUNT },
  ];
  for (let round = 0; round < 3; round++)
    await copyOutboxes(
      copyPortsOf(country),
      sources.map((source) => sourceOf(country, source)),
    );
}

/** Every row of an object's storage as text, and bytes as what they say. */
const held = (stub: DurableObjectStub) =>
  runInDurableObject(stub as never, (_: unknown, state: DurableObjectState) =>
    state.storage.sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'",
      )
      .toArray()
      .flatMap(({ name }) =>
        state.storage.sql
          .exec(`SELECT * FROM ${name}`)
          .toArray()
          .map(
            (row) =>
              `${name} ${Object.values(row)
                .map((value) => (value instanceof ArrayBuffer ? new TextDecoder().decode(value) : String(value)))
                .join(" ")}`,
          ),
      ),
  );
const objects = async (receipts: string[]) =>
  (
    await Promise.all(
      [
        mailboxOf(country, medic.user),
        accountLocator(country, ACCOUNT),
        ...receipts.map((receipt) => receiptBookOf(country, receipt)),
      ].map((stub) => held(stub as never)),
    )
  ).flat();
const database = async () => {
  const tables = await rows<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND has_table_privilege(oid, 'SELECT')",
  );
  const all = await Promise.all(
    tables.map(({ name }) => rows<{ row: string }>(`SELECT '${name} ' || to_jsonb(t)::text AS row FROM "${name}" t`)),
  );
  return all.flat().map(({ row }) => row);
};
const money = () =>
  rows<{
    md5: string;
  }>(`SELECT md5(concat((SELECT string_agg(to_jsonb(l)::text, '|' ORDER BY id) FROM ledger_entries l),
    (SELECT string_agg((to_jsonb(p) - 'payer_phone')::text, '|' ORDER BY receipt) FROM payments p),
    (SELECT string_agg(to_jsonb(b)::text, '|' ORDER BY account_id) FROM account_balances b)))`);

/** Everything that is asked of the queue, and what that asks for. */
async function worked() {
  for (let done = 0; asked.length > 0 && done < 500; done++) {
    const [message] = asked.splice(0, 1);
    const page = message?.page ?? null;
    // As the queue does: a unit that died is tried again, where it was.
    const next = await erasePeopleJob(env(), page).catch(() => ({ next: page }));
    if (next !== null) asked.push({ job: "erase-people", page: next.next });
  }
}
const by = (over: Record<string, string> = {}) => ({ headers: over, env: env() });

describe("what is kept of a customer", () => {
  it("is given out as JSON and as text, with the payments and the SMS, and stands in the audit", async () => {
    await pays(NAME, PHONE);
    const now = Date.now();
    const bulk = {
      id: "carrier-personal",
      to: `+${PHONE}`,
      content: "by the carrier",
      template: "low_balance",
      language: null,
    };
    await carrierBookOf(country).put(
      { ...bulk, account: null, receipt: null, createdAt: now, expiresAt: now + 60_000 },
      null,
      now,
    );
    const { browser } = await session(["onm_team"]);
    const path = `/api/personal/customers/${customerId}/export`;
    const told = await browser.ask("POST", path, { reason: "asked for by letter" });
    expect(told.status).toBe(200);
    const { customer, lists } = told.body.personal as {
      customer: { name: string };
      lists: Record<string, { isWhole: boolean; rows: { amountMinor?: number; content?: string }[] }>;
    };
    expect(customer).toMatchObject({ name: NAME, phones: [PHONE] });
    expect(lists.payments).toMatchObject({ isWhole: true, rows: [{ amountMinor: 5_000, payerPhone: PHONE }] });
    expect(lists.sms_from_or_about?.rows[0]?.content).toContain(NAME);
    expect(lists.sms_to_by_carrier).toMatchObject({
      isWhole: true,
      rows: [{ content: "by the carrier", parts: 1, state: "queued" }],
    });
    const readable = await browser.ask("POST", path, { format: "text", reason: "asked for by letter" });
    expect(String(readable.body.text)).toContain(`name: ${NAME}\n`);
    expect((await browser.ask("POST", "/api/personal/customers/999999/export", { reason: "x" })).status).toBe(404);
    await copyOutboxes(copyPortsOf(country), [sourceOf(country, { object: "disconnect_gate", name: "gate" })]);
    const acts = await rows<{ reason: string }>(
      `SELECT reason FROM mutations WHERE action = 'personal.export' AND subject = 'customer:${customerId}'`,
    );
    expect(acts).toEqual([{ reason: "asked for by letter" }, { reason: "asked for by letter" }]);
  });
});

describe("a customer who asks to be erased", () => {
  it("is taken out of the database and of the objects by two people, and no figure of money or energy changes", async () => {
    const receipts = [await pays(NAME, PHONE)];
    const before = { money: await money(), balance: await balanceWh() };
    expect((await database()).some((text) => NAMED.test(text))).toBe(true);
    expect((await objects(receipts)).some((text) => NAMED.test(text))).toBe(true);

    const first = await session(["onm_team"]);
    const second = await session(["superadmin"]);
    const order = await first.browser.ask(
      "POST",
      `/api/personal/customers/${customerId}/erasure`,
      { document: "letter 7" },
      by({ "Idempotency-Key": "erase-key-1" }),
    );
    expect(order.status).toBe(202);
    const id = (order.body.erasure as { id: string }).id;
    const again = await first.browser.ask(
      "POST",
      `/api/personal/customers/${customerId}/erasure`,
      { document: "letter 7" },
      by({ "Idempotency-Key": "erase-key-1" }),
    );
    expect(again.body.erasure).toMatchObject({ id, state: "waiting" });
    const alone = await first.browser.ask("POST", `/api/personal/erasures/${id}/approve`, { reason: "seen" }, by());
    expect([alone.status, alone.body.error?.kind]).toEqual([403, "same_person"]);
    expect(asked).toEqual([]);
    const approved = await second.browser.ask("POST", `/api/personal/erasures/${id}/approve`, { reason: "seen" }, by());
    expect([approved.status, approved.body.erasure]).toEqual([200, expect.objectContaining({ state: "approved" })]);
    await worked();

    const named = async () =>
      [...(await database()).filter((text) => !text.startsWith("erasures ")), ...(await objects(receipts))].filter(
        (text) => NAMED.test(text),
      );
    // An SMS that a phone or the carrier owes is sent or ends first.
    expect((await named()).filter((text) => !/^(outgoing|carrier_sms) /.test(text))).toEqual([]);
    expect(await money()).toEqual(before.money);
    expect(await balanceWh()).toBe(before.balance);

    // A day later it has ended and is taken out too; the order is done with the look after that, which finds nothing.
    await runInDurableObject(mailboxOf(country, medic.user) as never, (_: unknown, state: DurableObjectState) =>
      state.storage.sql.exec("UPDATE outgoing SET state = 'expired', copy = NULL"),
    );
    await databaseOf(country).transaction([
      { query: "UPDATE carrier_sms SET state = 'expired' WHERE id = 'carrier-personal'", params: [] },
    ]);
    const state = async () => {
      const { body } = await second.browser.ask("GET", `/api/personal/erasures?customer=${customerId}`);
      return (body.erasures as { state: string }[])[0]?.state;
    };
    for (const [days, then] of [
      [1, "approved"],
      [2, "done"],
    ] as const) {
      late = days * DAY + 1_000;
      asked.push({ job: "erase-people", page: null });
      await worked();
      expect([days, await state()]).toEqual([days, then]);
    }
    late = 0;
    expect(await named()).toEqual([]);
    expect((await database()).filter((text) => NAMED.test(text))).toEqual([]);
    expect(await money()).toEqual(before.money);
  });

  it("still has the account: the next payment is credited", async () => {
    const before = await balanceWh();
    await pays("Somebody Else", "26650000199");
    expect(await balanceWh()).toBe(before + 10_000);
  });

  it("may be left as they are: a refused order changes nothing and is decided once", async () => {
    const { browser } = await session(["onm_team"]);
    const order = await browser.ask(
      "POST",
      `/api/personal/customers/${customerId}/erasure`,
      { document: "letter 8" },
      by({ "Idempotency-Key": "erase-key-2" }),
    );
    const id = (order.body.erasure as { id: string }).id;
    const refused = await browser.ask(
      "POST",
      `/api/personal/erasures/${id}/refuse`,
      { reason: "withdrawn by letter 9" },
      by(),
    );
    expect(refused.body.erasure).toMatchObject({ id, state: "refused" });
    const late = await (await session(["superadmin"])).browser.ask(
      "POST",
      `/api/personal/erasures/${id}/approve`,
      { reason: "x" },
      by(),
    );
    expect([late.status, late.body.error?.kind]).toEqual([409, "decided"]);
    expect(asked).toEqual([]);
  });
});

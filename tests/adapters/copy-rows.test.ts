import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import type { Copies } from "../../src/ports/copies.ts";
import { smsOfRequest } from "../../src/queries/sms-of-request.ts";
import { type FreshDatabase, freshDatabase, setFault } from "./database.ts";
import { allocation, credit, credits, items, NOON, payment, seed, sms, value, withCustomerRow } from "./rows.ts";

type SmsOwed = Extract<OutboxRow, { kind: "sms_inbound" }>;

let database: FreshDatabase;
let copies: Copies;
let first: number;
let second: number;

// Each test starts from an empty ledger of its own database: keys are for ever.
const open = async () => {
  database = await freshDatabase();
  copies = neonCopies(connect(database.appUrl, database.sqlUrl));
  [first, second] = await seed(database.ownerUrl);
};
const close = () => database.drop();
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const clean = { refused: [], conflicts: [] };

describe("an account's postings", () => {
  beforeAll(open);
  afterAll(close);

  it("are recorded once, however often they come and in whatever order, and the balance follows", async () => {
    const batch = items(credits(first, 10));
    const late = batch.slice(5);
    expect(await copies.write(late)).toEqual({ ...clean, recorded: [5, 6, 7, 8, 9] });
    expect(await ask(`SELECT balance_wh || '/' || seq FROM account_balances WHERE account_id = ${first}`)).toBe(
      "40000/10",
    );
    expect(await copies.write(batch)).toEqual({ ...clean, recorded: batch.map(({ id }) => id) });
    expect(await copies.write(batch)).toEqual({ ...clean, recorded: batch.map(({ id }) => id) });
    expect(await ask("SELECT count(*) FROM ledger_entries")).toBe("30");
    expect(await ask(`SELECT balance_wh || '/' || seq FROM account_balances WHERE account_id = ${first}`)).toBe(
      "40000/10",
    );
    expect(await ask(`SELECT sum(energy_wh) FROM ledger_entries WHERE account_id = ${first}`)).toBe("40000");
    expect(await copies.recordedKeys([`receipt:0045MAKR003#1.1`, "receipt:NEVER#1.1"])).toEqual([
      "receipt:0045MAKR003#1.1",
    ]);
  });

  it("leave a stand-in payment, which the ReceiptBook's own row replaces", async () => {
    expect(await ask("SELECT generation FROM payments WHERE receipt = '0045MAKR001'")).toBe("0");
    const own = payment({ receipt: "0045MAKR001", amountMinor: 5_000, account: null, holderKind: "split", version: 4 });
    expect(await copies.write(items([own]))).toEqual({ ...clean, recorded: [0] });
    expect(await ask("SELECT generation || '/' || amount_minor FROM payments WHERE receipt = '0045MAKR001'")).toBe(
      "1/5000",
    );
  });

  it("stop where a sequence is taken by another key; what follows waits, other accounts go on", async () => {
    const [taken] = credits(first, 1);
    if (taken === undefined) throw new Error("one posting expected");
    const other = credit(first, { receipt: "OTHERKEY" });
    const next = credit(first, { receipt: "NEXTKEY", head: { ...other.head, seq: 20 } });
    const neighbour = credit(second, { receipt: "NEIGHBOUR", account: "0046MAK" });
    const written = await copies.write(items([other.row, next.row, neighbour.row]));
    expect(written).toEqual({
      recorded: [2],
      refused: [],
      conflicts: [{ id: 0, account: "0045MAK", receipt: "OTHERKEY", detail: "sequence 1 has another key" }],
    });
    expect(await ask("SELECT count(*) FROM ledger_entries WHERE receipt IN ('OTHERKEY', 'NEXTKEY')")).toBe("0");
    expect(await ask("SELECT count(*) FROM payments WHERE receipt IN ('OTHERKEY', 'NEXTKEY')")).toBe("0");
  });

  it("conflict when a known key comes with other content, and nothing is written over", async () => {
    const [known] = credits(first, 1);
    if (known === undefined) throw new Error("one posting expected");
    const changed = withCustomerRow(known, { hash: "beef" });
    const written = await copies.write(items([changed]));
    expect(written.conflicts).toEqual([
      { id: 0, account: "0045MAK", receipt: "0045MAKR000", detail: "key has other content" },
    ]);
    expect(written.recorded).toEqual([]);
    expect(await ask(`SELECT hash <> 'beef' FROM ledger_entries WHERE account_id = ${first} AND seq = 1`)).toBe("true");
  });

  it("are never skipped: one that the database refuses stops its account, neighbours are recorded", async () => {
    const good = credit(second, {
      receipt: "GOOD1",
      account: "0046MAK",
      head: { seq: 1, balanceWh: 4_000, hash: "aa" },
    });
    const crooked = credit(second, { receipt: "CROOKED", account: "0046MAK", head: good.head });
    const after = credit(second, { receipt: "AFTER", account: "0046MAK", head: crooked.head });
    const tail = credits(first, 10).at(-1);
    if (tail === undefined) throw new Error("a posting expected");
    const written = await copies.write(
      items([good.row, withCustomerRow(crooked.row, { energyWh: 1 }), after.row, tail, sms({ externalId: "m-9" })]),
    );
    expect(written.recorded.sort()).toEqual([0, 3, 4]);
    expect(written.refused).toEqual([]);
    expect(written.conflicts).toEqual([
      { id: 1, account: "0046MAK", receipt: "CROOKED", detail: "refused 23514 ledger_entries_posting_adds_up" },
    ]);
    expect(await ask("SELECT count(*) FROM ledger_entries WHERE receipt IN ('CROOKED', 'AFTER')")).toBe("0");
  });
});

describe("payments and their shares", () => {
  beforeAll(open);
  afterAll(close);

  it("change only by a higher generation and version", async () => {
    const held = payment({ account: null, holderKind: "suspense" });
    const moved = payment({ generation: 2, version: 2 });
    expect(await copies.write(items([held, allocation({ holderKind: "suspense", account: null })]))).toMatchObject(
      clean,
    );
    expect(await copies.write(items([moved, held, allocation({ generation: 2 })]))).toEqual({
      ...clean,
      recorded: [0, 1, 2],
    });
    expect(await copies.write(items([held]))).toEqual({ ...clean, recorded: [0] });
    expect(await ask("SELECT generation || holder_kind FROM payments")).toBe("2account");
  });

  it.each([
    ["another amount", payment({ generation: 3, version: 3, amountMinor: 1 }), "payment has other content"],
    ["another instant", payment({ generation: 3, version: 3, paidAt: NOON + 1 }), "payment has other content"],
    [
      "another holder in the same generation",
      payment({ generation: 2, version: 3, account: "0046MAK" }),
      "payment generation 2 has another holder",
    ],
    ["a share with another holder", allocation({ account: "0046MAK", generation: 2 }), "share 2.1 has another holder"],
    ["a share with another amount", allocation({ amountMinor: 1, generation: 2 }), "share 2.1 has another holder"],
  ])("are a conflict with %s", async (_, row, detail) => {
    const written = await copies.write(items([row]));
    expect(written).toMatchObject({ recorded: [], refused: [], conflicts: [{ id: 0, receipt: "QK7AAA", detail }] });
  });

  it("name an account by its number: one that does not exist is refused for itself", async () => {
    const written = await copies.write(
      items([payment({ receipt: "QK8", account: "9999MAK" }), payment({ receipt: "QK9" })]),
    );
    expect(written).toEqual({
      recorded: [1],
      refused: [{ id: 0, because: "23514 payments_holder_account" }],
      conflicts: [],
    });
  });
});

describe("cases and relay commands", () => {
  beforeAll(open);
  afterAll(close);

  const suspense = (version: number, state: "open" | "closed"): OutboxRow => ({
    kind: "suspense_case",
    caseKey: "receipt:QK7AAA#1.1",
    receipt: "QK7AAA",
    generation: 1,
    share: 1,
    tillId: null,
    amountMinor: 2_000,
    currency: "LSL",
    because: "wrong_token",
    hintAccounts: ["0045MAK"],
    hintNote: "a note with \u0000",
    payerPhone: null,
    text: null,
    state,
    openedAt: NOON,
    closedAt: state === "open" ? null : NOON + 1,
    version,
  });
  const drift = (version: number, state: "open" | "closed"): OutboxRow => ({
    kind: "case",
    caseKey: "drift:1",
    caseKind: "ledger_drift",
    subject: "0045MAK",
    detailsJson: JSON.stringify({ note: "\u0000\ud800" }),
    state,
    openedAt: NOON,
    closedAt: null,
    version,
  });
  const command = (version: number, state: "queued" | "acked", meterNumber = "23099001"): OutboxRow => ({
    kind: "relay_command",
    id: `c-${meterNumber}`,
    account: "0045MAK",
    accountId: first,
    meterNumber,
    seq: 1,
    action: "connect",
    state,
    because: "credit_restored",
    requestedAt: NOON,
    publishedAt: null,
    endedAt: null,
    expiresAt: NOON + 1,
    error: null,
    actor: null,
    reason: null,
    skipped: [],
    version,
  });
  const states = `SELECT concat_ws(' ', s.state, r.state, c.state) FROM suspense_cases s, reconciliation_cases r,
    relay_commands c`;

  it("are as their highest version says, whatever comes first", async () => {
    const early = [suspense(1, "open"), drift(1, "open"), command(1, "queued")];
    const late = [suspense(2, "closed"), drift(2, "closed"), command(2, "acked")];
    expect(await copies.write(items(early))).toMatchObject(clean);
    expect(await ask(states)).toBe("open open queued");
    expect(await copies.write(items([...late, ...early]))).toMatchObject(clean);
    expect(await copies.write(items(early))).toMatchObject({ ...clean, recorded: [0, 1, 2] });
    expect(await ask(states)).toBe("closed closed acked");
  });

  it("are refused for a meter that is not known, and the neighbour is recorded", async () => {
    const written = await copies.write(items([command(1, "queued", "404"), drift(3, "open")]));
    expect(written).toMatchObject({ recorded: [1], refused: [{ id: 0 }], conflicts: [] });
  });
});

describe("SMS", () => {
  beforeAll(open);
  afterAll(close);
  afterEach(() => setFault("none", null));

  it("are isolated when the database refuses one: the neighbours are recorded", async () => {
    const batch = items(
      Array.from({ length: 21 }, (_, n) => sms({ externalId: `m-${n}`, phoneId: n === 13 ? "nobody" : "phone-1" })),
    );
    const written = await copies.write(batch);
    expect(written.refused).toEqual([{ id: 13, because: "23503 sms_inbound_phone_id_gateway_phones_id_fk" }]);
    expect(written.recorded).toHaveLength(20);
  });

  it("keep texts that Postgres cannot hold: replaced in the text, exact beside it", async () => {
    const raw = Buffer.from([0x51, 0x00, 0xff]);
    const odd = sms({ externalId: "odd", content: "Q\u0000\ud800", contentRawBase64: raw.toString("base64") });
    expect(await copies.write(items([odd]))).toEqual({ ...clean, recorded: [0] });
    expect(await ask("SELECT content || encode(content_raw, 'hex') FROM sms_inbound WHERE external_id = 'odd'")).toBe(
      "Q\ufffd\ufffd5100ff",
    );
  });

  it("are one SMS through two phones, with a sighting of the second; without an id they are one a phone", async () => {
    const other = sms({ externalId: "m-1", phoneId: "phone-2", receivedAt: NOON + 60_000 });
    expect(await copies.write(items([other, other]))).toMatchObject(clean);
    expect(await ask("SELECT count(*) FROM sms_inbound WHERE external_id = 'm-1'")).toBe("1");
    expect(await ask("SELECT string_agg(phone_id, ' ') FROM sms_sightings")).toBe("phone-2");
    const nameless = sms({ externalId: null, contentHash: "ee" });
    await copies.write(items([nameless, nameless, sms({ externalId: null, contentHash: "ee", phoneId: "phone-2" })]));
    expect(await ask("SELECT count(*) FROM sms_inbound WHERE content_hash = 'ee'")).toBe("2");
  });

  it("name the request by which each phone brought them; nothing where a release that did not keep it owes the row", async () => {
    const first = { externalId: "asked", contentHash: "a5", requestId: "request-of-first" };
    const later = { ...first, phoneId: "phone-2", requestId: "request-of-second", receivedAt: NOON + 1_000 };
    const { requestId: _, ...old } = sms({ externalId: "of before", contentHash: "0b" }) as SmsOwed;
    await copies.write(items([sms(first), old as OutboxRow]));
    await copies.write(items([sms(later)]));
    const found = await withClient(database.ownerUrl, (client) =>
      client.query(
        "SELECT external_id AS id, request_id AS request FROM sms_inbound WHERE content_hash IN ('a5', '0b') ORDER BY id",
      ),
    );
    expect(found.rows).toEqual([
      { id: "asked", request: "request-of-first" },
      { id: "of before", request: null },
    ]);
    expect(await ask("SELECT request_id FROM sms_sightings WHERE content_hash = 'a5'")).toBe("request-of-second");
    const db = connect(database.appUrl, database.sqlUrl);
    expect(await smsOfRequest(db, "request-of-second")).toMatchObject([{ phoneId: "phone-2", firstBy: "phone-1" }]);
    expect(await smsOfRequest(db, "request-of-nobody")).toEqual([]);
  });

  it.each(["down", "reset-before", "reset-after-commit", "http-500", "http-500-after-commit"] as const)(
    "say nothing when nobody knows (%s), and are written once by the next try",
    async (mode) => {
      const batch = items([sms({ externalId: `fault-${mode}` })]);
      await setFault(mode, 1);
      await expect(copies.write(batch)).rejects.toThrow();
      expect(await copies.write(batch)).toEqual({ ...clean, recorded: [0] });
      expect(await ask(`SELECT count(*) FROM sms_inbound WHERE external_id = 'fault-${mode}'`)).toBe("1");
    },
  );

  it("give an outgoing SMS, its result and its state by the highest version", async () => {
    const out = (version: number, state: "sent" | "delivered") =>
      ({
        kind: "sms_outbound",
        id: "o-1",
        phoneId: "phone-1",
        origin: "ours",
        toPhone: "26650000101",
        content: "Kea leboha",
        template: "payment_receipt",
        account: "0045MAK",
        receipt: "QK7AAA",
        state,
        reason: null,
        createdAt: NOON,
        offeredAt: NOON,
        stateAt: NOON,
        expiresAt: NOON + 1,
        version,
      }) as const;
    const result = (version: number, outcome: string) =>
      ({
        kind: "sms_result",
        externalId: null,
        contentHash: "ee",
        phoneId: "phone-1",
        parserVersion: 1,
        outcome,
        because: null,
        receipt: null,
        account: null,
        parsedJson: '{"note":"\\u0000"}',
        processedAt: NOON,
        version,
      }) as const;
    const batch = items([out(3, "delivered"), out(2, "sent"), result(2, "credited"), result(1, "held")]);
    expect(await copies.write(batch)).toEqual({ ...clean, recorded: [2, 3, 0, 1] });
    expect(await copies.write(items([out(2, "sent"), result(1, "held")]))).toMatchObject(clean);
    expect(await ask("SELECT o.state || r.outcome FROM sms_outbound o, sms_results r")).toBe("deliveredcredited");
  });
});

import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonErasures } from "../../src/adapters/neon/erasures.ts";
import { CHAIN_START, walkChain } from "../../src/domain/audit/chain.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { erasePatterns } from "../../src/domain/personal/patterns.ts";
import { PERSONAL_TABLES } from "../../src/domain/personal/tables.ts";
import { chainRows } from "../../src/queries/audit.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, credits, items, NOON, payment, seed, sms, value } from "./rows.ts";

let database: FreshDatabase;
let account: number;
let customerId: number;
const db = () => connect(database.appUrl, database.sqlUrl);
const all = () => neonErasures(db());
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
let requests = 0;
const PAYER = "26658887766";
/** Money of this payer of which one share waits for an owner. */
const held = (receipt: string, holderKind: "suspense" | "split"): OutboxRow[] => {
  const amountMinor = holderKind === "suspense" ? 2_000 : 500;
  const share = {
    receipt,
    amountMinor,
    holderKind: "suspense" as const,
    account: null,
    because: "wrong_token" as const,
  };
  return [
    payment({ receipt, holderKind, account: null, payerPhone: PAYER }),
    allocation({ ...share, entryKey: `receipt:${receipt}#1.1` }),
    ...(holderKind === "suspense"
      ? []
      : [allocation({ receipt, share: 2, amountMinor: 1_500, entryKey: `receipt:${receipt}#1.2` })]),
    suspenseCase(receipt, amountMinor, "open", 1),
  ];
};
const suspenseCase = (receipt: string, amountMinor: number, state: "open" | "closed", version: number): OutboxRow => ({
  ...{ kind: "suspense_case", caseKey: `receipt:${receipt}#1.1`, receipt, generation: 1, share: 1, tillId: "till-1" },
  ...{ amountMinor, currency: "LSL", because: "wrong_token", hintAccounts: ["0045MAK"], hintNote: "Palesa Ramoeletsi" },
  ...{ payerPhone: PAYER, text: null, state, openedAt: NOON, closedAt: state === "open" ? null : NOON, version },
});
const OF_WAITING = /^(payments|suspense_cases) .*QK7(HELD|SPLIT)/;
const by = (actor: string) => ({ actor, reason: "asked for", at: NOON, requestId: `r${++requests}` });

beforeAll(async () => {
  database = await freshDatabase();
  [account] = await seed(database.ownerUrl);
  await neonCopies(db()).write(items([payment(), allocation(), sms(), ...credits(account, 3)]));
  await neonCopies(db()).write(items([...held("QK7HELD", "suspense"), ...held("QK7SPLIT", "split")]));
  customerId = Number(await ask(`SELECT customer_id FROM accounts WHERE id = ${account}`));
  // A person whose name and phone stand wherever one may stand, in different spellings.
  await withClient(database.ownerUrl, async (client) => {
    await client.query(`UPDATE customers SET name = 'Palesa Ramoeletsi', given_name = 'Palesa', family_name = 'Ramoeletsi',
        phones = '{26658887766}', phones_typed = '{"5888 7766"}', national_id = 'ID-7788', email = 'palesa@example.org', note = 'widow',
        latitude = -29.5, longitude = 27.9 WHERE id = ${customerId}`);
    await client.query(
      `INSERT INTO customers (customer_key, name, phones, note) VALUES ('other', 'Palesa Sello', '{26653334455}', 'aunt of Palesa Ramoeletsi')`,
    );
    await client.query(`INSERT INTO mutations (actor, action, subject, before, after, reason) VALUES
        ('Lineo', 'customer.change', 'customer:${customerId}', '{"name": "P. Ramo", "latitude": -29.5}', '{"name": "Palesa Ramoeletsi", "rooms": 3}', 'told by Palesa'),
        ('Lineo', 'sms.send', 'sms:1', NULL, '{"to": "+266 5888 7766", "amount_minor": 58887766}', 'for ramoeletsi,  PALESA')`);
    await client.query(`INSERT INTO sms_results (content_hash, phone_id, parser_version, outcome, account_id, parsed, processed_at, version)
        SELECT content_hash, phone_id, 1, 'credited', ${account}, '{"payerPhone": "26658887766", "amountMinor": 58887766, "payer": "PALESA RAMOELETSI"}', now(), 1 FROM sms_inbound`);
    await client.query(`INSERT INTO sms_inbound (phone_id, till_id, channel, protocol, external_id, content_hash, sender, content, content_raw, received_at, id_conflict)
        SELECT phone_id, till_id, channel, protocol, 'mine', repeat('9', 64), '+26658887766', 'I am Palesa Ramoeletsi, no light', 'I am Palesa Ramoeletsi, no light'::bytea, now(), false FROM sms_inbound LIMIT 1`);
    await client.query(`INSERT INTO tickets (ticket_key, ticket_class, category, priority, state, account_id, summary, reported_by, phone, opened_at)
        VALUES ('t', 'customer_grievance', 'no-power', 'P2', 'open', ${account}, 'Palesa has no light', 'Palesa', '26658887766', now())`);
    await client.query(`INSERT INTO ticket_events (ticket_id, event_key, kind, actor, details, at)
        SELECT id, 'e', 'comment', 'staff:7', '{"comment": "called 5888-7766\\nPalesa says thanks"}', now() FROM tickets`);
    await client.query(`INSERT INTO care_messages (message_key, way, state, sender, phone, account_id, text, at, received_at)
        VALUES ('w', 'in', 'received', '99@lid', '26658887766', ${account}, 'my child is ill', now(), now())`);
    await client.query(`INSERT INTO sms_outbound (id, phone_id, origin, to_phone, content, account_id, state, created_at, state_at, expires_at, version)
        SELECT 'o', phone_id, 'ours', '26658887766', 'Dear Palesa, M50.00', ${account}, 'sent', now(), now(), now(), 1 FROM sms_inbound LIMIT 1`);
    await client
      .query(`INSERT INTO legacy_transactions (source, source_id, kind, currency, payer_phone, amount_minor, paid_at)
        VALUES ('transactions', '1', 'payment', 'LSL', '58887766', 100, now())`)
      .catch(() => {});
    await client.query(`UPDATE payments SET payer_phone = '${PAYER}'`);
  });
});
afterAll(() => database.drop());

/** Every row of every table as text: what a backup of the database holds. */
const dump = () =>
  withClient(database.ownerUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1",
    );
    const texts: string[] = [];
    for (const { name } of rows) {
      const of = await client.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM "${name}" t`);
      texts.push(...of.rows.map(({ row }) => `${name} ${row}`));
    }
    return texts;
  });
const named = (texts: string[]) =>
  texts.filter((text) =>
    /palesa\W+ramoeletsi|ramoeletsi\W+palesa|ramoeletsi|5888[ -]?7766(?!})|palesa@|ID-7788/i.test(
      text.replace(/"amount(_m|M)inor": 58887766/g, ""),
    ),
  );
/** All that says how much there is, of whom, when. */
const money = () =>
  ask(`SELECT md5(concat((SELECT string_agg(to_jsonb(l)::text, '|' ORDER BY id) FROM ledger_entries l),
    (SELECT string_agg((to_jsonb(p) - 'payer_phone')::text, '|' ORDER BY receipt) FROM payments p),
    (SELECT string_agg(to_jsonb(b)::text, '|' ORDER BY account_id) FROM account_balances b),
    (SELECT string_agg((to_jsonb(s) - 'reason')::text, '|' ORDER BY entry_key) FROM payment_allocations s)))`);
const eraseAll = async (id: string) => {
  let changed = 0;
  for (const table of PERSONAL_TABLES)
    for (let now = await all().eraseFrom(id, table, 2); now > 0; now = await all().eraseFrom(id, table, 2))
      changed += now;
  return changed;
};
const walk = async () => walkChain(CHAIN_START, await chainRows(db(), 0, 1_000)).broken;

describe("an order to erase a person", () => {
  it("waits for a second person, who is no other spelling of the first, and twice is once", async () => {
    for (let twice = 0; twice < 2; twice++)
      expect(await all().order({ id: "e1", customerId, document: "letter 7" }, by("Lineo"))).toMatchObject({
        ok: true,
      });
    expect(await all().order({ id: "e2", customerId, document: "letter 8" }, by("Mpho"))).toMatchObject({
      ok: false,
      error: { kind: "exists" },
    });
    expect(await all().order({ id: "e3", customerId: 999_999, document: "x" }, by("Mpho"))).toMatchObject({
      ok: false,
      error: { kind: "unknown" },
    });
    const onFile = await all().onFile(customerId);
    expect(onFile).toMatchObject({ phones: ["26658887766"], sharedPhones: 0 });
    if (onFile === null) return;
    const patterns = erasePatterns(onFile, "266");
    expect(await all().decide("e1", patterns, by(" lineo"))).toMatchObject({
      ok: false,
      error: { detail: "same person" },
    });
    await expect(all().eraseFrom("e1", "customers", 10)).rejects.toThrow(/no approved erasure/);
    for (let twice = 0; twice < 2; twice++)
      expect(await all().decide("e1", patterns, by("Mpho"))).toMatchObject({ ok: true });
    expect(await all().find("e1")).toMatchObject({ state: "approved", orderedBy: "Lineo", decidedBy: "Mpho" });
    expect((await all().approved(10)).map(({ accounts }) => accounts)).toEqual([["0045MAK"]]);
    expect([await all().work("e1"), await all().work("e2")]).toMatchObject([{ id: "e1", accounts: ["0045MAK"] }, null]);
  });

  it("takes name, phones and words out of every table, and not a cent or a watt-hour", async () => {
    const before = await money();
    expect(named(await dump()).length).toBeGreaterThan(10);
    expect(await eraseAll("e1")).toBeGreaterThan(10);
    const looked = (await dump()).filter((text) => !text.startsWith("erasures "));
    expect(named(looked).filter((text) => !OF_WAITING.test(text))).toEqual([]);
    expect(await money()).toBe(before);
    expect(await ask("SELECT parsed ->> 'amountMinor' FROM sms_results")).toBe("58887766");
    expect(await ask("SELECT text FROM care_messages")).toBe("[erased]");
    expect(await ask("SELECT summary FROM tickets")).toBe("[erased] has no light");
    expect(await ask("SELECT name FROM customers WHERE customer_key = 'other'")).toBe("Palesa Sello");
    expect(await ask("SELECT convert_from(content_raw, 'UTF8') FROM sms_inbound WHERE external_id = 'mine'")).toBe(
      "I am [erased], no light",
    );
  });

  it("leaves the chain of the audit whole, and an edit of an erased row still shows", async () => {
    expect(await walk()).toBeNull();
    expect(Number(await ask("SELECT count(*) FROM mutations WHERE action = 'audit.erase'"))).toBeGreaterThan(0);
    const edit = (reason: string) =>
      withClient(database.ownerUrl, async (client) => {
        await client.query("ALTER TABLE mutations DISABLE TRIGGER append_only");
        await client.query("UPDATE mutations SET reason = $1 WHERE action = 'sms.send'", [reason]);
        await client.query("ALTER TABLE mutations ENABLE TRIGGER append_only");
      });
    await edit("for somebody else");
    expect(await walk()).toMatchObject({ because: "changed" });
    await edit("for [erased]");
    expect(await walk()).toBeNull();
  });

  it("leaves the number of an SMS that the carrier has not taken yet, and takes it out once it is sent or has ended", async () => {
    const put = (id: string, state: string) =>
      ask(`INSERT INTO carrier_sms (id, kind, to_phone, content, parts, language, customer_id, state, tries, created_at, expires_at, next_at, state_at)
        SELECT '${id}', 'payment_receipt', '+${PAYER}', 'M20.00', 1, 'en', ${customerId}, '${state}', 0, now(), now(), now(), now() RETURNING id`);
    await put("owed", "queued");
    await put("sent", "accepted");
    const numbers = () =>
      ask(
        "SELECT string_agg(id || ' ' || (to_phone LIKE '+0%'), ', ' ORDER BY id) FROM carrier_sms WHERE id IN ('owed', 'sent')",
      );
    const before = await all().waiting("e1");
    await all().eraseFrom("e1", "carrier_sms", 100);
    expect(await numbers()).toBe("owed false, sent true");
    await ask("UPDATE carrier_sms SET state = 'expired' WHERE id = 'owed' RETURNING id");
    expect(await all().waiting("e1")).toBe(before - 1);
    await all().eraseFrom("e1", "carrier_sms", 100);
    expect(await numbers()).toBe("owed true, sent true");
  });

  it("leaves who paid money that waits for an owner, also for a share of it, and takes them out once it has one", async () => {
    const waiting = async () => named((await dump()).filter((text) => OF_WAITING.test(text))).length;
    expect([await waiting(), await all().waiting("e1")]).toEqual([4, 4]);
    expect([await all().eraseFrom("e1", "payments", 100), await waiting()]).toEqual([0, 4]);
    const moved = { generation: 2, version: 2, holderKind: "account" as const, payerPhone: PAYER };
    await neonCopies(db()).write(
      items(
        ["QK7HELD", "QK7SPLIT"].flatMap((receipt) => [
          payment({ receipt, ...moved }),
          allocation({ receipt, generation: 2, entryKey: `receipt:${receipt}#2.1` }),
          suspenseCase(receipt, receipt === "QK7HELD" ? 2_000 : 500, "closed", 2),
        ]),
      ),
    );
    expect([await all().waiting("e1"), await eraseAll("e1")]).toEqual([0, 4]);
    expect([await waiting(), await all().waiting("e1")]).toEqual([0, 0]);
    await expect(all().waiting("e2")).rejects.toThrow(/no approved erasure/);
  });

  it("a second time finds nothing, and at the end what was looked for is forgotten", async () => {
    expect(await eraseAll("e1")).toBe(0);
    await all().passed("e1", 12, NOON, false);
    await all().passed("e1", 0, NOON + 1, true);
    await all().passed("e1", 5, NOON + 2, true);
    expect(await all().find("e1")).toMatchObject({ state: "done", rowsChanged: 12, doneAt: NOON + 1 });
    expect(await ask("SELECT looks_for FROM erasures WHERE id = 'e1'")).toBeNull();
    await expect(all().eraseFrom("e1", "customers", 10)).rejects.toThrow(/no approved erasure/);
  });
});

describe("what is append-only", () => {
  it("cannot be changed under the name of an erasure but in its personal columns", async () => {
    const trying = (change: string) =>
      withClient(database.ownerUrl, async (client) => {
        await client.query("SELECT set_config('cc.erasing', 'on', false)");
        return client.query(change).then(
          () => "done",
          (error: { code?: string }) => error.code,
        );
      });
    expect(await trying("UPDATE ledger_entries SET amount_minor = amount_minor + 1")).toBe("23001");
    expect(await trying("UPDATE ledger_entries SET reason = 'x'")).toBe("23001");
    expect(await trying("UPDATE payment_allocations SET amount_minor = 1")).toBe("23001");
    expect(await trying("UPDATE mutations SET actor = 'x'")).toBe("23001");
    expect(await trying("DELETE FROM sms_inbound")).toBe("23001");
  });

  it("that waits for an owner of its money keeps no newer one waiting: the one looked for longest ago comes first", async () => {
    const made = async (id: string, name: string) => {
      const customer = Number(
        await ask(`INSERT INTO customers (customer_key, name) VALUES ('${id}', '${name}') RETURNING id`),
      );
      await all().order({ id, customerId: customer, document: "letter" }, by("Lineo"));
      await all().decide(id, erasePatterns({ names: [name], phones: [], codes: [] }, "266"), by("Mpho"));
    };
    await made("e5", "Thabo Sampleson");
    await made("e6", "Lineo Sampleson");
    const first = async () => (await all().approved(1)).map(({ id }) => id);
    expect(await first()).toEqual(["e5"]);
    await all().passed("e5", 0, NOON, false);
    expect(await first()).toEqual(["e6"]);
    await all().passed("e6", 0, NOON + 1, false);
    expect(await first()).toEqual(["e5"]);
  });
});

/** Names of columns of text that hold codes, keys, hashes, units or what people here are called: in no table do they name a customer. */
const IMPERSONAL = new Set(
  `account_number act act_key action actor alias assigned_to batch_key because book cancel_reason cancelled_by case_key
  case_kind category causes changed_by channel code code_hash columns committed_by content_hash country counts created_by
  currency cursor customer_key customer_type decided_by definitions department departments details district employee_id
  endpoint_id energy_wh entry_key error event_key external_id file_sha256 format funder handled_by hash hint_accounts
  holder_kind home home_subject id invitation_hash issued_by job jti key key_hash kind kinds language last_error
  lease_owner linked_receipt memo message_id message_key meter_number meter_serial mode name object_key om_id om_status
  opening_key ordered_by origin origin_id outcome part password_hash payment_key period phone_id posting_id prev_hash
  priority programme_code proposed_by protocol provider providers quarantine queue reason receipt recovery_hashes report
  reported_as request_id request_sha256 result road role roles rule rule_about sales sameness_sha256 scope scopes
  sealed_secrets senders serial service_phase sha256 sheet shown_as sighting_key site site_code site_codes site_name
  skipped sms_id smssync_secret_hash source source_id sources state status step subject subject_kind template text thing
  ticket_class ticket_key till_id token_hash token_hashes totp_pending totp_secret type undone_by unit uploaded_by url
  user_agent value vendor vendor_id vendor_site_id verdict verified_by was_status watermark audience came_from campaign_key contract_key contract_sha256 contract_type moved_to sms_kind started_by stopped_by texts title way weight_key what writer sent_as platform`.split(
    /\s+/,
  ),
);

describe("the list of what is personal", () => {
  const columns = (of: string) => ask(of).then((text) => String(text).split(" "));
  it("has the same tables in the code as in the database", async () => {
    expect(await columns("SELECT string_agg(DISTINCT tbl, ' ' ORDER BY tbl) FROM cc_personal()")).toEqual(
      PERSONAL_TABLES.toSorted(),
    );
  });

  it("is the table of docs/personal-data.md, column by column", async () => {
    const document = await readFile(new URL("../../docs/personal-data.md", import.meta.url), "utf8");
    const named = [...document.matchAll(/^\| `([a-z_]+)` \| ([^|]*) \|/gm)].flatMap(([, table, cells = ""]) =>
      [...cells.matchAll(/`(\w+)`/g)].map(([, column]) => `${table}.${column}`),
    );
    expect(named.toSorted()).toEqual(
      (await columns("SELECT string_agg(tbl || '.' || col, ' ') FROM cc_personal()")).toSorted(),
    );
  });

  it("has every column of text judged: it may name a customer, or it does not", async () => {
    const all =
      await columns(`SELECT string_agg(c.table_name || '.' || c.column_name, ' ' ORDER BY 1) FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type IN ('text', 'jsonb', 'bytea', 'ARRAY')
        AND c.table_name !~ '_y[0-9]{4}$' AND NOT EXISTS (SELECT FROM cc_personal() p WHERE (p.tbl, p.col) = (c.table_name, c.column_name))`);
    expect(all.filter((each) => !IMPERSONAL.has(each.split(".")[1] ?? "") && !KEPT.has(each))).toEqual([]);
  });
});

/** What names a person and stays, or goes with the row of the customer. docs/personal-data.md says why. */
const KEPT = new Set(
  `customers.name customers.given_name customers.family_name customers.phones customers.phones_typed customers.email customers.national_id
  customers.gender customers.plot_number customers.street customers.place customers.district customers.search_text customers.sort_name
  contracts.terms ledger_entries.reason staff.name staff.email hr_people.email erasures.looks_for sms_opt_outs.phone`.split(
    /\s+/,
  ),
);

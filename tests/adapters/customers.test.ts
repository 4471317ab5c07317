import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { CUSTOMER_TYPES, OPEN_CUSTOMER_TYPES } from "../../src/domain/customer-type.ts";
import { compactText, plainText } from "../../src/domain/person-name.ts";
import type { Registered } from "../../src/ports/registry.ts";
import { accountOfKey, customerCard, customerOfAccount } from "../../src/queries/customers.ts";
import {
  accountOf,
  ask,
  by,
  close,
  customers,
  DAY,
  db,
  done,
  fields,
  open,
  opening,
  registered,
  registration,
} from "./customers-world.ts";
import { NOON } from "./rows.ts";

/** Each waits for all before it, no longer than a statement may take: more at once would wait in vain on a busy machine. */
const AT_ONCE = 8;

beforeAll(open);
afterAll(close);

describe("a registration", () => {
  it("makes the customer with an account under the site's next number, and both are read back", async () => {
    const card = await registered();
    expect(card).toEqual({
      ...fields(),
      customerId: expect.any(Number),
      version: expect.any(Number),
      source: "portal",
      createdAt: NOON,
      accounts: [
        {
          account: "0001MAK",
          site: "MAK",
          status: "live",
          openedAt: NOON,
          terminatedAt: null,
          meters: [],
          wallet: null,
        },
      ],
    });
    expect(await customerCard(db, card.customerId)).toEqual(card);
    expect(await customerOfAccount(db, "0001MAK")).toEqual(card);
    expect(
      await ask(
        "SELECT string_agg(actor || ' ' || action || ' ' || subject, ', ' ORDER BY id DESC) FROM mutations WHERE action LIKE '%create'",
      ),
    ).toBe(`Lineo account.create account:0001MAK, Lineo customer.create customer:${card.customerId}`);
    expect(await neonRestores(db, COUNTRIES.LS).accountFacts("0001MAK")).toMatchObject({
      status: "live",
      holderPhone: "26650000101",
      language: "st",
    });
  });

  it("sent twice, also at the same time, registers one customer under one number", async () => {
    const wanted = registration({ account: opening({ site: "SHG" }) });
    for (const answer of await Promise.all([1, 2, 3].map(() => customers.register(wanted, by)))) done(answer);
    expect(await ask("SELECT count(*) FROM accounts WHERE site_code = 'SHG'")).toBe("1");
    expect(await ask(`SELECT count(*) FROM mutations WHERE subject = 'account:0001SHG'`)).toBe("1");
    const other = await customers.register({ ...wanted, fields: fields({ name: "Somebody else" }) }, by);
    expect(other).toMatchObject({ ok: false, error: { kind: "exists", detail: expect.stringContaining("this key") } });
  });

  it("takes a free number that somebody chose, refuses one in use, and one that would use up the site's numbers", async () => {
    const card = await registered({ account: opening({ account: "0007SHG", openedAt: NOON - DAY }) });
    expect(card.accounts).toMatchObject([{ account: "0007SHG", openedAt: NOON - DAY }]);
    expect(await customers.register(registration({ account: opening({ account: "0007SHG" }) }), by)).toEqual({
      ok: false,
      error: { kind: "exists", detail: "account 0007SHG" },
    });
    expect(await customers.register(registration({ account: opening({ account: "9999SHG" }) }), by)).toEqual({
      ok: false,
      error: { kind: "refused", detail: "9999SHG is far above the highest number of SHG, 7" },
    });
    // Nothing of the refused ones is there, and the next number steps over the chosen one.
    expect(accountOf(await registered({ account: opening({ site: "SHG" }) }))).toBe("0008SHG");
    expect(
      await ask(
        "SELECT count(*) FROM customers c WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.customer_id = c.id)",
      ),
    ).toBe("0");
  });

  it("may come without an account, and a customer may open several", async () => {
    const card = await registered({ account: null });
    expect(card.accounts).toEqual([]);
    for (const [key, site] of [
      ["opening:1", "MAK"],
      ["opening:2", "SHG"],
      ["opening:1", "MAK"],
    ] as const)
      done(await customers.openAccount(key, card.customerId, opening({ site }), by));
    const first = await accountOfKey(db, "opening:1");
    expect((await customerCard(db, card.customerId))?.accounts.map(({ account }) => account)).toEqual(
      [first, await accountOfKey(db, "opening:2")].toSorted(),
    );
    expect(await customers.openAccount("opening:1", card.customerId, opening({ site: "SHG" }), by)).toMatchObject({
      ok: false,
      error: { kind: "exists", detail: `this key opened ${first}` },
    });
    expect(await customers.openAccount("opening:3", 999_999, opening(), by)).toEqual({
      ok: false,
      error: { kind: "unknown", detail: "customer 999999" },
    });
  });

  it("gives 200 who register at once 200 numbers without a twin or a gap, though every tenth fails", async () => {
    const people = Array.from({ length: 220 }, (_, n) => n).values();
    const answers: Registered[] = [];
    const oneAfterAnother = async () => {
      for (const n of people)
        answers.push(
          await customers.register(
            registration({
              account: opening({ site: "LEB" }),
              // Its account comes after the customer in the same transaction, so a number was not yet given; or it was.
              fields: fields(n % 11 === 10 ? { customerType: "NONE" } : {}),
            }),
            by,
          ),
        );
    };
    await Promise.all(Array.from({ length: AT_ONCE }, oneAfterAnother));
    expect(answers.filter(({ ok }) => ok).length).toBe(200);
    expect(
      await ask(
        "SELECT count(DISTINCT account_number) || ' ' || min(account_number) || ' ' || max(account_number) FROM accounts WHERE site_code = 'LEB'",
      ),
    ).toBe("200 0001LEB 0200LEB");
  });

  it("leaves no gap either when its transaction fails after the number was given", async () => {
    const wrong = registration({ account: opening({ site: "LEB", status: "asleep" as never }) });
    expect(await customers.register(wrong, by)).toMatchObject({ error: { detail: "23514 accounts_status" } });
    expect(accountOf(await registered({ account: opening({ site: "LEB" }) }))).toBe("0201LEB");
  });

  it.each([
    ["a site that is not there", { account: opening({ site: "XXX" }) }, "unknown", "site XXX"],
    ["somebody of a site that is not there", { fields: fields({ site: "TOS" }) }, "unknown", "site TOS"],
    ["a type that there is not", { fields: fields({ customerType: "CASTLE" }) }, "unknown", "customers_customer_type"],
    ["half a place on the map", { fields: fields({ longitude: null }) }, "refused", "customers_place_whole"],
    ["more spellings than phones", { fields: fields({ phonesTyped: ["a", "b"] }) }, "refused", "customers_typed"],
  ])("is refused whole for %s", async (_, over, kind, detail) => {
    const before = await ask("SELECT count(*) FROM customers");
    expect(await customers.register(registration(over), by)).toMatchObject({
      ok: false,
      error: { kind, detail: expect.stringContaining(detail) },
    });
    expect(await ask("SELECT count(*) FROM customers")).toBe(before);
  });

  it("is refused for a number of the old system that another customer has", async () => {
    const card = await registered({ fields: fields({ legacyId: 6_730 }) });
    expect(await customers.register(registration({ fields: fields({ legacyId: 6_730 }) }), by)).toEqual({
      ok: false,
      error: { kind: "exists", detail: `legacy id 6730, customer ${card.customerId}` },
    });
  });
});

describe("an update", () => {
  it("changes what is named of the version that was read, once, and every account of the customer is told", async () => {
    const card = await registered();
    const facts = () => neonRestores(db, COUNTRIES.LS).accountFacts(accountOf(card));
    const wanted = { phones: ["26650000102"], phonesTyped: ["50000102"], note: "moved", gender: null };
    const changed = await customers.update(card.customerId, card.version, wanted, by);
    const version = changed.ok ? changed.value.version : 0;
    expect(await customerCard(db, card.customerId)).toEqual({ ...card, ...wanted, version });
    expect(await facts()).toMatchObject({ version, holderPhone: "26650000102" });
    // The answer was lost, and the same is sent again: nothing changes, though the version is an older one.
    done((await customers.update(card.customerId, card.version, wanted, by)) as Registered);
    expect((await customerCard(db, card.customerId))?.version).toBe(version);
    expect(
      await ask(`SELECT string_agg((before->>'note') IS NULL || ' ' || (after->>'note') || ' ' || reason, ';')
        FROM mutations WHERE subject = 'customer:${card.customerId}' AND action = 'customer.change'`),
    ).toBe("true moved a test");
  });

  it("of an older version is refused with the present one, and of two at once one wins", async () => {
    const card = await registered();
    const answers = await Promise.all(
      ["one", "two"].map((note) => customers.update(card.customerId, card.version, { note }, by)),
    );
    const present = await customerCard(db, card.customerId);
    expect(answers.filter(({ ok }) => ok).length).toBe(1);
    expect(answers.find(({ ok }) => !ok)).toEqual({ ok: false, error: { kind: "stale", version: present?.version } });
  });

  it("is unknown of nobody, and refused for another's legacy id", async () => {
    expect(await customers.update(999_999, 1, { note: "x" }, by)).toEqual({
      ok: false,
      error: { kind: "unknown", detail: "customer 999999" },
    });
    const card = await registered();
    expect(await customers.update(card.customerId, card.version, { site: "TOS" }, by)).toEqual({
      ok: false,
      error: { kind: "unknown", detail: "site TOS" },
    });
    expect(await customers.update(card.customerId, card.version, { legacyId: 6_730 }, by)).toMatchObject({
      error: { kind: "exists", detail: expect.stringContaining("legacy id 6730") },
    });
  });
});

describe("words of a search", () => {
  it("are the same here and in the database, whatever was typed", async () => {
    const typed = fc
      .sample(
        fc.oneof(
          fc.string({ unit: "grapheme", maxLength: 40 }),
          fc.string({ unit: fc.constantFrom(..."aÉèñœÆƆɛƉ'’ -._ØßİıſK0９ÅŁ"), maxLength: 30 }),
        ),
        { numRuns: 2_000, seed: 6 },
      )
      .filter((text) => !text.includes("\u0000") && text.isWellFormed());
    const rows = await db.read<{ typed: string; plain: string; compact: string }>(
      `SELECT typed, cc_plain(typed) AS plain, cc_compact(typed) AS compact FROM jsonb_array_elements_text($1::jsonb) AS typed`,
      [JSON.stringify(typed)],
    );
    expect(rows.length).toBe(typed.length);
    for (const row of rows) {
      expect([row.typed, row.plain]).toEqual([row.typed, plainText(row.typed)]);
      expect([row.typed, row.compact]).toEqual([row.typed, compactText(row.typed)]);
    }
  });
});

it("the types of customers are the same here and in the database", async () => {
  const rows = await db.read<{ code: string; open: boolean }>('SELECT code, is_open AS "open" FROM customer_types');
  expect(rows.map(({ code }) => code).toSorted()).toEqual(CUSTOMER_TYPES.toSorted());
  expect(
    rows
      .filter(({ open }) => open)
      .map(({ code }) => code)
      .toSorted(),
  ).toEqual(OPEN_CUSTOMER_TYPES.toSorted());
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonLookups } from "../../src/adapters/neon/lookups.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { neonMailboxRestores } from "../../src/adapters/neon/restore-mailboxes.ts";
import { neonTillRestores } from "../../src/adapters/neon/restore-tills.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { buildPosting, consumptionKey, consumptionLines, GENESIS } from "../../src/domain/posting.ts";
import type { MeterRole } from "../../src/domain/reading.ts";
import type { AccountRegistration, Registry, TillRegistration } from "../../src/ports/registry.ts";
import type { Restores } from "../../src/ports/restores.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { reading, readings } from "./reading-rows.ts";
import { items, NOON, value } from "./rows.ts";

const by = { actor: "ops:test", reason: "a test", at: NOON };
const till: TillRegistration = {
  tillId: "till-1",
  name: "North",
  currency: "LSL",
  providers: ["mpesa"],
  senders: ["MPESA"],
  caps: { paymentMinorMax: 1, accountDayMinorMax: 2, tillDayMinorMax: 3, chainBreakMinorMax: 4 },
};
const phone = {
  phoneId: "phone-1",
  name: "One",
  tillId: "till-1",
  channel: "electricity",
  tokenHash: "h1",
  smssyncSecretHash: null,
} as const;

const account = (over: Partial<AccountRegistration> = {}): AccountRegistration => ({
  account: "0045MAK",
  site: "MAK",
  status: "live",
  customer: { key: "c1", name: "Test One", phones: ["26650000101"], language: null },
  meters: [
    { meterNumber: "23099001", thing: "t-1", role: "primary", from: NOON, to: null, baseRegisterWh: 5, ratingW: null },
  ],
  aliases: [{ alias: "315103084", from: NOON, to: NOON + 1_000 }],
  rates: [],
  ...over,
});

let database: FreshDatabase;
let db: ReturnType<typeof connect>;
let registry: Registry;
let restores: Restores;
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const versionOf = async (work: ReturnType<Registry["putTill"]>) => {
  const answer = await work;
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value.version;
};

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  registry = neonRegistry(db);
  restores = neonRestores(db, COUNTRIES.LS);
  await versionOf(registry.upsertSites([{ code: "MAK", name: "Ha Makebe", district: "Berea" }], by));
});
afterAll(() => database.drop());

describe("accounts", () => {
  it("are registered with customer, meters, aliases and rates, and read back as their object needs them", async () => {
    const version = await versionOf(registry.upsertAccounts([account()], by));
    const tariff = await versionOf(
      registry.putTariff({ scope: "global", rateE4PerKwh: 50_000, validFrom: NOON - 1 }, by),
    );
    expect(tariff).toBeGreaterThan(version);
    expect(await restores.accountFacts("0045MAK")).toEqual({
      accountId: expect.any(Number),
      account: "0045MAK",
      status: "live",
      currency: "LSL",
      language: "st",
      holderPhone: "26650000101",
      phones: ["26650000101"],
      rates: [
        { tariffId: expect.any(Number), scope: "global", rateE4PerKwh: 50_000, validFrom: NOON - 1, ends: false },
      ],
      meters: [
        {
          meterNumber: "23099001",
          thing: "t-1",
          role: "primary",
          from: NOON,
          to: null,
          baseRegisterWh: 5,
          finalRegisterWh: null,
          ratingW: null,
        },
      ],
      siteVendor: null,
      commissioned: false,
      terms: [],
      billFrom: null,
      version: tariff,
    });
    expect(await restores.accountFacts("0046MAK")).toBeNull();
  });

  it("change nothing when registered again, and leave no second audit row", async () => {
    const before = await ask("SELECT count(*) FROM mutations");
    await versionOf(registry.upsertAccounts([account(), account()], by));
    expect(await ask("SELECT count(*) FROM mutations")).toBe(before);
  });

  it("carry before and after of a change, and a new version for every account of the customer", async () => {
    await versionOf(registry.upsertAccounts([account({ account: "0046MAK", meters: [], aliases: [] })], by));
    const moved = account({ customer: { key: "c1", name: "Test One", phones: ["26650000199"], language: "en" } });
    const version = await versionOf(registry.upsertAccounts([moved], by));
    expect(await restores.accountFacts("0046MAK")).toMatchObject({
      version,
      holderPhone: "26650000199",
      language: "en",
    });
    expect(
      await ask(`SELECT (before->'customer'->'phones'->>0) || (after->'customer'->'phones'->>0) FROM mutations
        WHERE subject = 'account:0045MAK' ORDER BY id DESC LIMIT 1`),
    ).toBe("2665000010126650000199");
  });

  it("move a meter by ending one placement and beginning another; two at once are refused, and nothing of it stays", async () => {
    const taken = account({ account: "0046MAK", aliases: [] });
    const refused = await registry.upsertAccounts([account({ account: "0047MAK", meters: [] }), taken], by);
    expect(refused).toEqual({ ok: false, error: { kind: "refused", detail: "23P01 meter_placements_no_overlap" } });
    expect(await restores.accountFacts("0047MAK")).toBeNull();
    const meter = {
      meterNumber: "23099001",
      thing: "t-1",
      role: "primary",
      baseRegisterWh: null,
      ratingW: null,
    } as const;
    await versionOf(
      registry.upsertAccounts(
        [
          account({ account: "0046MAK", meters: [{ ...meter, from: NOON + 500, to: null }], aliases: [] }),
          account({ meters: [{ ...meter, from: NOON, to: NOON + 500 }] }),
        ],
        by,
      ),
    );
    const rows = await restores.directoryRows();
    expect(rows === "down" ? rows : rows.placements.map(({ version: _, ...row }) => row)).toEqual([
      { meterNumber: "23099001", account: "0045MAK", from: NOON, to: NOON + 500 },
      { meterNumber: "23099001", account: "0046MAK", from: NOON + 500, to: null },
    ]);
  });

  it.each([
    ["a number of another site", account({ account: "0001SHG" }), "23514 accounts_number_of_site"],
    ["a number without its zeros", account({ account: "45MAK" }), "23514 accounts_number_shape"],
    [
      "a meter with leading zeros",
      { ...account(), meters: [{ ...account().meters[0], meterNumber: "007" }] },
      "23514 meters_no_leading_zeros",
    ],
  ])("refuse %s", async (_, row, detail) => {
    // The third row is deliberately not complete for the compiler.
    const answer = await registry.upsertAccounts([row as AccountRegistration], by);
    expect(answer).toEqual({ ok: false, error: { kind: "refused", detail } });
  });

  it("are found by the last 8 digits of any registered phone, and by alias on its dates", async () => {
    const lookups = neonLookups(connect(database.appUrl));
    expect(await lookups.accountsByPhone("50000101")).toEqual([
      { account: "0045MAK", status: "live" },
      { account: "0046MAK", status: "live" },
    ]);
    expect(await lookups.accountsByPhone("26659999999")).toEqual([]);
    expect(await lookups.accountByAlias("315103084", NOON)).toBe("0045MAK");
    expect(await lookups.accountByAlias("315103084", NOON + 1_000)).toBeNull();
  });
});

describe("account numbers", () => {
  it("are given once to 200 who ask at once, and step over numbers in use", async () => {
    const given = await Promise.all(Array.from({ length: 200 }, () => registry.nextAccountNumber("MAK")));
    const numbers = given.map((answer) => (answer.ok ? answer.value : "none"));
    expect(new Set(numbers).size).toBe(200);
    expect(numbers.sort()[0]).toBe("0047MAK");
    expect(numbers.at(-1)).toBe("0246MAK");
    expect(await registry.nextAccountNumber("XXX")).toMatchObject({ ok: false, error: { kind: "unknown" } });
  });
});

describe("tariffs, templates and the cut-over", () => {
  it("only add rates: the same again is no change, another for the same instant exists", async () => {
    const site = { scope: "site", site: "MAK", rateE4PerKwh: 45_000, validFrom: NOON } as const;
    await versionOf(registry.putTariff(site, by));
    await versionOf(registry.putTariff(site, by));
    expect(await ask("SELECT count(*) FROM tariffs WHERE scope = 'site'")).toBe("1");
    expect(await registry.putTariff({ ...site, rateE4PerKwh: 1 }, by)).toMatchObject({
      ok: false,
      error: { kind: "exists" },
    });
    expect(
      await registry.putTariff({ scope: "account", account: "9999MAK", rateE4PerKwh: null, validFrom: NOON }, by),
    ).toEqual({ ok: false, error: { kind: "unknown", detail: "account 9999MAK" } });
    expect(await registry.putTariff({ ...site, site: "XXX" }, by)).toMatchObject({ error: { kind: "unknown" } });
  });

  it("keep every wording, the newest in use, and one cut-over", async () => {
    const template = { kind: "payment_receipt", language: "en", text: "Thank you" } as const;
    await versionOf(registry.putTemplate(template, by));
    await versionOf(registry.putTemplate(template, by));
    const version = await versionOf(registry.putTemplate({ ...template, text: "Thanks" }, by));
    await versionOf(registry.putCutover(NOON, by));
    await versionOf(registry.putCutover(NOON + 1, by));
    expect(await restores.directoryRows()).toMatchObject({
      templates: [{ ...template, text: "Thanks", version }],
      cutoverAt: NOON + 1,
    });
    // Every account is told again, under a version of its own.
    const cutover = await versionOf(registry.putCutover(NOON + 2, by));
    expect(await restores.accountFacts("0045MAK")).toMatchObject({ billFrom: NOON + 2, version: cutover });
    await versionOf(registry.putCutover(NOON + 1, by));
    expect(await ask("SELECT count(*) FROM sms_templates")).toBe("2");
    expect(
      await ask(`SELECT before FROM mutations WHERE subject = 'setting:cutover_at' ORDER BY id LIMIT 1 OFFSET 1`),
    ).toBe(String(NOON));
  });
});

describe("tills and phones", () => {
  it("are made once; the same name for something else exists", async () => {
    const same = { senders: till.senders, caps: {} };
    const version = await versionOf(registry.putTill(till, same, by));
    await versionOf(registry.putTill(till, same, by));
    expect(await registry.putTill({ ...till, name: "Another" }, same, by)).toEqual({
      ok: false,
      error: { kind: "exists", detail: "till till-1" },
    });
    const { providers: _, ...facts } = till;
    expect(await neonTillRestores(connect(database.appUrl), COUNTRIES.LS).tillFacts("till-1")).toEqual({
      ...facts,
      utcOffsetMinutes: 120,
      version,
    });
    expect(await registry.createPhone({ ...phone, tillId: "nowhere" }, by)).toMatchObject({
      error: { kind: "unknown" },
    });
    await versionOf(registry.createPhone(phone, by));
    await versionOf(registry.createPhone(phone, by));
    expect(await registry.createPhone({ ...phone, tokenHash: "other" }, by)).toMatchObject({
      error: { kind: "exists" },
    });
  });

  it("change senders and the caps that are named, once, with before and after; another name is another till", async () => {
    const tills = neonTillRestores(connect(database.appUrl), COUNTRIES.LS);
    const before = await tills.tillFacts("till-1");
    const change = { senders: ["MPESA", "199"], caps: { tillDayMinorMax: 9 } };
    const version = await versionOf(registry.putTill({ ...till, caps: { ...till.caps, ...change.caps } }, change, by));
    await versionOf(registry.putTill(till, change, by));
    expect(await tills.tillFacts("till-1")).toMatchObject({
      senders: ["MPESA", "199"],
      caps: { ...till.caps, tillDayMinorMax: 9 },
      version,
    });
    expect(before === "down" ? 0 : before?.version).toBeLessThan(version);
    expect(
      await ask(`SELECT string_agg((before->>'till_day_minor_max') || '>' || (after->>'till_day_minor_max'), ' ')
        FROM mutations WHERE subject = 'till:till-1' AND action = 'till.change'`),
    ).toBe("3>9");
    expect(
      await registry.putTill({ ...till, tillId: "till-2", caps: { ...till.caps, tillDayMinorMax: -1 } }, change, by),
    ).toMatchObject({ ok: false, error: { kind: "refused" } });
    expect(await tills.tillFacts("till-2")).toBeNull();
  });

  it("are changed by one alone of many who have read the same version", async () => {
    const tills = neonTillRestores(connect(database.appUrl), COUNTRIES.LS);
    const present = await tills.tillFacts("till-1");
    const version = present === "down" ? 0 : (present?.version ?? 0);
    const before = await ask("SELECT count(*) FROM mutations WHERE subject = 'till:till-1'");
    const answers = await Promise.all(
      [11, 12, 13, 14].map((tillDayMinorMax) =>
        neonRegistry(connect(database.appUrl, database.sqlUrl)).putTill(
          till,
          { senders: ["MPESA"], caps: { tillDayMinorMax }, version },
          by,
        ),
      ),
    );
    const [taken, ...others] = answers.flatMap((answer) => (answer.ok ? [answer.value.version] : []));
    expect(others).toEqual([]);
    expect(answers.filter(({ ok }) => !ok)).toEqual(
      Array.from({ length: 3 }, () => ({ ok: false, error: { kind: "stale", version: taken } })),
    );
    const after = await ask("SELECT count(*) FROM mutations WHERE subject = 'till:till-1'");
    expect(Number(after) - Number(before)).toBe(1);
  });

  it("rotate with two valid tokens, revoke once, and show no hash in the audit", async () => {
    const mailboxes = neonMailboxRestores(connect(database.appUrl));
    await versionOf(registry.rotatePhone("phone-1", { tokenHash: "h2" }, by));
    await versionOf(registry.rotatePhone("phone-1", { tokenHash: "h3", smssyncSecretHash: "s" }, by));
    await versionOf(registry.rotatePhone("phone-1", { tokenHash: "h3" }, by));
    expect(await mailboxes.phoneFacts("phone-1")).toMatchObject({
      tokenHashes: ["h2", "h3"],
      smssyncSecretHash: "s",
      revoked: false,
    });
    const version = await versionOf(registry.revokePhone("phone-1", by));
    await versionOf(registry.revokePhone("phone-1", by));
    expect(await mailboxes.phoneFacts("phone-1")).toMatchObject({ revoked: true, version });
    expect(await registry.revokePhone("phone-9", by)).toEqual({
      ok: false,
      error: { kind: "unknown", detail: "phone phone-9" },
    });
    expect(await ask("SELECT count(*) FROM mutations WHERE subject = 'phone:phone-1'")).toBe("4");
    expect(await ask("SELECT count(*) FROM mutations WHERE after::text ~ '(h1|h2|h3|_hash)'")).toBe("0");
  });
});

describe("roles of meters", () => {
  const one = { thing: null, from: NOON - 500, to: null, baseRegisterWh: null, ratingW: null } as const;
  const put = (meterNumber: string, role: MeterRole, at = NOON) =>
    registry.putMeterRole(meterNumber, role, { ...by, at });

  it("have one primary an account: the other becomes a check meter, and both changes are in the audit", async () => {
    await versionOf(
      registry.upsertAccounts(
        [
          account({
            account: "0900MAK",
            aliases: [],
            meters: [
              { ...one, meterNumber: "23099900", role: "primary" },
              { ...one, meterNumber: "23099901", role: "backup" },
              { ...one, meterNumber: "23099902", role: "primary", from: NOON - 900, to: NOON - 600 },
            ],
          }),
        ],
        by,
      ),
    );
    const facts = await restores.accountFacts("0900MAK");
    const answer = await put("23099901", "primary");
    expect(answer).toMatchObject({
      ok: true,
      value: {
        account: "0900MAK",
        meters: [
          { meterNumber: "23099900", role: "check" },
          { meterNumber: "23099901", role: "primary" },
        ],
      },
    });
    // A placement that has ended keeps the role it had.
    expect(
      await ask(
        "SELECT role FROM meter_placements p JOIN meters k ON k.id = p.meter_id WHERE meter_number = '23099902'",
      ),
    ).toBe("primary");
    expect(
      await ask(`SELECT string_agg(subject || ' ' || (before->>'role') || '>' || (after->>'role'), ', ' ORDER BY id)
        FROM mutations WHERE action = 'meter.role'`),
    ).toBe("meter:23099900 primary>check, meter:23099901 backup>primary");
    const after = await restores.accountFacts("0900MAK");
    if (facts === null || facts === "down" || after === null || after === "down") throw new Error("no facts");
    expect(after.version).toBeGreaterThan(facts.version);
  });

  it("change nothing when put again, and leave no second audit row", async () => {
    const before = await ask("SELECT count(*) FROM mutations");
    expect(await put("23099901", "primary")).toMatchObject({ ok: true });
    expect(await ask("SELECT count(*) FROM mutations")).toBe(before);
  });

  it("leave one primary when both are made so at once", async () => {
    await Promise.all([put("23099900", "primary"), put("23099901", "primary"), put("23099900", "primary")]);
    expect(
      await ask(`SELECT count(*) FROM meter_placements p JOIN accounts a ON a.id = p.account_id
        WHERE account_number = '0900MAK' AND role = 'primary' AND valid_to IS NULL`),
    ).toBe("1");
  });

  it.each(["23099999", "23099902"])("are unknown for %s, which is placed nowhere now", async (meterNumber) => {
    expect(await put(meterNumber, "primary")).toEqual({
      ok: false,
      error: { kind: "unknown", detail: `meter ${meterNumber}` },
    });
  });
});

describe("a meter", () => {
  it("keeps its rating until another is told, and its account is told of both", async () => {
    const rated = (ratingW: number | null) =>
      account({
        account: "0044MAK",
        customer: { key: "c44", name: "Test Four", phones: [], language: null },
        aliases: [],
        meters: [
          { meterNumber: "23099044", thing: null, role: "check", from: NOON, to: null, baseRegisterWh: null, ratingW },
        ],
      });
    const before = await versionOf(registry.upsertAccounts([rated(9_000)], by));
    await versionOf(registry.upsertAccounts([rated(null)], by));
    expect(await restores.accountFacts("0044MAK")).toMatchObject({ meters: [{ role: "check", ratingW: 9_000 }] });
    const after = await versionOf(registry.upsertAccounts([rated(12_000)], by));
    expect(after).toBeGreaterThan(before);
    expect(await restores.accountFacts("0044MAK")).toMatchObject({ version: after, meters: [{ ratingW: 12_000 }] });
    expect(await registry.upsertAccounts([rated(-1)], by)).toMatchObject({ ok: false, error: { kind: "refused" } });
  });

  describe("of a gateway", () => {
    const on = (number: string, thing: string | null, from = NOON, to: number | null = null) =>
      account({
        account: number,
        customer: { key: `c-${number}`, name: "Test Gateway", phones: [], language: null },
        aliases: [],
        meters: [
          {
            meterNumber: `2399${number.slice(0, 4)}`,
            thing,
            role: "check",
            from,
            to,
            baseRegisterWh: null,
            ratingW: null,
          },
        ],
      });

    it("keeps it from another account's meter, whose light it would switch", async () => {
      await versionOf(registry.upsertAccounts([on("0271MAK", "gw-71")], by));
      expect(await registry.upsertAccounts([on("0272MAK", "gw-71")], by)).toEqual({
        ok: false,
        error: { kind: "exists", detail: "gateway gw-71 is that of meter 23990271 on 0271MAK" },
      });
      expect(await restores.accountFacts("0272MAK")).toBeNull();
    });

    it("keeps it also when the meter hangs already and only its gateway is changed, and when the table itself is written", async () => {
      await versionOf(registry.upsertAccounts([on("0273MAK", "gw-73"), on("0274MAK", null)], by));
      expect(await registry.upsertAccounts([on("0274MAK", "gw-73")], by)).toMatchObject({
        ok: false,
        error: { kind: "exists" },
      });
      const take = `UPDATE meters SET thing = 'gw-73' WHERE meter_number = '23990274'`;
      await expect(db.transaction([{ query: take, params: [] }])).rejects.toThrow("gateway gw-73 is that of meter");
    });

    it("leaves it to the next account when the one before has ended", async () => {
      await versionOf(registry.upsertAccounts([on("0275MAK", "gw-75", NOON, NOON + 1_000)], by));
      await versionOf(registry.upsertAccounts([on("0276MAK", "gw-75", NOON + 1_000)], by));
      expect(await restores.accountFacts("0276MAK")).toMatchObject({ meters: [{ thing: "gw-75" }] });
    });
  });

  it("is one account's only primary at any time: a second one is refused, unless the first has ended by then", async () => {
    const meter = (meterNumber: string, over: Partial<AccountRegistration["meters"][number]> = {}) => ({
      meterNumber,
      thing: null,
      role: "primary" as const,
      from: NOON,
      to: null,
      baseRegisterWh: null,
      ratingW: null,
      ...over,
    });
    const with55 = (...meters: AccountRegistration["meters"]) =>
      registry.upsertAccounts(
        [
          account({
            account: "0055MAK",
            customer: { key: "c55", name: "Test Five", phones: [], language: null },
            aliases: [],
            meters,
          }),
        ],
        by,
      );
    const twice = { ok: false, error: { kind: "refused", detail: "two primary meters of 0055MAK at once" } };
    expect(await with55(meter("23099055"), meter("23099056"))).toEqual(twice);
    expect(await restores.accountFacts("0055MAK")).toBeNull();
    await versionOf(with55(meter("23099055"), meter("23099056", { role: "check" })));
    expect(await with55(meter("23099057", { from: NOON + 10 }))).toEqual(twice);
    await versionOf(with55(meter("23099055", { to: NOON + 10 }), meter("23099057", { from: NOON + 10 })));
    expect(await restores.accountFacts("0055MAK")).toMatchObject({
      meters: expect.arrayContaining([
        expect.objectContaining({ meterNumber: "23099055", role: "primary", to: NOON + 10 }),
        expect.objectContaining({ meterNumber: "23099056", role: "check" }),
        expect.objectContaining({ meterNumber: "23099057", role: "primary", from: NOON + 10 }),
      ]),
    });
  });
});

describe("a meter that an account has been debited for", () => {
  const HOUR = 3_600_000;
  const NUMBER = "23099070";
  const customer = (key: string) => ({ key, name: `Test ${key}`, phones: [], language: null });
  const on = (number: string, from: number, to: number | null, meterNumber = NUMBER) =>
    account({
      account: number,
      customer: customer(number),
      aliases: [],
      meters: [{ meterNumber, thing: null, role: "primary", from, to, baseRegisterWh: 10_150, ratingW: null }],
    });
  const can = "meter 23099070 has been debited to 0070MAK: it can leave from 2026-11-03T15:00:01Z on";
  const refused = { ok: false, error: { kind: "refused", detail: can } };
  const swap = (at: number) =>
    neonCustomers(connect(database.appUrl, database.sqlUrl)).swapMeter(
      {
        account: "0070MAK",
        oldMeter: NUMBER,
        newMeter: "23099072",
        at,
        finalRegisterWh: 20_000,
        baseRegisterWh: 0,
        thing: null,
        ratingW: null,
      },
      by,
    );

  beforeAll(async () => {
    await versionOf(registry.upsertAccounts([on("0070MAK", NOON, null)], by));
    const facts = await restores.accountFacts("0070MAK");
    if (facts === null || facts === "down") throw new Error("no facts");
    const { accountId } = facts;
    // Debited at 15:00 for all since noon, and read again an hour later without a debit.
    const debit = { kind: "consumption", fromWh: 10_000, toWh: 10_300, readAt: NOON + 3 * HOUR } as const;
    const postingId = consumptionKey(NUMBER, debit);
    const { posting } = buildPosting(
      GENESIS,
      {
        accountId,
        postingId,
        currency: "LSL",
        provider: null,
        tariffId: null,
        rateE4PerKwh: null,
        receipt: null,
        actor: null,
        reason: null,
        occurredAt: debit.readAt,
        acceptedAt: debit.readAt,
      },
      consumptionLines(postingId, debit),
    );
    const copies = neonCopies(connect(database.appUrl, database.sqlUrl));
    const written = await copies.write(
      items([
        { kind: "posting", account: "0070MAK", accountId, ...posting },
        readings(accountId, NUMBER, [reading(NOON + 4 * HOUR, 10_400)], { postedWh: 10_300, postedAt: debit.readAt }),
      ]),
    );
    expect(written).toMatchObject({ refused: [], conflicts: [] });
  });

  it.each([
    ["an hour before", 2 * HOUR],
    ["at that very reading", 3 * HOUR],
  ])("does not leave it as of %s, for another one or for none, and nothing of it stays", async (_when, since) => {
    const moved = [on("0070MAK", NOON, NOON + since), on("0071MAK", NOON + since, null)];
    expect(await registry.upsertAccounts(moved, by)).toEqual(refused);
    expect(await registry.upsertAccounts(moved.slice(0, 1), by)).toEqual(refused);
    expect(await restores.accountFacts("0070MAK")).toMatchObject({ meters: [{ to: null }] });
    expect(await restores.accountFacts("0071MAK")).toBeNull();
  });

  it("is not swapped as of before it", async () => {
    expect(await swap(NOON + 2 * HOUR)).toEqual(refused);
  });

  it("leaves it after that, however late it is told, and the same told again changes nothing", async () => {
    const since = NOON + 3 * HOUR + 1_000;
    await versionOf(registry.upsertAccounts([on("0070MAK", NOON, since), on("0071MAK", since, null)], by));
    const before = await ask("SELECT count(*) FROM mutations");
    await versionOf(registry.upsertAccounts([on("0070MAK", NOON, since), on("0071MAK", since, null)], by));
    expect(await ask("SELECT count(*) FROM mutations")).toBe(before);
    expect(await restores.accountFacts("0071MAK")).toMatchObject({ meters: [{ meterNumber: NUMBER, from: since }] });
  });

  it("may have been on another one before all that", async () => {
    await versionOf(registry.upsertAccounts([on("0074MAK", NOON - 2 * HOUR, NOON)], by));
  });

  it("does not begin on another one as of before it when it had left before the debit was known here", async () => {
    await ask(`UPDATE meter_placements SET valid_to = cc_at(${NOON + HOUR})
      WHERE valid_from = cc_at(${NOON}) AND meter_id = (SELECT id FROM meters WHERE meter_number = '${NUMBER}')`);
    expect(await registry.upsertAccounts([on("0075MAK", NOON + HOUR, NOON + 3 * HOUR + 1_000)], by)).toEqual(refused);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonLookups } from "../../src/adapters/neon/lookups.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { neonMailboxRestores } from "../../src/adapters/neon/restore-mailboxes.ts";
import { neonTillRestores } from "../../src/adapters/neon/restore-tills.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { AccountRegistration } from "../../src/ports/registry.ts";
import {
  account,
  ask,
  by,
  close,
  database,
  open,
  phone,
  registry,
  restores,
  till,
  versionOf,
} from "./registry-world.ts";
import { NOON } from "./rows.ts";

beforeAll(open);
afterAll(close);

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

  it("are found by the whole number of any registered phone, and by alias on its dates", async () => {
    const lookups = neonLookups(connect(database.appUrl));
    expect(await lookups.accountsByPhone("26650000101")).toEqual([
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

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { buildPosting, consumptionKey, consumptionLines, GENESIS } from "../../src/domain/posting.ts";
import type { MeterRole } from "../../src/domain/reading.ts";
import type { AccountRegistration } from "../../src/ports/registry.ts";
import { reading, readings } from "./reading-rows.ts";
import { account, ask, by, close, database, db, open, registry, restores, versionOf } from "./registry-world.ts";
import { items, NOON } from "./rows.ts";

beforeAll(open);
afterAll(close);

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

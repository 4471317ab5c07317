import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { customerOfAccount } from "../../src/queries/customers.ts";
import { by, close, DAY, db, done, found, open } from "./customer-search-world.ts";
import { NOON } from "./rows.ts";

beforeAll(open);
afterAll(close);

describe("a swap of a meter", () => {
  const swap = {
    account: "0100MAK",
    oldMeter: "SM5R-04-AB12",
    newMeter: "23099100",
    at: NOON,
    finalRegisterWh: 120_000,
    baseRegisterWh: 5,
    thing: "MAK-GW-0009",
    ratingW: null,
  };
  const metersOf = async (account: string) =>
    (await customerOfAccount(db, account))?.accounts
      .find((each) => each.account === account)
      ?.meters.map(({ meterNumber, role, from, to, finalRegisterWh, baseRegisterWh }) => [
        meterNumber,
        role,
        from,
        to,
        baseRegisterWh,
        finalRegisterWh,
      ]);

  it("ends the old placement and begins the new one at one instant, once, with one audit row", async () => {
    const write = neonCustomers(db);
    done(await write.swapMeter(swap, { ...by, reason: "burnt" }));
    done(await write.swapMeter(swap, { ...by, reason: "burnt" }));
    expect(await metersOf("0100MAK")).toEqual([
      ["23099001", "primary", NOON - 9 * DAY, NOON - DAY, null, null],
      ["SM5R-04-AB12", "primary", NOON - DAY, NOON, null, 120_000],
      ["23099100", "primary", NOON, null, 5, null],
    ]);
    expect(
      await db.read(`SELECT reason, after->'ended'->>'meter' AS ended, after->'begun'->>'meter' AS begun FROM mutations
        WHERE action = 'meter.swap'`),
    ).toEqual([{ reason: "burnt", ended: "SM5R-04-AB12", begun: "23099100" }]);
    expect(await found("23099100")).toEqual(["Lineo Khalane: meter"]);
  });

  it.each([
    ["an account that is not there", { account: "0999MAK" }, "unknown", "account 0999MAK"],
    [
      "a meter that has gone",
      { newMeter: "23099101" },
      "unknown",
      "meter SM5R-04-AB12 is not on 0100MAK at that instant",
    ],
    [
      "a meter that came later",
      { oldMeter: "23099100", newMeter: "23099101", at: NOON - 1 },
      "unknown",
      "meter 23099100 is not on 0100MAK at that instant",
    ],
    [
      "a new meter that hangs elsewhere",
      { oldMeter: "23099100", newMeter: "23099200", at: NOON + 1 },
      "exists",
      "meter 23099200 is on 0200MAK then or later",
    ],
  ])("is refused for %s, and nothing of it stays", async (_, over, kind, detail) => {
    done(
      await neonRegistry(db).upsertAccounts(
        [
          {
            account: "0200MAK",
            site: "MAK",
            status: "live",
            customer: { key: "other", name: "Neo Ramaili", phones: [], language: null },
            meters: [
              {
                meterNumber: "23099200",
                thing: null,
                role: "primary",
                from: NOON - DAY,
                to: null,
                baseRegisterWh: null,
                ratingW: null,
              },
            ],
            aliases: [],
            rates: [],
          },
        ],
        by,
      ),
    );
    const before = await metersOf("0100MAK");
    expect(await neonCustomers(db).swapMeter({ ...swap, ...over }, by)).toEqual({ ok: false, error: { kind, detail } });
    expect(await metersOf("0100MAK")).toEqual(before);
  });

  it("of two people at once, for two new meters, one is done", async () => {
    const write = neonCustomers(db);
    const answers = await Promise.all(
      ["23099301", "23099302"].map((newMeter) =>
        write.swapMeter({ ...swap, oldMeter: "23099100", newMeter, at: NOON + DAY }, by),
      ),
    );
    expect(answers.filter(({ ok }) => ok).length).toBe(1);
    expect((await metersOf("0100MAK"))?.filter(([, , , to]) => to === null).length).toBe(1);
  });
});

import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { progressOf } from "../../src/domain/commissioning.ts";
import { STEPS } from "../../src/domain/commissioning-rules.ts";
import { localDay } from "../../src/domain/local-day.ts";
import type { Commissionings } from "../../src/ports/commissioning.ts";
import { accountsAtStage, commissioningFunnel } from "../../src/queries/commissioning.ts";
import { recordCommissioning } from "../../src/services/record-commissioning.ts";
import {
  account,
  ask,
  begin,
  by,
  CONNECT,
  close,
  DAY_MS,
  database,
  day,
  db,
  factsOf,
  LS,
  open,
  opened,
  ports,
  record,
  says,
  store,
  viewOf,
} from "./commissioning-world.ts";
import { NOON } from "./rows.ts";

beforeAll(open);
afterAll(close);
beforeEach(begin);

describe("an account's way to light", () => {
  it("begins with its opening, whoever opens it", async () => {
    const { events } = await factsOf();
    expect(events).toMatchObject([{ seq: 1, step: "registered", kind: "done", day: day(20) }]);
    expect(await viewOf()).toMatchObject({ stage: "registered", is: false, connected: null });
  });

  it("is written once, with its audit rows, however often it is said", async () => {
    const rows = CONNECT.map((text) => says(text));
    expect(await record(rows)).toMatchObject({ written: 2, results: [{ status: "created" }, { status: "created" }] });
    expect(await record(rows)).toMatchObject({ written: 0, results: [{ status: "exists" }, { status: "exists" }] });
    expect((await factsOf()).events.map(({ step, actor }) => [step, actor])).toEqual([
      ["registered", null],
      ["meter_installed", "Lineo"],
      ["commissioned", "Lineo"],
    ]);
    const audit = `SELECT count(*)::text AS value FROM mutations WHERE subject = 'account:${account}' AND action = 'commissioning.done'`;
    expect(await ask(audit)).toBe("2");
    expect(await viewOf()).toMatchObject({ stage: "commissioned", is: true });
  });

  it("ends and comes back as what it was, and all it has stays", async () => {
    await record(CONNECT.map((text) => says(text)));
    await record([says("record terminated 3")]);
    const statusOf = () =>
      ask(
        `SELECT status || ' ' || (terminated_at IS NOT NULL) AS value FROM accounts WHERE account_number = '${account}'`,
      );
    expect(await statusOf()).toBe("terminated true");
    expect(await viewOf()).toMatchObject({ stage: "terminated", is: false });
    const meter = `SELECT count(*)::text AS value FROM meter_placements p JOIN accounts a ON a.id = p.account_id
      WHERE a.account_number = '${account}' AND p.valid_to IS NULL`;
    expect(await ask(meter)).toBe("1");
    await record([says("record commissioned 1")]);
    expect(await statusOf()).toBe("postpaid false");
    expect(await viewOf()).toMatchObject({ stage: "commissioned", is: true, ended: null });
    await record([says("withdraw commissioned")]);
    expect(await statusOf()).toBe("terminated true");
    await record([says("withdraw terminated")]);
    expect(await statusOf()).toBe("postpaid false");
    expect(await viewOf()).toMatchObject({ stage: "commissioned", is: true });
  });

  it("knows what other doors did: an end by the customers' route, and a new beginning by the registry", async () => {
    await neonCustomers(db).terminate(account, NOON - DAY_MS, { ...by, reason: "moved" });
    expect(await viewOf()).toMatchObject({ stage: "terminated", ended: NOON - DAY_MS });
    expect((await factsOf()).events.at(-1)).toMatchObject({ step: "terminated", kind: "done", wasStatus: "postpaid" });
    await withClient(database.ownerUrl, (client) =>
      client.query("UPDATE accounts SET status = 'live', terminated_at = NULL WHERE account_number = $1", [account]),
    );
    expect(await viewOf()).toMatchObject({ stage: "registered", ended: null });
    expect(await record([says("record terminated 0")])).toMatchObject({ written: 1 });
  });

  it("corrects the end where the account was ended at another time", async () => {
    await record([says("record terminated 3")]);
    await record([says("correct terminated 2")]);
    expect(
      await ask(`SELECT cc_ms(terminated_at)::text AS value FROM accounts WHERE account_number = '${account}'`),
    ).toBe(String((await viewOf())?.ended));
    expect((await factsOf()).events.filter(({ kind }) => kind === "corrected")).toHaveLength(1);
  });
});

describe("a batch", () => {
  it("writes all or nothing, and says which row is why", async () => {
    const other = await opened();
    const rows = [
      says("record airdac_connected 5"),
      says("record airdac_connected -2", other),
      says("record airdac_connected 5", "9999MAK"),
    ];
    const answer = await record(rows, "all");
    expect(answer.written).toBe(0);
    expect(answer.results).toMatchObject([
      { account, status: "not_written" },
      { account: other, status: "refused", because: { kind: "in_future" } },
      { account: "9999MAK", status: "refused", because: { kind: "unknown_account" } },
    ]);
    expect((await factsOf()).events).toHaveLength(1);
  });

  it("writes the good rows only where that was asked", async () => {
    const other = await opened();
    const answer = await record([says("record airdac_connected 5"), says("record airdac_connected -2", other)], "good");
    expect(answer).toMatchObject({ written: 1, results: [{ status: "created" }, { status: "refused" }] });
    expect((await viewOf())?.stage).toBe("airdac_connected");
  });

  it("lets a row build on the one before it", async () => {
    const answer = await record([...CONNECT, "record terminated 0"].map((text) => says(text)));
    expect(answer.results.map(({ status }) => status)).toEqual(["created", "created", "created"]);
    expect((await viewOf())?.stage).toBe("terminated");
  });

  it("takes 500 rows, and no more", async () => {
    const accounts = await Promise.all(Array.from({ length: 10 }, () => opened()));
    const rows = Array.from({ length: 500 }, (_, n) => says("record airdac_connected 5", accounts[n % 10]));
    expect(await record(rows)).toMatchObject({ written: 10 });
    await expect(record([...rows, says("record airdac_connected 5")])).rejects.toThrow(/500/);
  });

  it("written by ten at once is written once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => recordCommissioning(ports(), [says("record airdac_connected 5")], "all", by)),
    );
    const said = answers.map((answer) => (answer.ok ? answer.value.results[0]?.status : answer.error.kind));
    expect(said.filter((status) => status === "created")).toHaveLength(1);
    expect(said.every((status) => status === "created" || status === "exists" || status === "busy")).toBe(true);
    expect((await factsOf()).events).toHaveLength(2);
  });

  it("reads again when somebody wrote meanwhile", async () => {
    let reads = 0;
    const slow: Commissionings = {
      ...store,
      facts: async (accounts) => {
        const facts = await store.facts(accounts);
        if (reads++ === 0) await record([says("record airdac_connected 5")]);
        return facts;
      },
    };
    const answer = await recordCommissioning(
      { country: LS, commissionings: slow },
      [says("record connection_fee_paid 6")],
      "all",
      by,
    );
    expect(answer).toMatchObject({ ok: true, value: { written: 1 } });
    expect((await factsOf()).events.map(({ seq, step }) => [seq, step])).toEqual([
      [1, "registered"],
      [2, "airdac_connected"],
      [3, "connection_fee_paid"],
    ]);
  });
});

describe("the funnel", () => {
  it("counts each account once, by site and stage", async () => {
    const [one, two] = [await opened("SHG"), await opened("SHG")];
    await record([says("record airdac_connected 5", one), ...CONNECT.map((text) => says(text, two))]);
    const [shg] = await commissioningFunnel(db, "SHG");
    expect(shg).toMatchObject({ site: "SHG", accounts: 2, connected: 1 });
    expect(shg?.at).toMatchObject({ registered: 0, airdac_connected: 1, commissioned: 1 });
    expect(shg?.reached).toMatchObject({
      registered: 2,
      airdac_connected: 1,
      meter_installed: 1,
      commissioned: 1,
      terminated: 0,
    });
    const page = await accountsAtStage(db, { stage: "commissioned", site: "SHG", after: "", limit: 10 });
    expect(page).toMatchObject([{ account: two, site: "SHG", stage: "commissioned" }]);
    expect(await accountsAtStage(db, { stage: "commissioned", site: "SHG", after: two, limit: 10 })).toEqual([]);
  });

  it("says of every history what the events come to, as the domain does", async () => {
    const acts = fc.constantFrom("record", "correct", "withdraw");
    const said = fc.tuple(acts, fc.constantFrom(...STEPS), fc.integer({ min: 0, max: 19 }));
    await fc.assert(
      fc.asyncProperty(fc.array(said, { minLength: 5, maxLength: 40 }), async (rows) => {
        const of = await opened();
        await record(
          [
            ...CONNECT.map((text) => says(text, of)),
            ...rows.map(([act, step, back]) => says(`${act} ${step} ${back}`, of)),
          ],
          "good",
        );
        const progress = progressOf((await factsOf(of)).events);
        const view = await viewOf(of);
        const shown = (at: number | null | undefined) => (at == null ? null : localDay(at, LS.utcOffsetMinutes));
        expect({
          stage: view?.stage,
          is: view?.is,
          connected: shown(view?.connected),
          ended: shown(view?.ended),
          reached: Object.fromEntries(Object.entries(view?.reached ?? {}).map(([step, at]) => [step, shown(at)])),
        }).toEqual({
          stage: progress.stage,
          is: progress.isConnected,
          connected: progress.connectedOn,
          ended: progress.terminatedOn,
          reached: Object.fromEntries(Object.values(progress.reached).map(({ step, day: on }) => [step, on])),
        });
        const status = await ask(`SELECT status AS value FROM accounts WHERE account_number = '${of}'`);
        expect(status === "terminated").toBe(progress.isTerminated);
      }),
      { numRuns: 40 },
    );
  });

  it("is appended to, never changed", async () => {
    for (const query of ["UPDATE commissioning_events SET reason = 'x'", "DELETE FROM commissioning_events"])
      await expect(withClient(database.ownerUrl, (client) => client.query(query))).rejects.toThrow(
        /append-only|0 rows/,
      );
  });
});

it("writes nothing where only a look was asked, and says what it would have been", async () => {
  const rows = [says("record airdac_connected 5"), says("record airdac_connected 5")];
  expect(await record(rows, "none")).toMatchObject({
    written: 0,
    results: [{ status: "not_written" }, { status: "exists" }],
  });
  expect((await factsOf()).events).toHaveLength(1);
});

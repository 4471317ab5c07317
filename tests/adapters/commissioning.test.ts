import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCommissionings } from "../../src/adapters/neon/commissioning-write.ts";
import { neonContracts } from "../../src/adapters/neon/contracts.ts";
import { neonCustomers } from "../../src/adapters/neon/customers-write.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { type Ask, progressOf } from "../../src/domain/commissioning.ts";
import { STEPS, type Step } from "../../src/domain/commissioning-rules.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { newCustomer } from "../../src/domain/customer.ts";
import { localDay } from "../../src/domain/local-day.ts";
import type {
  CommissioningFacts,
  Commissionings,
  CommissionWrite,
  NewContract,
} from "../../src/ports/commissioning.ts";
import { accountsAtStage, commissioningFunnel } from "../../src/queries/commissioning.ts";
import { accountOfKey } from "../../src/queries/customers.ts";
import { type BatchMode, decideAll, recordCommissioning, type Said } from "../../src/services/record-commissioning.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, value } from "./rows.ts";

const LS = COUNTRIES.LS;
const DAY_MS = 86_400_000;
const by = { actor: "Lineo", reason: null, at: NOON };
const day = (back: number) => localDay(NOON - back * DAY_MS, LS.utcOffsetMinutes);

let database: FreshDatabase;
let db: Database;
let store: Commissionings;
let account = "";
let meters = 0;
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));

/** An account opened twenty days ago, with a meter since. */
async function opened(site = "MAK"): Promise<string> {
  const n = ++meters;
  const key = `commissioning:${n}`;
  const fields = newCustomer({ name: `Person ${n}` });
  if (!fields.ok) throw new Error("nobody");
  const openedAt = NOON - 20 * DAY_MS;
  const done = await neonCustomers(db).register(
    { key, source: "portal", fields: fields.value, account: { site, account: null, status: "postpaid", openedAt } },
    by,
  );
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  const number = (await accountOfKey(db, key)) ?? "";
  await withClient(database.ownerUrl, async (client) => {
    await client.query("INSERT INTO meters (meter_number) VALUES ($1)", [`77${n}`]);
    await client.query(
      `INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
      SELECT m.id, a.id, 'primary', to_timestamp($3 / 1000.0), 1 FROM meters m, accounts a
      WHERE m.meter_number = $1 AND a.account_number = $2`,
      [`77${n}`, number, openedAt],
    );
  });
  return number;
}

const says = (text: string, of = account): Said => {
  const [act = "", step = "", back = ""] = text.split(" ");
  return {
    account: of,
    ask: { act, step, ...(back === "" ? {} : { day: day(Number(back)) }) } as Ask,
    reason: "a test",
  };
};
const ports = () => ({ country: LS, commissionings: store });
async function record(rows: Said[], mode: BatchMode = "all") {
  const answer = await recordCommissioning(ports(), rows, mode, by);
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value;
}
const factsOf = async (of = account): Promise<CommissioningFacts> => {
  const [facts] = await store.facts([of]);
  if (facts === undefined) throw new Error("no such account");
  return facts;
};
type Stage = {
  stage: Step;
  reached: Record<string, number | null>;
  connected: number | null;
  ended: number | null;
  is: boolean;
};
const viewOf = async (of = account) =>
  (
    await db.read<Stage>(
      `SELECT s.stage, s.reached, cc_ms(s.connected_at) AS connected, cc_ms(s.terminated_at) AS ended, s.is_connected AS is
      FROM account_stages s JOIN accounts a ON a.id = s.account_id WHERE a.account_number = $1`,
      [of],
    )
  )[0];

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  store = neonCommissionings(db, LS);
  const sites = ["MAK", "SHG"].map((code) => ({ code, name: `Ha ${code}`, district: null }));
  await neonRegistry(db).upsertSites(sites, by);
});
afterAll(() => database.drop());
beforeEach(async () => {
  account = await opened();
});

const CONNECT = ["record meter_installed 10", "record commissioned 9"];

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

describe("the act of commissioning", () => {
  const contracts = () => neonContracts(db, async () => []);
  const sha = (n: number) => n.toString(16).padStart(64, "0");
  async function write(over: Partial<CommissionWrite> = {}): Promise<CommissionWrite> {
    const subject = await contracts().subject(account);
    if (subject === null) throw new Error("no such account");
    const facts = await factsOf();
    const { events } = decideAll(
      [facts],
      CONNECT.map((text) => says(text)),
      LS,
      NOON,
    );
    const made = (language: "en" | "st", version: number): NewContract => ({
      account,
      version,
      language,
      actKey: `${account}:act-${version}`,
      requestSha256: sha(version),
      commissionedSeq: events.at(-1)?.seq ?? 3,
      servicePhase: "single",
      ampacityA: null,
      tariffId: null,
      rateE4PerKwh: 55_500,
      terms: { connectedOn: day(9) },
      objectKey: `contract/${language}.pdf`,
      sha256: sha(7),
      bytes: 10,
      pages: 2,
    });
    const { customerId, version } = subject.customer;
    return {
      customerId,
      version,
      fields: { nationalId: "1234" },
      place: null,
      events,
      contracts: [made("en", 1), made("st", 1)],
      ...over,
    };
  }
  const counts = async () =>
    ask(`SELECT (SELECT count(*) FROM contracts k WHERE k.account_id = a.id) || ' ' || (SELECT count(*) FROM commissioning_events e
      WHERE e.account_id = a.id) || ' ' || coalesce(c.national_id, '-') AS value FROM accounts a JOIN customers c ON c.id = a.customer_id
      WHERE a.account_number = '${account}'`);

  it("writes the customer, the events and the contracts together", async () => {
    expect(await store.commission(await write(), by)).toMatchObject({ ok: true });
    expect(await counts()).toBe("2 3 1234");
    expect(await contracts().ofAccount(account)).toMatchObject([
      { version: 1, language: "en", connectedOn: day(9), rateE4PerKwh: 55_500 },
      { version: 1, language: "st" },
    ]);
    expect(
      await ask(
        `SELECT count(*)::text AS value FROM mutations WHERE subject = 'account:${account}' AND action = 'contract.make'`,
      ),
    ).toBe("2");
  });

  it("writes nothing where one part of it is refused", async () => {
    const other = await opened();
    const [meter] = (await factsOf(other)).meters;
    const place = {
      account,
      meterNumber: meter?.meterNumber ?? "",
      thing: null,
      ratingW: null,
      role: "check" as const,
      from: NOON - DAY_MS,
      baseRegisterWh: null,
    };
    const refused = await store.commission(await write({ place }), by);
    expect(refused).toMatchObject({ ok: false, error: { kind: "exists" } });
    expect(!refused.ok && "detail" in refused.error && refused.error.detail).toContain(other);
    expect(await counts()).toBe("0 1 -");
  });

  it("is stale when the customer, an event or a contract came in between", async () => {
    const asked = await write();
    expect(await store.commission(await write(), by)).toMatchObject({ ok: true });
    expect(await store.commission(asked, by)).toEqual({ ok: false, error: { kind: "stale" } });
    expect(await store.commission({ ...(await write()), events: [], fields: {} }, by)).toEqual({
      ok: false,
      error: { kind: "stale" },
    });
    expect(await counts()).toBe("2 3 1234");
  });

  it("puts a meter up, once, and never a second primary one beside another", async () => {
    const meterNumber = `88${account.slice(0, 4)}`;
    const place = {
      account,
      meterNumber,
      thing: "MAK-GW-1",
      ratingW: null,
      role: "check" as const,
      from: NOON - 9 * DAY_MS,
      baseRegisterWh: 0,
    };
    expect(await store.commission(await write({ place }), by)).toMatchObject({ ok: true });
    expect((await factsOf()).meters.map((meter) => meter.meterNumber)).toContain(meterNumber);
    const again = { ...(await write()), events: [], contracts: [], fields: {}, place };
    expect(await store.commission(again, by)).toMatchObject({ ok: true });
    expect((await factsOf()).meters).toHaveLength(2);
    const second = { ...again, place: { ...place, meterNumber: `99${account.slice(0, 4)}`, role: "primary" as const } };
    expect(await store.commission(second, by)).toMatchObject({ error: { kind: "exists" } });
  });

  it("keeps one link for an SMS, whoever asks for it, and each opening", async () => {
    await store.commission(await write(), by);
    const [contract] = await contracts().ofAccount(account);
    const contractId = contract?.contractId ?? 0;
    const link = { contractId, expiresAt: NOON + DAY_MS, smsId: `contract-sms:${account}:v1`, phoneId: "ls-north-a" };
    const [one, two] = [
      await contracts().addLink(link, by),
      await contracts().addLink({ ...link, phoneId: "ls-north-b" }, by),
    ];
    expect(two).toEqual(one);
    expect(await contracts().findLink(contractId, one.linkId)).toEqual(one);
    expect(await contracts().findLink(contractId + 1, one.linkId)).toBeNull();
    const byHand = await contracts().addLink(
      { contractId, expiresAt: NOON + 2 * DAY_MS, smsId: null, phoneId: null },
      by,
    );
    expect(byHand.linkId).not.toBe(one.linkId);
    await contracts().accessed(contractId, { linkId: one.linkId }, NOON);
    await contracts().accessed(contractId, { actor: "Lineo" }, NOON);
    expect(await ask(`SELECT count(*)::text AS value FROM contract_accesses WHERE contract_id = ${contractId}`)).toBe(
      "2",
    );
  });
});

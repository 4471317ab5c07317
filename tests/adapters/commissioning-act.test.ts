import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { neonContracts } from "../../src/adapters/neon/contracts.ts";
import type { CommissionWrite, NewContract } from "../../src/ports/commissioning.ts";
import { decideAll } from "../../src/services/record-commissioning.ts";
import {
  account,
  ask,
  begin,
  by,
  CONNECT,
  close,
  DAY_MS,
  day,
  db,
  factsOf,
  LS,
  open,
  opened,
  says,
  store,
} from "./commissioning-world.ts";
import { NOON } from "./rows.ts";

beforeAll(open);
afterAll(close);
beforeEach(begin);

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

import { beforeAll, describe, expect, it } from "vitest";
import { copiesOf, registryOf } from "../../workers/ports.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, rows, session } from "./country.ts";

type Card = {
  customerId: number;
  version: number;
  phones: { phone: string }[];
  nationalId: string | null;
  accounts: { account: string }[];
};
type Merge = {
  mergeId: number;
  state: string;
  keptId: number | null;
  moved: string[];
  one: { accounts: string[] };
  other: { accounts: string[] };
};

const send = async (method: string, path: string, body?: unknown) => {
  const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", "Idempotency-Key": crypto.randomUUID() };
  return new Browser().ask(method, `/api/ops${path}`, body, { headers });
};
let people = 0;
async function registered(over: object = {}): Promise<Card> {
  const answer = await send("POST", "/customers", {
    givenName: "Thabo",
    familyName: `Mokoena ${crypto.randomUUID().slice(0, 8)}`,
    phones: [`6${String(2_000_000 + ++people)}`],
    account: { site: "MAK" },
    ...over,
  });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body.customer as Card;
}
const card = async (id: number) => (await send("GET", `/customers/${id}`)).body.customer as Card;
const propose = (one: number, other: number) =>
  send("POST", "/customers/merges", { one, other, reason: "the same house" });
const mergeOf = (answer: { body: object }) => (answer.body as { merge: Merge }).merge;
const decide = (id: number, verb: string, body: object = {}) =>
  send("POST", `/customers/merges/${id}/${verb}`, { reason: "we asked", ...body });
const accountsOf = async (id: number) => (await card(id)).accounts.map(({ account }) => account);

beforeAll(async () => {
  await registryOf(country).upsertSites([{ code: "MAK", name: "Ha Makebe", district: null }], {
    actor: "a test",
    reason: null,
    at: Date.now(),
  });
});

describe("a merge", () => {
  it("accepted moves the accounts to whoever is kept, fills what is missing, adds phones, and leaves an audit", async () => {
    const kept = await registered();
    const gone = await registered({ nationalId: `X${kept.customerId}`, note: "by the river" });
    const { mergeId } = mergeOf(await propose(gone.customerId, kept.customerId));
    const accepted = await decide(mergeId, "accept", { keep: kept.customerId });
    expect(mergeOf(accepted)).toMatchObject({
      state: "accepted",
      keptId: kept.customerId,
      moved: [gone.accounts[0]?.account],
    });
    const now = await card(kept.customerId);
    expect(now).toMatchObject({ nationalId: `X${kept.customerId}`, note: "by the river" });
    expect(now.phones.map(({ phone }) => phone)).toEqual([kept.phones[0]?.phone, gone.phones[0]?.phone]);
    expect(now.accounts.map(({ account }) => account)).toEqual(
      [kept.accounts[0]?.account, gone.accounts[0]?.account].toSorted(),
    );
    expect(await accountsOf(gone.customerId)).toEqual([]);
    const actions = await rows<{ action: string }>(
      `SELECT action FROM mutations WHERE subject IN ('merge:${mergeId}', 'customer:${gone.customerId}', 'account:${gone.accounts[0]?.account}')
        AND action NOT LIKE '%.create' ORDER BY seq`,
    );
    expect(actions.map(({ action }) => action)).toEqual([
      "merge.propose",
      "merge.accept",
      "account.holder",
      "customer.merge",
    ]);
    const search = await send("GET", `/customers?q=${gone.phones[0]?.phone}`);
    expect((search.body.customers as { customerId: number }[]).map(({ customerId }) => customerId)).toEqual([
      kept.customerId,
    ]);
    // The same again is no change; another one kept is refused.
    expect((await decide(mergeId, "accept", { keep: kept.customerId })).status).toBe(200);
    expect((await decide(mergeId, "accept", { keep: gone.customerId })).status).toBe(422);
    expect((await decide(mergeId, "dismiss")).status).toBe(422);
  });

  it("undone gives the accounts and fields back, but not what somebody changed since, and can be proposed again", async () => {
    const kept = await registered();
    const gone = await registered({ note: "by the river", place: "Ha Makebe" });
    const { mergeId } = mergeOf(await propose(kept.customerId, gone.customerId));
    await decide(mergeId, "accept", { keep: kept.customerId });
    const { version } = await card(kept.customerId);
    await send("PATCH", `/customers/${kept.customerId}`, { version, note: "on the hill" });
    expect(mergeOf(await decide(mergeId, "undo"))).toMatchObject({ state: "undone" });
    expect(await card(kept.customerId)).toMatchObject({ note: "on the hill", place: null, phones: [kept.phones[0]] });
    expect([await accountsOf(kept.customerId), await accountsOf(gone.customerId)]).toEqual([
      kept.accounts.map(({ account }) => account),
      gone.accounts.map(({ account }) => account),
    ]);
    expect((await decide(mergeId, "undo")).status).toBe(200);
    expect(mergeOf(await propose(kept.customerId, gone.customerId))).toMatchObject({ mergeId, state: "proposed" });
  });

  it("dismissed is remembered: the pair is no likely twin any more", async () => {
    const phones = [`6${String(2_500_000 + ++people)}`];
    const [one, other] = [
      await registered({ phones, familyName: "Ramokoena" }),
      await registered({ phones, familyName: "Ramokoena" }),
    ];
    const isTwin = async () => {
      const { pairs } = (await send("GET", "/customers/twins")).body as unknown as {
        pairs: { one: Card; other: Card }[];
      };
      return pairs.some((pair) => pair.one.customerId === one.customerId && pair.other.customerId === other.customerId);
    };
    expect(await isTwin()).toBe(true);
    const { mergeId } = mergeOf(await propose(one.customerId, other.customerId));
    expect(mergeOf(await decide(mergeId, "dismiss"))).toMatchObject({ state: "dismissed" });
    expect(await isTwin()).toBe(false);
    expect((await propose(other.customerId, one.customerId)).status).toBe(409);
  });

  it("of nobody, of oneself, of somebody gone or by whoever may not is refused", async () => {
    const one = await registered();
    expect((await propose(one.customerId, 999_999)).status).toBe(422);
    expect((await propose(one.customerId, one.customerId)).status).toBe(400);
    expect((await decide(999_999, "accept", { keep: 1 })).status).toBe(404);
    const { mergeId } = mergeOf(await propose(one.customerId, (await registered()).customerId));
    expect((await decide(mergeId, "accept", { keep: 999_999 })).status).toBe(422);
    const { browser } = await session(["finance_team"]);
    expect((await browser.ask("POST", `/api/customers/merges/${mergeId}/dismiss`, { reason: "x" })).status).toBe(403);
  });
});

describe("a welcome", () => {
  const welcomes = (id: number) => rows<{ state: string }>(`SELECT state FROM welcome_sms WHERE customer_id = ${id}`);

  it("is owed once to whoever is registered here, and to nobody without a phone or an account", async () => {
    const key = crypto.randomUUID();
    const body = { givenName: "Neo", familyName: `Tau ${key}`, phones: ["62000131"], account: { site: "MAK" } };
    const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", "Idempotency-Key": key };
    const first = await new Browser().ask("POST", "/api/ops/customers", body, { headers });
    await new Browser().ask("POST", "/api/ops/customers", body, { headers });
    expect(await welcomes((first.body.customer as Card).customerId)).toEqual([{ state: "waiting" }]);
    expect(await welcomes((await registered({ phones: [] })).customerId)).toEqual([]);
    expect(await welcomes((await registered({ account: null })).customerId)).toEqual([]);
  });

  it("is owed to nobody while the switch is off, and not later either", async () => {
    const put = (on: boolean) => send("PUT", "/registrations/welcome", { on });
    const acts = () =>
      rows<{ actor: string }>("SELECT actor FROM mutations WHERE action = 'setting.put' AND subject LIKE '%welcome%'");
    const before = (await acts()).length;
    expect((await put(false)).body).toMatchObject({ on: false });
    const quiet = await registered();
    expect((await put(true)).body).toMatchObject({ on: true });
    expect(await welcomes(quiet.customerId)).toEqual([]);
    expect(await welcomes((await registered()).customerId)).toHaveLength(1);
    expect((await acts()).slice(before)).toEqual([{ actor: "Lineo" }, { actor: "Lineo" }]);
  });

  it("is not owed to who was moved in", async () => {
    const key = `moved:${crypto.randomUUID()}`;
    await registryOf(country).upsertAccounts(
      [
        {
          account: "9001MAK",
          site: "MAK",
          status: "live",
          customer: { key, name: "Old One", phones: ["26650009001"], language: null },
          meters: [],
          aliases: [],
          rates: [],
        },
      ],
      { actor: "a test", reason: null, at: Date.now() },
    );
    expect(
      await rows(
        `SELECT w.state FROM welcome_sms w JOIN customers c ON c.id = w.customer_id WHERE c.customer_key = '${key}'`,
      ),
    ).toEqual([]);
  });
});

describe("a registration with a meter", () => {
  it("hangs it on the new account in the same act, once; one that hangs elsewhere is refused and registers nobody", async () => {
    const number = `88${String(Date.now()).slice(-8)}`;
    const one = await registered({ meter: { number: `000${number}`, baseRegisterWh: 12_000 } });
    expect(
      await rows(`SELECT k.meter_number AS number, p.role, p.base_register_wh AS base, p.valid_from = a.opened_at AS "fromOpening"
      FROM accounts a JOIN meter_placements p ON p.account_id = a.id JOIN meters k ON k.id = p.meter_id
      WHERE a.account_number = '${one.accounts[0]?.account}'`),
    ).toEqual([{ number, role: "primary", base: 12_000, fromOpening: true }]);
    const before = await rows("SELECT count(*)::int AS count FROM customers");
    const taken = await send("POST", "/customers", {
      givenName: "A",
      familyName: "B",
      account: { site: "MAK" },
      meter: { number },
    });
    expect([taken.status, taken.body.error?.details]).toEqual([
      409,
      `meter ${number} is on ${one.accounts[0]?.account} then or later`,
    ]);
    expect(await rows("SELECT count(*)::int AS count FROM customers")).toEqual(before);
    expect((await send("POST", "/customers", { givenName: "A", familyName: "B", meter: { number } })).status).toBe(400);
  });
});

describe("a meter that an act hangs", () => {
  const named = (number: string) =>
    rows<{ action: string; before: object | null; after: object }>(
      `SELECT action, before, after FROM mutations WHERE subject = 'meter:${number}' ORDER BY seq`,
    );

  it("is in the audit by itself: made, and with another gateway or rating; told again it changes nothing", async () => {
    const number = `87${String(Date.now()).slice(-8)}`;
    const [made, swapped] = [`${number}1`, `${number}2`];
    await send("POST", "/tables/meters", { meter_number: swapped, thing: `old-${number}`, rated_w: 500 });
    const one = await registered({ meter: { number: made, thing: `gw-${number}`, from: "2026-10-01T00:00:00Z" } });
    expect(await named(made)).toMatchObject([{ action: "meter.create", after: { thing: `gw-${number}` } }]);
    const swap = { old: made, new: swapped, at: "2026-11-01T00:00:00Z", thing: `gw-${number}`, reason: "burnt" };
    const path = `/accounts/${one.accounts[0]?.account}/meters/swap`;
    // The gateway stays where it hangs, and serves the new meter.
    expect((await send("POST", path, swap)).status).toBe(200);
    expect((await send("POST", path, { ...swap, thing: "another" })).status).toBe(200);
    expect((await named(swapped)).slice(1)).toMatchObject([
      { action: "meter.change", before: { thing: `old-${number}`, rated_w: 500 }, after: { thing: `gw-${number}` } },
    ]);
  });

  it("never takes the gateway of another account's meter: it would switch that one's light", async () => {
    const number = `86${String(Date.now()).slice(-8)}`;
    const victim = await registered({ meter: { number: `${number}1`, thing: `gw-${number}` } });
    const taken = await send("POST", "/customers", {
      givenName: "A",
      familyName: "B",
      account: { site: "MAK" },
      meter: { number: `${number}2`, thing: `gw-${number}` },
    });
    expect([taken.status, taken.body.error?.details]).toEqual([
      409,
      `gateway gw-${number} is that of meter ${number}1 on ${victim.accounts[0]?.account}`,
    ]);
    expect(await named(`${number}2`)).toEqual([]);
    // Nor by way of a meter in stock that has its name already.
    await send("POST", "/tables/meters", { meter_number: `${number}3`, thing: `gw-${number}`, rated_w: null });
    const stock = { givenName: "A", familyName: "B", account: { site: "MAK" }, meter: { number: `${number}3` } };
    expect((await send("POST", "/customers", stock)).status).toBe(409);
  });
});

it("somebody who was merged into another is neither changed nor given an account: nobody would find it", async () => {
  const [kept, gone] = [await registered(), await registered()];
  const { mergeId } = mergeOf(await propose(gone.customerId, kept.customerId));
  await decide(mergeId, "accept", { keep: kept.customerId });
  const refused = `customer ${gone.customerId} is gone: it is customer ${kept.customerId}`;
  const opened = await send("POST", `/customers/${gone.customerId}/accounts`, { site: "MAK" });
  const { version } = await card(gone.customerId);
  const changed = await send("PATCH", `/customers/${gone.customerId}`, { version, note: "by the river" });
  for (const answer of [opened, changed]) expect([answer.status, answer.body.error?.details]).toEqual([422, refused]);
});

it("money that waits under the phone of somebody new is shown with them, and stays where it is", async () => {
  const phone = `6${String(2_900_000 + ++people)}`;
  const put = await copiesOf(country).write([
    {
      id: 1,
      row: {
        kind: "suspense_case",
        caseKey: `receipt:QK7PARK${people}`,
        receipt: `QK7PARK${people}`,
        generation: 1,
        share: 1,
        tillId: null,
        amountMinor: 2_000,
        currency: "LSL",
        because: "no account token",
        hintAccounts: [],
        hintNote: "",
        payerPhone: `266${phone}`,
        text: "M20.00 received",
        state: "open",
        openedAt: Date.now(),
        closedAt: null,
        version: 1,
      },
    },
  ] as unknown as Parameters<ReturnType<typeof copiesOf>["write"]>[0]);
  expect(put.recorded).toEqual([1]);
  const answer = await send("POST", "/customers", {
    givenName: "New",
    familyName: "Payer",
    phones: [phone],
    account: { site: "MAK" },
  });
  expect(answer.body.parked).toMatchObject([{ receipt: `QK7PARK${people}`, amountMinor: 2_000, sharing: "phone" }]);
  expect(await rows(`SELECT state FROM suspense_cases WHERE payer_phone = '266${phone}'`)).toEqual([{ state: "open" }]);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCorrections } from "../../src/adapters/neon/corrections.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import type { NewCorrection } from "../../src/ports/corrections.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed, value } from "./rows.ts";

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
});
afterAll(() => database.drop());

const all = () => neonCorrections(connect(database.appUrl, database.sqlUrl));
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
let requests = 0;
const by = (actor: string, at = NOON) => ({ actor, reason: "the book says so", at, requestId: `r${++requests}` });
const order = (id: string, over: Partial<NewCorrection> = {}): NewCorrection =>
  ({
    id,
    account: "0045MAK",
    energyWh: null,
    amountMinor: 4_000,
    currency: "LSL",
    worthMinor: 4_000,
    code: "payment_missing",
    document: "book 7",
    limitMinor: 10_000,
    ...over,
  }) as NewCorrection;
const stateOf = async (id: string) => (await all().find(id))?.state;

describe("an order to correct a balance", () => {
  it("within the limit is approved at once, and twice is once", async () => {
    expect(await all().order(order("a1"), by("Mpho"))).toMatchObject({ ok: true });
    expect(await all().order(order("a1"), by("Mpho"))).toMatchObject({ ok: true });
    expect(await stateOf("a1")).toBe("approved");
    expect(await ask("SELECT count(*) FROM mutations WHERE action = 'correction.order'")).toBe("1");
  });

  it("under an id that another order has is refused", async () => {
    const other = await all().order(order("a1", { amountMinor: 5_000 }), by("Mpho"));
    expect(other).toMatchObject({ ok: false, error: { kind: "exists" } });
  });

  it("waits for a second person when the day's orders of the account are above it together", async () => {
    await all().order(order("a2", { worthMinor: 6_000, amountMinor: 6_000 }), by("Mpho", NOON + 1));
    await all().order(order("a3", { worthMinor: 1, amountMinor: -1 }), by("Thabo", NOON + 2));
    await all().order(order("a4", { account: "0046MAK" }), by("Mpho", NOON + 3));
    await all().order(order("a5"), by("Mpho", NOON + 25 * 3_600_000));
    expect(await Promise.all(["a2", "a3", "a4", "a5"].map(stateOf))).toEqual([
      "approved",
      "waiting",
      "approved",
      "approved",
    ]);
  });

  it("whose worth nobody can say waits as well", async () => {
    await all().order(
      order("a6", { worthMinor: null, energyWh: 10, amountMinor: null } as never),
      by("Mpho", NOON + 90 * 3_600_000),
    );
    expect(await stateOf("a6")).toBe("waiting");
  });

  it("is not approved by whoever ordered it, in whatever letter case, and is by another", async () => {
    await all().order(order("t1", { account: "0046MAK", worthMinor: null }), by("Thabo", NOON + 200 * 3_600_000));
    for (const same of ["Thabo", " tHABO "])
      expect(await all().decide("t1", true, by(same))).toMatchObject({ ok: false, error: { detail: "same person" } });
    expect(await stateOf("t1")).toBe("waiting");
    expect(await all().decide("t1", true, by("Lineo"))).toMatchObject({ ok: true });
    expect(await all().decide("t1", true, by("Lineo"))).toMatchObject({ ok: true });
    expect(await all().find("t1")).toMatchObject({ state: "approved", orderedBy: "Thabo", decidedBy: "Lineo" });
    expect(await all().decide("t1", false, by("Palesa"))).toMatchObject({ ok: false, error: { kind: "exists" } });
    expect(await ask("SELECT count(*) FROM mutations WHERE action = 'correction.approve'")).toBe("1");
    await all().answered("t1", { state: "posted", because: null, at: NOON });
  });

  it("may be refused by anybody, and is never posted then", async () => {
    expect(await all().decide("a6", false, by("Mpho"))).toMatchObject({ ok: true });
    await all().answered("a6", { state: "posted", because: null, at: NOON });
    expect(await all().find("a6")).toMatchObject({ state: "refused", because: "the book says so" });
  });

  it("that is approved and not posted is found, until the account has answered", async () => {
    const ids = async () => (await all().approvedBefore(NOON + 10, 10)).map(({ id }) => id);
    await all().decide("a3", true, by("Lineo"));
    expect(await ids()).toEqual(["a1", "a2", "a3", "a4"]);
    await all().answered("a1", { state: "posted", because: null, at: NOON + 5 });
    await all().answered("a2", { state: "refused", because: "tariff_unset", at: NOON + 5 });
    expect(await ids()).toEqual(["a3", "a4"]);
    expect(await all().list({ state: "posted", account: "0045MAK", after: "" }, 10)).toMatchObject([
      { id: "a1", postedAt: NOON + 5 },
    ]);
  });

  it("of no account is refused, and an unknown one cannot be decided", async () => {
    expect(await all().order(order("b1", { account: "9999MAK" }), by("Mpho"))).toMatchObject({
      error: { kind: "unknown" },
    });
    expect(await all().decide("b1", true, by("Mpho"))).toMatchObject({ error: { kind: "unknown" } });
  });

  it("is held to the country's own limit, which is audited", async () => {
    expect(await all().limitMinor()).toBeNull();
    for (let n = 0; n < 2; n++) await all().setLimit(5_000, by("Mpho"));
    expect(await all().limitMinor()).toBe(5_000);
    expect(await ask("SELECT count(*) FROM mutations WHERE subject = 'setting:correction_limit_minor'")).toBe("1");
  });
});

/** Money and countries at the simulators: a credit arrives once, and a country's keys reach no other country. */
import { describe, expect, it } from "vitest";
import { koiosSiteId } from "../dev/koios/org.ts";
import { thunderCredits } from "../src/adapters/thundercloud/credits.ts";
import { baseStations, thunderBalances } from "../src/adapters/thundercloud/customers.ts";
import { thunderPayments } from "../src/adapters/thundercloud/transactions.ts";
import { koiosClients, settingsOf, thunderClients, wholeDay } from "./vendor-clients.ts";
import { benin, koiosOf, lesotho, NOON, thunderCloudOf, YESTERDAY } from "./vendor-sims.ts";

const ket = { site: "KET", vendorSiteId: koiosSiteId(lesotho().org, "KET"), day: YESTERDAY };

const order = {
  externalId: "receipt:QK7#1.1",
  amountMinor: 5_000,
  currency: "LSL",
  memo: "CC receipt:QK7#1.1",
} as const;

describe("a credit arrives once", () => {
  it("at Koios, also when its answer is lost and it is sent again", async () => {
    const sim = koiosOf();
    const { credits, balances } = koiosClients(sim);
    const mine = { ...order, customerCode: "1001MAT" };
    const before = await balances.balance("1001MAT");
    sim.board.set({ cut_after: { count: 1 } });
    expect(await credits.send(mine)).toMatchObject({ came: "none" });
    expect(await credits.find(mine.externalId, "1001MAT")).toMatchObject({ came: "answer", status: 200 });
    const again = await credits.send(mine);
    expect(again.came === "answer" && [again.status, again.body]).toEqual([
      400,
      expect.stringContaining("already been taken"),
    ]);
    const after = await balances.balance("1001MAT");
    if (typeof before !== "object" || typeof after !== "object" || "refused" in before || "refused" in after)
      throw new Error("no balance");
    expect(after.balanceMinor - before.balanceMinor).toBe(5_000);
    expect(after.rateE4PerKwh).toBe(50_000);
  });

  it("at ThunderCloud, also with a stale token, and is found by our name", async () => {
    const sim = thunderCloudOf();
    const { thunder, statuses } = thunderClients(sim);
    const credits = thunderCredits(thunder);
    const mine = { ...order, customerCode: "1001MAK" };
    sim.board.set({ stale_token: true });
    expect(await credits.send(mine)).toMatchObject({ came: "answer", status: 201 });
    expect(statuses.filter((status) => status === 401)).toHaveLength(1);
    expect(await credits.find(mine.externalId, "1001MAK")).toMatchObject({ came: "answer", status: 200 });
    expect(await credits.send(mine)).toMatchObject({ came: "answer", status: 400 });
    sim.clock.advance(10 * 60_000);
    const { payments } = sim.state.wallets;
    expect(payments.filter(({ externalId }) => externalId === mine.externalId)).toHaveLength(1);
    expect(await thunderBalances(thunder).balance("1001MAK")).toMatchObject({ customerCode: "1001MAK" });
  });

  it("and shows in the platform's list with our name, beside what its operators typed", async () => {
    const sim = koiosOf();
    const { credits, payments } = koiosClients(sim);
    await credits.send({ ...order, customerCode: "1001MAT" });
    await sim.ask("POST", "/console/payments", { code: "1002MAT", amount: "20.00", memo: "paid in cash" });
    const listed = await payments.page(0);
    if ("refused" in listed) throw new Error(listed.detail);
    const seen = listed.payments.map(({ externalId, customerCode, amountMinor, status }) => [
      externalId,
      customerCode,
      amountMinor,
      status,
    ]);
    expect(seen).toContainEqual(["receipt:QK7#1.1", "1001MAT", 5_000, "processed"]);
    expect(seen).toContainEqual([null, "1002MAT", 2_000, "processed"]);
    const tc = thunderCloudOf();
    const clients = thunderClients(tc);
    await thunderCredits(clients.thunder).send({ ...order, customerCode: "1001MAK" });
    const transactions = await thunderPayments(clients.thunder).page(0);
    expect("payments" in transactions && transactions.payments[0]).toMatchObject({
      externalId: "receipt:QK7#1.1",
      amountMinor: 5_000,
      status: "pending",
    });
  });

  it("and a base station that is offline says since when", async () => {
    const sim = thunderCloudOf();
    sim.board.set({ base_offline: { hours: 30 } });
    expect(await baseStations(thunderClients(sim).thunder)).toEqual({
      bases: [{ serial: "SMB-1", lastSync: NOON - 30 * 3_600_000 }],
    });
  });
});

describe("a country's keys", () => {
  const bjOrg = benin().org;
  it("show nothing of another country's, and credit nobody there, whatever is asked with them", async () => {
    const sim = koiosOf();
    const bj = koiosClients(sim, settingsOf("BJ"));
    await bj.credits.send({
      ...order,
      externalId: "receipt:BJ1#1.1",
      customerCode: "1001GBO",
      currency: "XOF",
      amountMinor: 500,
    });
    const { historical, report, balances, credits } = koiosClients(sim);
    const gbo = { site: "GBO", vendorSiteId: koiosSiteId(bjOrg, "GBO"), day: YESTERDAY };
    expect((await wholeDay(historical, gbo)).refused).toMatchObject({ refused: "unreadable" });
    expect((await wholeDay(report, gbo)).refused).toMatchObject({ refused: "unreadable" });
    expect(await balances.balance("1001GBO")).toBe("unknown");
    expect(await credits.find("receipt:BJ1#1.1", "1001GBO")).toMatchObject({ status: 404 });
    expect(await credits.send({ ...order, customerCode: "1001GBO" })).toMatchObject({ status: 404 });
    const fresh = await historical.freshness();
    expect("newest" in fresh && Object.keys(fresh.newest)).not.toContain(gbo.vendorSiteId);
    expect(sim.orgs[1]?.wallets.payments.filter(({ by }) => by === "api")).toHaveLength(1);
  });

  it("are refused for another country's organisation, also by the login of its pages", async () => {
    const sim = koiosOf();
    // As a deployment that was given the wrong organisation.
    const mixed = { ...settingsOf("LS"), org: bjOrg };
    const { historical, payments } = koiosClients(sim, mixed);
    expect((await wholeDay(historical, ket)).refused).toMatchObject({ refused: "unauthorised" });
    expect(await payments.page(0)).toMatchObject({ refused: "unauthorised" });
  });

  it("of another country altogether still bring no money here: it is in the wrong currency", async () => {
    const sim = koiosOf();
    const stolen = { ...settingsOf("BJ"), currency: "LSL", minorDigits: 2 } as const;
    const bj = koiosClients(sim, settingsOf("BJ"));
    await bj.credits.send({ ...order, customerCode: "1001GBO", currency: "XOF", amountMinor: 500 });
    const { balances, payments } = koiosClients(sim, stolen);
    expect(await balances.balance("1001GBO")).toMatchObject({ refused: "unreadable" });
    const listed = await payments.page(0);
    expect("payments" in listed && [listed.payments, listed.leftOut]).toEqual([[], { other_currency: 1 }]);
  });
});

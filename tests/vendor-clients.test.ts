/** The feeds at the simulators, with their faults on: what comes through is the truth, or a refusal with its reason. */
import { describe, expect, it } from "vitest";
import { koiosSiteId } from "../dev/koios/org.ts";
import type { FaultParams } from "../dev/vendors/faults.ts";
import { thunderHistory } from "../src/adapters/thundercloud/history.ts";
import type { VendorInterval } from "../src/domain/vendor.ts";
import { koiosClients, thunderClients, wholeDay } from "./vendor-clients.ts";
import { koiosOf, lesotho, thunderCloudOf, YESTERDAY } from "./vendor-sims.ts";

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;

/** As whoever stores them sees them: one row a serial and start; what is impossible is not among them. */
const once = (intervals: VendorInterval[]) =>
  new Map(intervals.map(({ serial, startAt, energyWh }) => [`${serial} ${startAt}`, energyWh]));

type Truth = {
  wallets: {
    customers: Map<string, { site: string; serial: string | null }>;
    energyOf(customer: never): { intervalWh(at: number): number } | null;
  };
};
function truthOf({ wallets }: Truth, site: string, day: string) {
  const from = Date.parse(`${day}T00:00:00Z`);
  const truth = new Map<string, number>();
  for (const customer of wallets.customers.values()) {
    if (customer.site !== site || customer.serial === null) continue;
    for (let at = from; at < from + DAY_MS; at += QUARTER_MS)
      truth.set(`${customer.serial} ${at}`, wallets.energyOf(customer as never)?.intervalWh(at) ?? 0);
  }
  return truth;
}

const ls = lesotho().org;
const ket = { site: "KET", vendorSiteId: koiosSiteId(ls, "KET"), day: YESTERDAY };
const mat = { site: "MAT", vendorSiteId: koiosSiteId(ls, "MAT"), day: YESTERDAY };

describe("a site's day of Koios is the truth to the watt-hour", () => {
  it.each<[string, Record<string, boolean | Partial<FaultParams>>]>([
    ["as it comes", {}],
    ["with every heartbeat 2.6 times", { duplicates: { times: 2.6 } }],
    ["in the flat shape, with totalizers between", { flat_records: true }],
    ["with energy under its other name and codes missing", { energy_key: true, missing_code: true }],
    ["with impossible values beside the true ones", { garbage: { perMille: 50 } }],
    ["in small pages only", { big_page_504: { over: 25 } }],
    ["through a storm of 502 and 504", { storm: { permille: 150 } }],
    ["through lost lines of HTML", { html: { permille: 100 } }],
    [
      "with all of that at once",
      {
        duplicates: { times: 2.6 },
        missing_code: true,
        garbage: { perMille: 20 },
        big_page_504: { over: 50 },
        storm: { permille: 100 },
      },
    ],
  ])("in pages, %s", async (_, faults) => {
    const sim = koiosOf();
    expect(sim.board.set(faults)).toBeNull();
    const { historical, statuses } = koiosClients(sim);
    const day = await wholeDay(historical, ket, sim.clock);
    expect(day.refused).toBeNull();
    const org = sim.orgs[0];
    if (org === undefined) throw new Error("no organisation");
    expect(once(day.intervals)).toEqual(truthOf(org as never, "KET", YESTERDAY));
    expect(statuses).not.toContain(429);
    if ("flat_records" in faults) expect(day.leftOut.totalizer).toBeGreaterThan(0);
    if ("garbage" in faults) expect(day.leftOut.unreadable).toBeGreaterThan(0);
  });

  it.each<[string, Record<string, boolean | Partial<FaultParams>>]>([
    ["as it comes", {}],
    ["with other headers", { renamed_headers: true }],
    ["with every heartbeat 49 times", { duplicates: { times: 49 } }],
    ["with codes missing and impossible values", { missing_code: true, garbage: { perMille: 50 } }],
  ])("as a report, %s", async (_, faults) => {
    const sim = koiosOf();
    expect(sim.board.set(faults)).toBeNull();
    const { report } = koiosClients(sim);
    const day = await wholeDay(report, mat);
    const org = sim.orgs[0];
    if (org === undefined) throw new Error("no organisation");
    expect(day.refused).toBeNull();
    expect(once(day.intervals)).toEqual(truthOf(org as never, "MAT", YESTERDAY));
  });

  it("is begun again when its cursor dies on the way, by the vendor's clock", async () => {
    const sim = koiosOf();
    const { historical } = koiosClients(sim);
    const first = await historical.page(ket, null);
    if ("refused" in first) throw new Error(first.detail);
    sim.board.set({ cursor_dies: { seconds: 1 } });
    sim.clock.advance(2_000);
    expect(await historical.page(ket, first.next)).toMatchObject({ refused: "cursor_died" });
  });

  it.each<[string, Record<string, boolean | Partial<FaultParams>>, string]>([
    ["a report that is not made yet", { report_404: true }, "absent"],
    ["a key that is not taken", { unauthorised: true }, "unauthorised"],
  ])("or is refused with its reason: %s", async (_, faults, refused) => {
    const sim = koiosOf();
    sim.board.set(faults);
    expect((await wholeDay(koiosClients(sim).report, mat)).refused).toMatchObject({ refused });
  });

  it("stops at the vendor's own end of the day, asks nothing more, and goes on the next", async () => {
    const sim = koiosOf();
    sim.board.set({ budget: { after: 4 } });
    const { historical, statuses, health } = koiosClients(sim);
    const day = await wholeDay(historical, ket);
    expect(day.refused).toMatchObject({ refused: "budget_spent" });
    const asked = statuses.length;
    expect((await wholeDay(historical, ket)).refused).toMatchObject({
      refused: "budget_spent",
      retryAt: Date.UTC(2026, 10, 29),
    });
    expect(statuses).toHaveLength(asked);
    expect(health().spentUntil).toBe(Date.UTC(2026, 10, 29));
    sim.clock.advance(12 * 3_600_000);
    expect("refused" in (await historical.page(ket, null))).toBe(false);
  });
});

describe("a base station's day of ThunderCloud is the truth to the watt-hour", () => {
  const unit = { site: "MAK", vendorSiteId: "SMB-1", day: "2026-11-26" };
  it.each<[string, Record<string, boolean | Partial<FaultParams>>]>([
    ["as it comes", {}],
    ["in release 2", { renamed_columns: { release: 2 } }],
    ["in release 3, with texts for times", { renamed_columns: { release: 3 }, text_times: true }],
    ["in release 4, without codes", { renamed_columns: { release: 4 }, missing_code: true }],
    [
      "three times over, with garbage and a row of next week",
      { duplicates: { times: 3 }, garbage: { perMille: 50 }, future_row: true },
    ],
    ["with its session lost now and then", { session_lost: { count: 1 } }],
  ])("%s", async (_, faults) => {
    const sim = thunderCloudOf();
    expect(sim.board.set(faults)).toBeNull();
    const day = await wholeDay(thunderHistory(thunderClients(sim).thunder), unit);
    expect(day.refused).toBeNull();
    expect(once(day.intervals)).toEqual(truthOf(sim.state as never, "MAK", unit.day));
  });

  it("is absent while it is late, or has nothing in it", async () => {
    for (const faults of [{ late: { days: 4 } }, { tiny_file: true }]) {
      const sim = thunderCloudOf();
      sim.board.set(faults);
      expect((await wholeDay(thunderHistory(thunderClients(sim).thunder), unit)).refused).toMatchObject({
        refused: "absent",
      });
    }
  });

  it("is as fresh as its newest file", async () => {
    const got = await thunderHistory(thunderClients(thunderCloudOf()).thunder).freshness();
    expect(got).toEqual({ newest: { "SMB-1": Date.UTC(2026, 10, 27) - QUARTER_MS } });
  });
});

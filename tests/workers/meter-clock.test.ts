import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ledger, live, payment, placed } from "./account-makers.ts";
import { calmGate, HOUR, MINUTE, owedBy, reading, viewOf } from "./reading-makers.ts";

const T0 = Date.UTC(2026, 10, 25, 6, 0);
const DAY = 24 * HOUR;
const METER = placed({ meterNumber: "23099001", thing: "MAK-GW-0007" });
/** Dearer from half past six on. */
const RATES = [
  { tariffId: 7, scope: "global", rateE4PerKwh: 50_000, validFrom: 0 },
  { tariffId: 8, scope: "global", rateE4PerKwh: 60_000, validFrom: T0 + 30 * MINUTE },
] as const;

beforeEach(async () => {
  vi.useFakeTimers({ now: T0, toFake: ["Date"] });
  await calmGate();
});
afterEach(() => {
  vi.useRealTimers();
});

async function metered(account: string) {
  await live(account, { meters: [METER], rates: [...RATES] });
  await ledger(account).post(account, payment({ receipt: `QK7${account}` }));
  await read(account, reading({ readAt: T0, registerWh: 10_000 }));
  return account;
}
async function read(account: string, ...readings: ReturnType<typeof reading>[]) {
  const verdicts = await ledger(account).read(account, readings);
  if (typeof verdicts === "string") throw new Error(verdicts);
  return verdicts;
}
const uses = async (account: string) => {
  const entries = await ledger(account).entriesAfter(account, 0, 100);
  if (entries === "not_ready") throw new Error("not ready");
  return entries.filter(({ kind }) => kind !== "payment").map(({ energyWh, tariffId }) => [energyWh, tariffId]);
};

describe("a meter's clock and its account", () => {
  it("debits by the tariff of when it was read, however late it comes", async () => {
    const account = await metered("1751MAK");
    vi.setSystemTime(T0 + 5 * HOUR);
    const quarter = reading({ readAt: T0 + 25 * MINUTE, registerWh: 10_100 });
    await read(account, quarter, reading({ readAt: T0 + 65 * MINUTE, registerWh: 10_300 }));
    expect(await uses(account)).toEqual([[-300, 8]]);
    const early = await live("1752MAK", {
      meters: [METER],
      rates: [RATES[0], { ...RATES[1], validFrom: T0 + 2 * HOUR }],
    });
    await read(early, reading({ readAt: T0, registerWh: 10_000 }), reading({ readAt: T0 + HOUR, registerWh: 10_200 }));
    expect(await uses(early)).toEqual([[-200, 7]]);
  });

  it("takes no tariff of tomorrow: what is dated so waits for a person, as a case, and nobody goes dark by it", async () => {
    const account = await metered("1753MAK");
    vi.setSystemTime(T0 + 10 * MINUTE);
    const ahead = reading({ readAt: T0 + DAY, registerWh: 19_000 });
    expect(await read(account, ahead)).toEqual([{ status: "quarantined", because: "future" }]);
    expect(await uses(account)).toEqual([]);
    expect(await owedBy(account, "case")).toMatchObject([{ caseKind: "reading_quarantined", state: "open" }]);
    expect(await viewOf(account)).toMatchObject({ availableWh: 4_000, meters: [{ dark: null }] });
  });

  it("debits once what a meter counts while its clock is days behind, in one call or in many", async () => {
    for (const [account, perCall] of [
      ["1754MAK", 8],
      ["1755MAK", 1],
    ] as const) {
      vi.setSystemTime(T0);
      await metered(account);
      vi.setSystemTime(T0 + 3 * HOUR);
      const behind = Array.from({ length: 8 }, (_, n) =>
        reading({ readAt: T0 - 60 * DAY + n * 15 * MINUTE, registerWh: 10_100 + 50 * n }),
      );
      for (let from = 0; from < behind.length; from += perCall) {
        const verdicts = await read(account, ...behind.slice(from, from + perCall));
        expect(verdicts.map((verdict) => "because" in verdict && verdict.because)).toEqual(verdicts.map(() => "late"));
      }
      expect(await viewOf(account)).toMatchObject({ balanceWh: 4_000, availableWh: 4_000 });
      await read(account, reading({ readAt: T0 + 3 * HOUR, registerWh: 10_500 }));
      expect(await viewOf(account)).toMatchObject({ balanceWh: 3_500, availableWh: 3_500 });
    }
  });
});

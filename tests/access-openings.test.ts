/** The openings of `npm run migrate:access`: pages, answers of every kind, and the same file again. */
import { describe, expect, it } from "vitest";
import type { Call } from "../dev/move-in.ts";
import { instantNamed, openingLines, postOpenings } from "../dev/moving-in/openings.ts";
import { type OldOpening, OPENING_WH_MAX } from "../src/domain/moving-in/openings.ts";

type Order = { account: string; energyWh: number; at: string; document: string };

const numbered = (index: number) => `${String(index).padStart(4, "0")}MAK`;
const opening = (account: string, over: Partial<OldOpening> = {}): OldOpening => ({
  account,
  balanceWh: 1_500,
  at: Date.UTC(2025, 9, 16, 12),
  document: { table: "tblaccounthistory1", row: "88" },
  ...over,
});

/** A door that opens each account once. `slow` accounts are not ready that many times; `busy` ones have entries. */
function door({
  slow = {},
  busy = [],
  dies = [],
}: {
  slow?: Record<string, number>;
  busy?: string[];
  dies?: number[];
}) {
  const kept = new Map<string, Order>();
  const pages: string[][] = [];
  const left = new Map(Object.entries(slow));
  const answerTo = (order: Order) => {
    const { account, energyWh } = order;
    const none = { account, because: null, balanceWh: null };
    const waits = left.get(account) ?? 0;
    left.set(account, waits - 1);
    if (waits > 0) return { ...none, status: "not_ready" };
    if (busy.includes(account)) return { ...none, status: "refused", because: "has_entries" };
    const first = kept.get(account) ?? order;
    kept.set(account, first);
    return { ...none, status: first.energyWh === energyWh ? "opened" : "opened_before", balanceWh: first.energyWh };
  };
  const call: Call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    expect([method, path]).toEqual(["POST", "/openings"]);
    const { openings } = body as { openings: Order[] };
    pages.push(openings.map(({ account }) => account));
    if (dies.includes(pages.length)) throw new Error("here answered 403: no");
    return { results: openings.map(answerTo) } as T;
  };
  const pauses: number[] = [];
  const pause = async (ms: number) => void pauses.push(ms);
  const run = (openings: OldOpening[], written = openings.map(({ account }) => account), cutoverAt?: number) =>
    postOpenings(call, { openings, written: new Set(written), cutoverAt: cutoverAt ?? null }, () => undefined, pause);
  return { run, kept, pages, pauses };
}

const many = Array.from({ length: 450 }, (_, index) => opening(numbered(index + 1), { balanceWh: index - 20 }));
const manyWh = many.reduce((sum, { balanceWh }) => sum + balanceWh, 0);

describe("the openings of a move", () => {
  it("go in pages of 200, each with its row, at the time of that row, also below zero", async () => {
    const { run, kept, pages } = door({});
    expect(await run(many)).toEqual({ opened: 450, energyWh: manyWh, withoutBalance: 0, notOpened: [] });
    expect(pages.map(({ length }) => length)).toEqual([200, 200, 50]);
    expect(kept.get("0001MAK")).toEqual({
      account: "0001MAK",
      energyWh: -20,
      at: "2025-10-16T12:00:00.000Z",
      document: "tblaccounthistory1 row 88",
    });
  });

  it("stand at the cut-over when it is named", async () => {
    const { run, kept } = door({});
    await run([opening("0001MAK")], ["0001MAK"], instantNamed("cutover", "2026-12-01T00:00:00+02:00"));
    expect(kept.get("0001MAK")?.at).toBe("2026-11-30T22:00:00.000Z");
  });

  it("come to the same when they are sent again, and after a stop half way", async () => {
    const { run, kept } = door({ dies: [2] });
    await expect(run(many)).rejects.toThrow("answered 403");
    expect(kept.size).toBe(200);
    const whole = { opened: 450, energyWh: manyWh, withoutBalance: 0, notOpened: [] };
    expect(await run(many)).toEqual(whole);
    const before = new Map(kept);
    expect(await run(many)).toEqual(whole);
    expect(kept).toEqual(before);
  });

  it("with another amount than before change nothing, and are listed with both", async () => {
    const { run, kept } = door({});
    await run([opening("0001MAK")]);
    const again = await run([opening("0001MAK", { balanceWh: 7 }), opening("0002MAK")]);
    expect(kept.get("0001MAK")?.energyWh).toBe(1_500);
    expect(again).toMatchObject({ opened: 1, energyWh: 1_500 });
    expect(openingLines(again)).toEqual([
      "opening 0001MAK: opened_before, it was opened with 1500 Wh, and stays so; this file says 7 Wh",
      'openings  {"opened":1,"opened_before":1}, 1500 Wh in all',
    ]);
  });

  it("are asked again when an account is not ready, without the others, and five times in all", async () => {
    const { run, pages, pauses } = door({ slow: { "0002MAK": 2, "0003MAK": 99 } });
    const done = await run(["0001MAK", "0002MAK", "0003MAK"].map((account) => opening(account)));
    expect(pages).toEqual([
      ["0001MAK", "0002MAK", "0003MAK"],
      ["0002MAK", "0003MAK"],
      ["0002MAK", "0003MAK"],
      ["0003MAK"],
      ["0003MAK"],
    ]);
    expect(pauses).toHaveLength(4);
    expect(done.opened).toBe(2);
    expect(done.notOpened).toMatchObject([{ account: "0003MAK", status: "not_ready", energyWh: 1_500 }]);
  });

  it("are refused by an account that has entries, which is named", async () => {
    const { run } = door({ busy: ["0002MAK"] });
    const done = await run([opening("0001MAK"), opening("0002MAK")]);
    expect(done).toMatchObject({ opened: 1, energyWh: 1_500 });
    expect(openingLines(done)[0]).toBe("opening 0002MAK: refused, has_entries");
  });

  it("are not asked for where the move did not write the account, and are counted", async () => {
    const { run, pages } = door({});
    const done = await run([opening("0001MAK"), opening("0001FSI")], ["0001MAK", "0009MAK"]);
    expect(pages).toEqual([["0001MAK"]]);
    expect(done.notOpened).toMatchObject([{ account: "0001FSI", status: "not_written" }]);
    expect(openingLines(done)).toEqual([
      'openings  {"opened":1,"not_written":1}, 1500 Wh in all',
      "openings  1 accounts have no balance in the old books: none",
    ]);
  });

  it("keep a page when one amount of it is impossible: that one is listed, and not sent", async () => {
    const { run, pages } = door({});
    const done = await run([opening("0001MAK", { balanceWh: -OPENING_WH_MAX - 1 }), opening("0002MAK")]);
    expect(pages).toEqual([["0002MAK"]]);
    expect(done.notOpened).toMatchObject([{ account: "0001MAK", status: "refused" }]);
  });

  it.each(["2026-12-01", "2026-12-01T00:00:00", "2026-13-01T00:00:00Z", "soon"])("have no cut-over at %s", (text) => {
    expect(() => instantNamed("cutover", text)).toThrow(`--cutover ${text} is no instant`);
  });
});

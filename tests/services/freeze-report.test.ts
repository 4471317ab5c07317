import { describe, expect, it } from "vitest";
import { type FrozenRow, frozenOf } from "../../src/domain/metrics/frozen.ts";
import type { ReportAnswer } from "../../src/domain/metrics/report-answer.ts";
import sheetEn from "../../src/domain/metrics/sheet-words/en.ts";
import en from "../../src/domain/metrics/words/en.ts";
import { err, ok } from "../../src/domain/result.ts";
import type { FrozenFiles, FrozenReports, NewFrozen } from "../../src/ports/frozen-reports.ts";
import { freezeReport, openFrozen } from "../../src/services/freeze-report.ts";

const WORDS = { ...en, ...sheetEn };
const BY = { actor: "Lineo", reason: "board", at: 1_000 };
const answer = (coverageBp: number, asOf = 0): ReportAnswer => ({
  ...{ report: "money", countryName: "Lesotho", currency: "LSL", minorDigits: 2, timeZone: "Africa/Maseru" },
  ...{
    utcOffsetMinutes: 120,
    from: "2026-07-01",
    to: "2026-09-30",
    site: null,
    asOf,
    pendingDays: 0,
    coverageBp,
    figures: [],
  },
});
const frozen = (coverageBp = 9_000, asOf = 0) =>
  frozenOf({ from: null, to: null, site: null }, answer(coverageBp, asOf), { en: WORDS, fr: WORDS, st: WORDS });
const act = (actKey: string) => ({ actKey, definitions: "1f0c" });

/** A store and a table in memory, with the keys that the real ones have. */
function world() {
  const objects = new Map<string, Uint8Array>();
  const kept: (NewFrozen & FrozenRow)[] = [];
  const refusing = { put: false, add: false };
  const files: FrozenFiles = {
    async put(key, bytes) {
      if (refusing.put) throw new Error("R2 is not there");
      objects.set(key, bytes);
    },
    get: async (key) => objects.get(key) ?? null,
    async delete(key) {
      objects.delete(key);
    },
  };
  const reports: FrozenReports = {
    async add(row, by) {
      if (refusing.add) return err({ kind: "refused", detail: "23514" });
      const isThere = kept.some((each) => each.actKey === row.actKey || each.samenessSha256 === row.samenessSha256);
      if (!isThere)
        kept.push({ ...row, frozenId: kept.length + 1, actor: by.actor, reason: by.reason ?? "", frozenAt: by.at });
      return ok({ version: 1 });
    },
    findSame: async (key, hash) =>
      kept.find(({ actKey }) => actKey === key) ?? kept.find(({ samenessSha256 }) => samenessSha256 === hash) ?? null,
    find: async (id) => kept.find(({ frozenId }) => frozenId === id) ?? null,
    list: async () => kept,
  };
  return { objects, kept, refusing, ports: { files, reports } };
}
const rowOf = (done: Awaited<ReturnType<typeof freezeReport>>) => {
  if (!done.ok) throw new Error(done.error.kind);
  return done.value;
};

describe("freezing a report", () => {
  it("keeps its answer under its hash, and a row with who, why and by which definitions", async () => {
    const { objects, ports } = world();
    const { status, frozen: row } = rowOf(await freezeReport(ports, frozen(), act("act-1"), BY));
    expect([status, row.actor, row.reason, row.definitions, row.bytes]).toEqual([
      ...["created", "Lineo", "board", "1f0c"],
      objects.get(row.objectKey)?.length,
    ]);
    expect([...objects.keys()]).toEqual([`reports/${row.sha256}.json`]);
    expect(await openFrozen(ports.files, row)).toMatchObject({ ok: true, value: { report: frozen() } });
  });

  it("twice is the same as once: the same act, and the same figures by another hand a minute later", async () => {
    const { objects, kept, ports } = world();
    const first = rowOf(await freezeReport(ports, frozen(), act("act-1"), BY));
    for (const [made, key] of [
      [frozen(9_000, 60_000), "act-1"],
      [frozen(9_100), "act-1"],
      [frozen(9_000, 60_000), "act-2"],
    ] as const)
      expect(rowOf(await freezeReport(ports, made, act(key), BY))).toEqual({ status: "exists", frozen: first.frozen });
    expect([kept.length, objects.size]).toEqual([1, 1]);
  });

  it("is a report of its own when a figure is another", async () => {
    const { kept, objects, ports } = world();
    await freezeReport(ports, frozen(), act("act-1"), BY);
    expect(rowOf(await freezeReport(ports, frozen(9_100), act("act-2"), BY)).status).toBe("created");
    expect([kept.length, objects.size]).toEqual([2, 2]);
  });

  it("leaves no file of whoever came second with the same figures at the same moment", async () => {
    const { objects, kept, ports } = world();
    let isFirst = true;
    const racing: FrozenReports = {
      ...ports.reports,
      // Both look before either has written.
      findSame: async (key, hash) => {
        const found = await ports.reports.findSame(key, hash);
        if (!isFirst) return found;
        isFirst = false;
        await freezeReport(ports, frozen(9_000, 5), act("act-2"), BY);
        return null;
      },
    };
    const second = rowOf(await freezeReport({ ...ports, reports: racing }, frozen(), act("act-1"), BY));
    expect([second.status, kept[0]?.actKey]).toEqual(["exists", "act-2"]);
    expect([...objects.keys()]).toEqual([kept[0]?.objectKey]);
  });

  it("leaves nothing behind when the store refuses, or the records do", async () => {
    const { objects, kept, refusing, ports } = world();
    refusing.put = true;
    expect(await freezeReport(ports, frozen(), act("act-1"), BY)).toEqual({
      ok: false,
      error: { kind: "no_store", because: "R2 is not there" },
    });
    refusing.put = false;
    refusing.add = true;
    expect(await freezeReport(ports, frozen(), act("act-1"), BY)).toMatchObject({ error: { kind: "refused" } });
    expect([kept.length, objects.size]).toEqual([0, 0]);
    refusing.add = false;
    expect(rowOf(await freezeReport(ports, frozen(), act("act-1"), BY)).status).toBe("created");
  });

  it("does not give another report to whoever uses an act's name again", async () => {
    const { ports } = world();
    await freezeReport(ports, frozen(), act("act-1"), BY);
    const other = { ...frozen(), answer: { ...answer(9_000), site: "MAK" } };
    expect(await freezeReport(ports, other, act("act-1"), BY)).toMatchObject({ error: { kind: "exists" } });
  });
});

describe("opening a frozen report", () => {
  it("says it loudly when the file is another, or not there, or nobody answers", async () => {
    const { objects, ports } = world();
    const { frozen: row } = rowOf(await freezeReport(ports, frozen(), act("act-1"), BY));
    objects.set(row.objectKey, new TextEncoder().encode("{}"));
    expect(await openFrozen(ports.files, row)).toMatchObject({
      error: { kind: "not_as_frozen", expected: row.sha256 },
    });
    objects.clear();
    expect(await openFrozen(ports.files, row)).toEqual({ ok: false, error: { kind: "no_file" } });
    const gone = { ...ports.files, get: () => Promise.reject(new Error("R2 is not there")) };
    expect(await openFrozen(gone, row)).toEqual({ ok: false, error: { kind: "no_store", because: "R2 is not there" } });
  });
});

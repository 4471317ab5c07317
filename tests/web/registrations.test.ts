import { describe, expect, it } from "vitest";
import {
  type Batch,
  choicesOf,
  columnsOf,
  faultAt,
  faultsElsewhere,
  isMoving,
  markOf,
  progressOf,
  type Row,
  unreadOf,
} from "../../web/pages/registrations/model.ts";

const counts = { all: 10, empty: 0, good: 6, twins: 1, faulty: 3, registered: 0, told: 0, undone: 0, kept: 0 };
const batch = (over: Partial<Batch> = {}): Batch => ({
  batchId: 7,
  state: "checked",
  mode: null,
  takesTwins: null,
  because: null,
  fileName: "village.xlsx",
  format: "xlsx",
  sheet: null,
  site: "MAK",
  columns: [
    { header: "First name", field: "givenName" },
    { header: "Shoe size", field: null },
    { header: "Prénom", field: "givenName" },
  ],
  rows: counts,
  createdBy: "Lineo",
  createdAt: 1,
  committedBy: null,
  committedAt: null,
  undoneBy: null,
  undoneAt: null,
  undoReason: null,
  ...over,
});
const row = (over: Partial<Row> = {}): Row => ({
  row: 3,
  verdict: "taken",
  typed: {},
  faults: [],
  twins: [],
  state: "waiting",
  because: null,
  customerId: null,
  account: null,
  ...over,
});

describe("what may be taken of a file", () => {
  it("is the good rows, and the likely twins where somebody says so; all only when none is wrong", () => {
    expect(choicesOf(batch(), false)).toMatchObject({ taken: 6, left: 4, canAll: false });
    expect(choicesOf(batch(), true)).toMatchObject({ taken: 7, left: 3, canAll: false });
    const right = batch({ rows: { ...counts, faulty: 0 } });
    expect(choicesOf(right, false).canAll).toBe(false);
    expect(choicesOf(right, true)).toMatchObject({ taken: 7, left: 0, canAll: true });
  });

  it("is nothing of an empty file, or of one that was taken", () => {
    expect(choicesOf(batch({ rows: { ...counts, good: 0, twins: 0, faulty: 0 } }), false).canAll).toBe(false);
    expect(choicesOf(batch({ state: "committed" }), true).isOpen).toBe(false);
  });
});

describe("how far a file has come", () => {
  it("counts those who are registered, of those who are taken", () => {
    expect(progressOf(batch({ state: "committing", takesTwins: true, rows: { ...counts, registered: 2 } }))).toEqual({
      done: 2,
      of: 7,
    });
  });
  it("counts what is taken back and what is kept", () => {
    const rows = { ...counts, registered: 4, undone: 2, kept: 1 };
    expect(progressOf(batch({ state: "undoing", rows }))).toEqual({ done: 3, of: 6 });
  });
  it("is nothing where nothing is under way", () => {
    expect(progressOf(batch())).toBeNull();
    expect([isMoving(batch()), isMoving(batch({ state: "undoing" }))]).toEqual([false, true]);
  });
});

describe("a row", () => {
  it("has each fault beside its column, and the rest at the end", () => {
    const wrong = row({
      verdict: "wrong",
      faults: [
        { field: "phones.0", value: "12", expected: "a phone" },
        { field: "latitude, longitude", value: null, expected: "both" },
        { field: "site", value: "XXX", expected: "a site" },
      ],
    });
    expect([faultAt(wrong, "longitude"), faultAt(wrong, "givenName")]).toEqual(["both", null]);
    expect(faultsElsewhere(wrong, ["phones", "latitude", "longitude"]).map(({ field }) => field)).toEqual(["site"]);
  });

  it.each`
    verdict    | state        | word
    ${"taken"} | ${"waiting"} | ${"row_taken"}
    ${"twin"}  | ${"waiting"} | ${"row_twin"}
    ${"wrong"} | ${"waiting"} | ${"row_wrong"}
    ${"twin"}  | ${"told"}    | ${"row_registered"}
    ${"taken"} | ${"kept"}    | ${"row_kept"}
    ${"taken"} | ${"ended"}   | ${"row_undone"}
  `("that was $verdict and is $state is marked $word", ({ verdict, state, word }) => {
    expect(markOf(row({ verdict, state })).word).toBe(word);
  });
});

it("shows the columns that are read, each once, and names those that are not", () => {
  expect(columnsOf(batch())).toEqual([{ field: "givenName", header: "First name" }]);
  expect(unreadOf(batch())).toEqual(["Shoe size"]);
});

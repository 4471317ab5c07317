import { describe, expect, it } from "vitest";
import { bytes, isTooMuch } from "../../web/pages/exports/model.ts";
import {
  type Column,
  changed,
  columnsShown,
  type Described,
  editable,
  fieldsOf,
  filterOf,
  filtersIn,
  keyOf,
  shownOf,
  typedOf,
  whereOf,
} from "../../web/pages/tables/model.ts";

const column = (name: string, type: Column["type"], unit: string | null = null): Column => ({
  name,
  type,
  unit,
  nullable: true,
  sorts: true,
});
const table = (names: string[], key: string[]): Described => ({
  name: "t",
  says: "",
  writer: "",
  key,
  isLarge: false,
  isWritable: false,
  rowEstimate: null,
  columns: names.map((name) => column(name, "text")),
});

describe("a filter", () => {
  it("of an instant is typed on the country's clock and asked for in UTC", () => {
    const at = column("paid_at", "at");
    expect(filterOf(at, ">=", "2026-11-03 01:30", 120)).toBe("paid_at>=2026-11-02T23:30:00.000Z");
    expect(filterOf(at, "<", "2026-11-03", 120)).toBe("paid_at<2026-11-02T22:00:00.000Z");
    expect(filterOf(at, "<", "2026-13-40", 120)).toBeNull();
    // what is no local time goes as it is, and the server says what it expects
    expect(filterOf(at, "=", "yesterday", 120)).toBe("paid_at=yesterday");
  });

  it("without a value is none, and several stand in one address and come back as they were", () => {
    expect(filterOf(column("state", "text"), "=", "  ", 120)).toBeNull();
    const filters = ["state=open", "amount_minor>=500"];
    expect(filtersIn(whereOf(filters))).toEqual(filters);
    expect(filtersIn("")).toEqual([]);
  });
});

describe("a value", () => {
  it.each([
    [column("amount_minor", "int", "minor units of the currency"), 500, { as: "money", value: 500 }],
    [column("energy_wh", "int", "Wh"), 0, { as: "energy", value: 0 }],
    [column("energy_wh", "int", "Wh"), null, { as: "none", text: "–" }],
    [column("paid_at", "at"), "1970-01-01T00:00:01Z", { as: "at", value: 1_000 }],
    [column("phones", "texts"), ["a", "b"], { as: "text", text: "a, b" }],
    [column("phones", "texts"), [], { as: "none", text: "–" }],
    [column("details", "json"), { a: 1 }, { as: "text", text: '{"a":1}' }],
    [column("count", "int"), 7, { as: "text", text: "7" }],
  ])("of %o is shown by its type and unit", (of, value, expected) => {
    expect(shownOf(of, value)).toEqual(expected);
  });
});

describe("a table", () => {
  it("shows its first columns until somebody chooses, then those, in its own order", () => {
    const wide = table(["a", "b", "c", "d", "e", "f", "g", "h", "i"], ["a"]);
    expect(columnsShown(wide, "").map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
    expect(columnsShown(wide, "i,b,nothing").map(({ name }) => name)).toEqual(["b", "i"]);
    expect(keyOf({ key: ["a", "b"] }, { a: 1, b: "x" })).toBe("1~x");
  });
});

describe("a row that people write", () => {
  const fields = editable("meters")?.fields ?? [];
  const row = { thing: null, rated_w: 500 };

  it("sends only what is different, beside all that was seen", () => {
    expect(changed(fields, row, { thing: "", rated_w: " 750 " })).toEqual({
      different: [{ name: "rated_w", before: 500, after: 750 }],
      set: { rated_w: 750 },
      seen: { thing: null, rated_w: 500 },
    });
    expect(changed(fields, row, typedOf(fields, row)).different).toEqual([]);
  });

  it("leaves what is no number to the server, which says what it expects", () => {
    expect(fieldsOf(fields, { thing: "", rated_w: "many" })).toEqual({ thing: null, rated_w: "many" });
  });

  it("is none of a table with a truth elsewhere", () => {
    expect(editable("payments")).toBeNull();
  });
});

describe("an export", () => {
  it("warns of more rows than a file holds, unless a filter makes them fewer", () => {
    expect(isTooMuch(1_500_001, false)).toBe(true);
    expect(isTooMuch(1_500_001, true)).toBe(false);
    expect(isTooMuch(null, false)).toBe(false);
  });

  it("says how much has come", () => {
    expect([0, 1_500, 72_400_000].map(bytes)).toEqual(["0 B", "2 kB", "72.4 MB"]);
  });
});

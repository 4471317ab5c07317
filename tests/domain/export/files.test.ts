import { describe, expect, it } from "vitest";
import { csvLine, harmless, remarkLine } from "../../../src/domain/export/csv.ts";
import { type Cell, rowXml } from "../../../src/domain/export/xlsx.ts";
import { cursorOf, placeIn, readQuestion } from "../../../src/queries/tables/ask.ts";
import { TABLES, tableNamed } from "../../../src/queries/tables/list.ts";

describe("a CSV line", () => {
  it.each<[string, (string | null)[], string]>([
    ["plain", ["a", "b"], "a,b\r\n"],
    ["null and the empty text apart", [null, ""], ',""\r\n'],
    ["a comma, a quote, a line's end", ["a,b", 'c"d', "e\nf"], '"a,b","c""d","e\nf"\r\n'],
    ["spaces at the ends kept", [" a "], '" a "\r\n'],
  ])("%s", (_, cells, line) => expect(csvLine(cells)).toBe(line));

  it("says of the file what it says in one cell, whatever stands in it", () => {
    expect(remarkLine("site a,=1;=2\r\n=3")).toBe(`"# site a,=1;'=2\r\n'=3"\r\n`);
    expect(remarkLine("site MAK; known 97")).toBe("# site MAK; known 97\r\n");
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
    ["-2+3", "'-2+3"],
    ["@SUM(A1)", "'@SUM(A1)"],
    [" =1", "' =1"],
    ["\t=1", "'\t'=1"],
    ["\r=1", "'\r'=1"],
    ["\n=1", "'\n'=1"],
    ["＝1", "'＝1"],
    ["-12.50", "-12.50"],
    ["+26650000101", "+26650000101"],
    ["-", "'-"],
    ["a=1", "a=1"],
    ["", ""],
  ])("%j is %j: no formula runs, and no number is spoiled", (typed, written) => expect(harmless(typed)).toBe(written));

  it.each([
    ["Paul;=cmd|'/C calc'!A0", "Paul;'=cmd|'/C calc'!A0"],
    ["Paul;  @SUM(A1)", "Paul;'  @SUM(A1)"],
    ['Paul;"=1+1"', `Paul;'"=1+1"`],
    ["Paul\n=1+1", "Paul\n'=1+1"],
    ["Paul\r\n-1+1", "Paul\r\n'-1+1"],
    ["Paul\t＝1", "Paul\t'＝1"],
    ["=1;=2;=3", "'=1;'=2;'=3"],
    ["26650000101; +26650000102; 5", "26650000101; +26650000102; 5"],
    ["Paid;-12.50\nThank you; yes", "Paid;-12.50\nThank you; yes"],
    // The cell goes on with the next field: "+1,1+…" is a formula where a comma is a decimal point.
    ["Paul;+1", "Paul;'+1"],
  ])(
    "%j is %j: nor does one where lists are written with semicolons, and a quote within a cell protects nothing",
    (typed, written) => {
      expect(harmless(typed)).toBe(written);
      expect(harmless(written)).toBe(written);
    },
  );
});

describe("a spreadsheet's cell", () => {
  const cell = (one: Cell) => rowXml([one]).slice(5, -6);
  it.each<[string, Cell, string]>([
    ["a number", { type: "number", value: "-12.50" }, "<c><v>-12.50</v></c>"],
    ["zero", { type: "number", value: "0" }, "<c><v>0</v></c>"],
    ["fifteen digits", { type: "number", value: "-999999999999999" }, "<c><v>-999999999999999</v></c>"],
    ["nothing", null, "<c/>"],
    ["yes", { type: "bool", value: true }, '<c t="b"><v>1</v></c>'],
    // 2026-11-03T22:30:00Z is half past midnight of the next day two hours east.
    [
      "an instant, as the clock on the wall",
      { type: "instant", at: Date.UTC(2026, 10, 3, 22, 30), utcOffsetMinutes: 120 },
      `<c s="2"><v>${46_330 + 0.5 / 24}</v></c>`,
    ],
    ["a day", { type: "day", value: "2026-11-04" }, '<c s="3"><v>46330</v></c>'],
  ])("%s", (_, one, xml) => expect(cell(one)).toBe(xml));

  it("has every digit of a number that a spreadsheet would round", () => {
    expect(cell({ type: "number", value: "9007199254740991" })).toContain(
      '<t xml:space="preserve">9007199254740991</t>',
    );
  });
  it("is never a formula, and keeps the text as it is", () => {
    expect(cell({ type: "text", value: "=1+1" })).toBe(
      '<c t="inlineStr" s="4"><is><t xml:space="preserve">=1+1</t></is></c>',
    );
  });
  it("holds what XML cannot, and says where it was cut", () => {
    expect(cell({ type: "text", value: "a<b>&\u0000\ud800_x0041_" })).toContain(
      ">a&lt;b&gt;&amp;\ufffd\ufffd_x005F_x0041_</t>",
    );
    expect(cell({ type: "text", value: "x".repeat(40_000) })).toContain("x… [cut]</t>");
  });
});

describe("what is asked of a table", () => {
  const table = (name: string) => {
    const found = tableNamed(name);
    if (found === null) throw new Error(name);
    return found;
  };
  const ask = (name: string, over: object) =>
    readQuestion(table(name), { filters: [], search: null, sort: null, order: "asc", ...over });

  it.each([
    ["a column that is none", { filters: ["nothing=1"] }],
    ["a column that is hidden", { filters: ["search_text=x"] }],
    ["SQL in a name", { filters: ['name" OR 1=1 --=x'] }],
    ["SQL in an order", { sort: "id; DROP TABLE customers" }],
    ["a column without an index", { filters: ["note=x"] }],
    ["an order without an index", { sort: "note" }],
    ["no operator", { filters: ["id"] }],
    ["a word for a number", { filters: ["id=abc"] }],
    ["U+0000", { filters: ["customer_key=\u0000"] }],
  ])("is refused with %s", (_, over) => expect(ask("customers", over).ok).toBe(false));

  it("of a secret is refused in every table", () => {
    for (const [name, column] of [
      ["gateway_phones", "token_hashes"],
      ["staff", "password_hash"],
      ["staff", "totp_secret"],
    ] as const)
      expect(ask(name, { filters: [`${column}=x`] }).ok).toBe(false);
    expect(
      TABLES.flatMap(({ columns }) => columns).filter(({ name }) => /password|secret|token|totp|recovery/.test(name)),
    ).toEqual([]);
  });

  it("keeps what stands after the first sign of the value", () => {
    expect(ask("payments", { filters: ["receipt=A=B>=C"] })).toMatchObject({
      value: { filters: [{ operator: "=", value: "A=B>=C" }] },
    });
  });

  it("a cursor goes on only in the question that it came from", () => {
    const [payments, sites] = [table("payments"), table("sites")];
    const asked = ask("payments", { sort: "paid_at" });
    if (!asked.ok) throw new Error("refused");
    const place = ["2026-11-03T12:00:00.123456+00:00", "QK7é~"];
    const cursor = cursorOf(payments, asked.value, place);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(placeIn(payments, asked.value, cursor)).toEqual(place);
    expect(placeIn(payments, { ...asked.value, order: "desc" }, cursor)).toBeNull();
    expect(placeIn(payments, { ...asked.value, sort: null }, cursor)).toBeNull();
    expect(placeIn(sites, { ...asked.value, sort: null }, cursor)).toBeNull();
    for (const broken of [
      "",
      "x",
      "W10",
      `${cursor}A`,
      cursorOf(payments, asked.value, [null, "A"]),
      cursorOf(payments, asked.value, ["1", "A"]),
    ])
      expect(placeIn(payments, asked.value, broken)).toBeNull();
  });
});

import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readSheet } from "../src/adapters/sheets/sheet.ts";
import { templateCsv, templateXlsx } from "../src/adapters/sheets/template.ts";
import { COUNTRIES } from "../src/domain/country.ts";
import { checkSheet } from "../src/domain/registration/check-sheet.ts";
import { COLUMN_FIELDS, COLUMNS } from "../src/domain/registration/columns.ts";
import { type MadeCell, madeWorkbook } from "./workbook.ts";

const NOW = Date.UTC(2026, 10, 28, 12);
const rules = { country: COUNTRIES.LS, sites: COUNTRIES.LS.siteCodes, site: "MAK", now: NOW };

function check(bytes: Uint8Array, over: Partial<typeof rules> = {}) {
  const sheet = readSheet(bytes);
  return sheet.ok ? checkSheet(sheet.value, { ...rules, ...over }) : sheet;
}
function rowsOf(bytes: Uint8Array, over: Partial<typeof rules> = {}) {
  const checked = check(bytes, over);
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  return checked.value;
}
const csv = (text: string) => rowsOf(strToU8(text));
const book = (...rows: MadeCell[][]) => madeWorkbook([{ name: "Sheet1", rows }]);
/** One customer with one more column, as a spreadsheet holds it. */
const one = (header: string, value: MadeCell) => {
  const [row] = rowsOf(book(["First name", "Last name", header], ["Thabo", "Mokoena", value])).rows;
  return { ...row?.customer, faults: row?.faults };
};
const faultsOf = (header: string, value: MadeCell) => one(header, value).faults;

describe("a workbook", () => {
  it("gives each row's customer, whatever case and spacing its headers have", () => {
    const { rows, columns } = rowsOf(
      book(
        [
          "FIRST_NAME",
          " last  Name ",
          "Cell Phone 1",
          "Plot_Number",
          "GPS-Lat",
          "gps lon",
          "Sex",
          "Rooms",
          "Shoe size",
        ],
        ["Réné", "N'Tcha", "5000 0101", "mak 0123 hh2", -29.512345, "27,5", "F", 4, "42"],
      ),
    );
    expect(columns.at(-1)).toEqual({ header: "Shoe size", field: null });
    expect(rows).toEqual([
      {
        row: 2,
        typed: expect.objectContaining({ phone: "5000 0101", latitude: "-29.512345" }),
        faults: [],
        customer: expect.objectContaining({
          name: "Réné N'Tcha",
          phones: ["26650000101"],
          phonesTyped: ["5000 0101"],
          plotNumber: "MAK 0123 HH2",
          customerType: "HH2",
          latitude: -29.512345,
          longitude: 27.5,
          gender: "female",
          rooms: 4,
          site: "MAK",
        }),
      },
    ]);
  });

  it("is read from its first sheet that is not hidden", () => {
    const bytes = madeWorkbook([
      { name: "Lists", rows: [["secret"]], hidden: true },
      {
        name: "People",
        rows: [
          ["First name", "Last name"],
          ["Thabo", "Mokoena"],
        ],
      },
    ]);
    const sheet = readSheet(bytes);
    expect(sheet).toMatchObject({ ok: true, value: { name: "People" } });
  });

  it("keeps the row numbers that people see, over empty rows and remarks", () => {
    const { rows, emptyRows } = rowsOf(
      book(
        ["# filled in by Lineo"],
        ["First name", "Last name"],
        [null, null],
        ["Thabo", "Mokoena"],
        [" ", " "],
        ["None", "None"],
        ["Palesa", "Nkosi"],
      ),
    );
    expect(rows.map(({ row, faults }) => [row, faults.length])).toEqual([
      [4, 0],
      [6, 2],
      [7, 0],
    ]);
    expect(emptyRows).toBe(2);
  });

  it("refuses a formula and says so, whatever it came to", () => {
    expect(faultsOf("Plot", { formula: 'HYPERLINK("http://evil.example","x")', value: "MAK 0001 HH1" })).toEqual([
      { field: "plotNumber", value: "MAK 0001 HH1", expected: expect.stringContaining("not a formula") },
    ]);
  });

  it.each([
    ["=cmd|' /C calc'!A0", "street"],
    ["@SUM(1+1)", "street"],
    ["+A1", "street"],
    ["-A1", "street"],
  ])("refuses the text %j, which a spreadsheet would run", (text, field) => {
    expect(faultsOf("Street", text)).toEqual([
      { field, value: text, expected: expect.stringContaining("does not begin with") },
    ]);
  });

  it.each<[string, MadeCell, string[] | null]>([
    ["a number", 26650000101, ["26650000101"]],
    ["a number without the country's code", 50000101, ["26650000101"]],
    ["a text", "+266 5000 0101", ["26650000101"]],
    ["a text with an apostrophe", "'50000101", ["26650000101"]],
    ["a number that a program wrote as a float", "50000101.0", ["26650000101"]],
    ["a phone shortened by a spreadsheet", "2.6658E+10", null],
    ["the same with a comma", "2,6658E+10", null],
    ["a date", { date: 45_000 }, null],
    ["an error", { error: "#N/A" }, null],
    ["a truth", { bool: 1 }, null],
    ["too few digits", 5000, null],
  ])("takes or refuses a phone that is %s", (_, value, phones) => {
    const { faults, ...customer } = one("Phone", value);
    if (phones === null) expect(faults).toEqual([expect.objectContaining({ field: "phone" })]);
    else expect({ phones: customer.phones, faults }).toEqual({ phones, faults: [] });
  });

  it("says of a shortened phone that its digits are lost, and what to do", () => {
    expect(faultsOf("Phone", "2.6658E+10")).toEqual([
      {
        field: "phone",
        value: "2.6658E+10",
        expected:
          "all its digits; the spreadsheet shortened them to 2.6658E+10: format the column as Text and type it again",
      },
    ]);
  });

  it("keeps the leading zeros of an id typed as text, and refuses one whose last digits are lost", () => {
    expect(one("National ID", "0012345")).toMatchObject({ nationalId: "0012345", faults: [] });
    expect(faultsOf("National ID", 1.2345678901234567e19)).toEqual([expect.objectContaining({ field: "nationalId" })]);
    expect(faultsOf("National ID", 1234567890123456)).toEqual([expect.objectContaining({ field: "nationalId" })]);
  });

  it.each<[MadeCell, string | null]>([
    ["2026-11-03", "2026-11-02T22:00:00.000Z"],
    [{ date: 46_329 }, "2026-11-02T22:00:00.000Z"],
    ["03/04/2026", null],
    ["2026-02-30", null],
    ["2027-01-01", null],
    [46_329, null],
  ])("reads the day %j as %s", (value, at) => {
    const { openedAt, faults } = one("Registered on", value);
    if (at === null) expect(faults).toEqual([expect.objectContaining({ field: "openedOn" })]);
    else expect(new Date(openedAt ?? 0).toISOString()).toBe(at);
  });

  it("counts days from 1904 where the workbook does", () => {
    const rows = [
      ["First name", "Last name", "Registered on"],
      ["Thabo", "Mokoena", { date: 46_329 - 1_462 }],
    ];
    const [row] = rowsOf(madeWorkbook([{ name: "S", rows }], { from1904: true })).rows;
    expect(new Date(row?.customer?.openedAt ?? 0).toISOString()).toBe("2026-11-02T22:00:00.000Z");
  });

  it("says of each row that lies under a merged cell that it does, and skips rows with nothing else", () => {
    const rows = [
      ["First name", "Last name", "Village"],
      ["Thabo", "Mokoena", "Ha Makebe"],
      ["Palesa", "Nkosi", null],
      [null, null, null],
    ];
    const [first, second, ...more] = rowsOf(madeWorkbook([{ name: "S", rows, merges: ["C2:C4"] }])).rows;
    expect(first?.faults).toEqual([]);
    expect(second?.faults).toEqual([{ field: "place", value: "C2:C4", expected: expect.stringContaining("unmerge") }]);
    expect(more).toEqual([]);
  });

  it.each<[string, string, MadeCell, string | null]>([
    ["a plain HH with a tier in the plot", "HH", "MAK 0123 HH3", "HH3"],
    ["none with a type in the plot", "", "MAK 0123 SME", "SME"],
    ["another than the plot's", "HH1", "MAK 0123 HH3", "HH1"],
    ["a plain HH without a plot", "HH", null, null],
    ["a plain HH with a plot of a shop", "HH", "MAK 0123 SME", null],
  ])("infers the type: %s", (_, type, plot, expected) => {
    const [row] = rowsOf(book(["First name", "Last name", "Type", "Plot"], ["Thabo", "Mokoena", type, plot])).rows;
    expect(row?.customer?.customerType ?? null).toBe(expected);
    if (expected === null) expect(row?.faults).toEqual([expect.objectContaining({ field: "customerType" })]);
  });
});

describe("whether a readyboard goes into the house", () => {
  it.each<[MadeCell, boolean]>([
    ["yes", true],
    ["YES ", true],
    ["Oui", true],
    ["e", true],
    [{ bool: 1 }, true],
    [1, true],
    ["no", false],
    ["non", false],
    ["Che", false],
    [{ bool: 0 }, false],
    ["-", false],
    [null, false],
  ])("is read from %j as %s", (cell, readyboard) => {
    expect(one("Ready board", cell)).toMatchObject({ faults: [], readyboard });
  });

  it.each<[MadeCell, string, string]>([
    ["perhaps", "perhaps", "yes or no"],
    [2, "2", "yes or no"],
    [{ formula: "1=1", value: "TRUE" }, "TRUE", "not a formula"],
  ])("is not guessed from %j", (cell, value, expected) => {
    expect(faultsOf("Readyboard", cell)).toEqual([
      { field: "readyboard", value, expected: expect.stringContaining(expected) },
    ]);
  });

  it("is no in a file without the column, and makes nobody another person", () => {
    expect(one("Rooms", 3)).toMatchObject({ readyboard: false });
    const { rows } = rowsOf(
      book(["First name", "Last name", "Readyboard"], ["Thabo", "Mokoena", "yes"], ["Thabo", "Mokoena", "no"]),
    );
    expect(rows[1]).toMatchObject({ faults: [{ field: "row" }] });
  });
});

describe("a file", () => {
  it.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(), "file"],
    ["more bytes than may be", new Uint8Array(5 * 1024 * 1024 + 1), "file"],
    ["an old .xls", new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), "file"],
    ["half a workbook", book(["First name", "Last name"]).slice(0, 300), "file"],
    ["a zip of something else", zipSync({ "word/document.xml": strToU8("<x/>") }), "file"],
    ["broken XML", zipSync({ "xl/workbook.xml": strToU8("<workbook><sheets") }), "file"],
    ["pictures", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0]), "file"],
    ["headers alone", strToU8("First name,Last name\n"), "file"],
    ["no headers", strToU8("Thabo,Mokoena\nPalesa,Nkosi\n"), "header"],
    ["one name alone", strToU8("First name,Phone\nThabo,50000101\n"), "header"],
    ["a column twice", strToU8("First name,Last name,Phone,Cell phone 1\nThabo,Mokoena,50000101,50000102\n"), "header"],
    ["a quote that never ends", strToU8('First name,Last name\n"Thabo,Mokoena\nPalesa,Nkosi\n'), "file"],
    ["too many customers", strToU8(`First name,Last name\n${"Thabo,Mokoena\n".repeat(5_001)}`), "file"],
    ["a cell of a book", strToU8(`First name,Last name\n${"x".repeat(3_000)},Mokoena\n`), "file"],
  ])("of %s is refused as a whole, and says why", (_, bytes, field) => {
    const checked = check(bytes);
    expect(checked).toMatchObject({
      ok: false,
      error: expect.arrayContaining([expect.objectContaining({ field, expected: expect.stringMatching(/../) })]),
    });
  });

  it("that unpacks into a hundred times what may be is refused, whatever its headers say", () => {
    const zeros = new Uint8Array(50 * 1024 * 1024).fill(32);
    const rels = '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>';
    const workbook = '<workbook xmlns:r="x"><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>';
    const parts = {
      "xl/workbook.xml": strToU8(workbook),
      "xl/_rels/workbook.xml.rels": strToU8(rels),
      "xl/worksheets/sheet1.xml": zeros,
    };
    const bytes = zipSync(parts, { level: 1 });
    expect(bytes.length).toBeLessThan(1024 * 1024);
    expect(check(bytes)).toMatchObject({ ok: false, error: [{ value: "too large" }] });
  }, 60_000);
});

describe("a text file", () => {
  const people = [{ name: "Réné N'Tcha", phones: ["26650000101"] }, { name: "Palesa Nkosi" }];
  const text = "Prénom;Nom;Téléphone\r\nRéné;N'Tcha;50000101\r\nPalesa;Nkosi;\r\n";
  const windows1252 = Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)));
  const utf16 = new Uint8Array(2 + text.length * 2);
  new DataView(utf16.buffer).setUint16(0, 0xfeff, true);
  for (const [index, letter] of [...text].entries())
    new DataView(utf16.buffer).setUint16(2 + 2 * index, letter.charCodeAt(0), true);

  it.each<[string, Uint8Array]>([
    ["with semicolons", strToU8(text)],
    ["with a mark before its first header", strToU8(`\uFEFF${text}`)],
    ["with commas", strToU8(text.replaceAll(";", ","))],
    ["with tabs", strToU8(text.replaceAll(";", "\t"))],
    ["with quotes around all", strToU8(text.replace(/[^;\r\n]+/g, '"$&"'))],
    ["of an old Mac's line ends", strToU8(text.replaceAll("\r\n", "\r"))],
    ["that says its separator", strToU8(`sep=;\r\n${text}`)],
    ["in Windows-1252", windows1252],
    ["in UTF-16", utf16],
  ])("is read %s", (_, bytes) => {
    const { rows } = rowsOf(bytes);
    expect(rows.map(({ customer }) => customer)).toMatchObject(people);
  });

  it("refuses rows that repeat one before, the same person again, and a second holder of an id", () => {
    const { rows } = csv(
      "first name,last name,phone,national id\nThabo,Mokoena,50000101,1\nPalesa,Nkosi,50000102,2\nTHABO,mokoena,+26650000101,3\nNeo,Tau,,2\nNeo,Sello,,\nNeo,Sello,,\n",
    );
    expect(rows.map(({ row, faults }) => [row, faults[0]?.field, faults[0]?.expected])).toEqual([
      [2, undefined, undefined],
      [3, undefined, undefined],
      [4, "phone", "somebody else than row 2, who has this name and phone"],
      [5, "nationalId", "another one than row 3"],
      [6, undefined, undefined],
      [7, "row", "somebody else than row 6"],
    ]);
  });

  it("says all that is wrong with a row at once", () => {
    const [row] = csv(
      "first name,last name,phone,gps lat,gps lon,gender,site,email\n,Mokoena,12,27.5,-29.5,x,SAM,nobody\n",
    ).rows;
    expect(row?.faults.map(({ field }) => field).toSorted()).toEqual(
      ["email", "gender", "givenName", "latitude, longitude", "phone", "site"].toSorted(),
    );
    expect(row?.faults.find(({ field }) => field.startsWith("lat"))?.expected).toContain("swapped");
  });

  it("lets each row name its site where none is named for all, and refuses another where one is", () => {
    const text = "first name,last name,site\nThabo,Mokoena,shg\nPalesa,Nkosi,\n";
    const own = check(strToU8(text), { site: null as unknown as string });
    expect(own).toMatchObject({
      ok: true,
      value: { rows: [{ customer: { site: "SHG" } }, { faults: [{ field: "site" }] }] },
    });
    expect(csv(text).rows[0]?.faults).toEqual([
      { field: "site", value: "shg", expected: expect.stringContaining("MAK") },
    ]);
  });

  it("refuses a plot of another site", () => {
    expect(csv("first name,last name,plot\nThabo,Mokoena,SHG 0001 HH1\n").rows[0]?.faults).toMatchObject([
      { field: "plotNumber" },
    ]);
  });
});

describe("the template", () => {
  it.each<[string, () => Uint8Array]>([
    ["XLSX", templateXlsx],
    ["CSV", () => strToU8(templateCsv())],
  ])("as %s has every column, read as what it is, and is empty", (_, make) => {
    const sheet = readSheet(make());
    if (!sheet.ok) throw new Error(JSON.stringify(sheet.error));
    const header = sheet.value.rows.filter(({ cells }) => cells[0]?.text.startsWith("#") === false);
    expect(header).toHaveLength(1);
    expect(header[0]?.cells.map((cell) => cell?.text)).toEqual(COLUMN_FIELDS.map((field) => COLUMNS[field].header));
  });

  it("filled in is taken as it stands", () => {
    const example = COLUMN_FIELDS.map((field) => COLUMNS[field].example);
    const line = example.map((value) => (value.includes(",") ? `"${value}"` : value)).join(",");
    const { rows } = csv(`${templateCsv()}${line}\r\n`);
    expect(rows.map(({ faults, customer }) => [faults, customer?.name])).toEqual([[[], "Thabo Mokoena"]]);
  });
});

/** The shell that reads Access files: the reader's traps, and files that are not what they should be. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import MDBReader from "mdb-reader";
import { afterAll, describe, expect, it } from "vitest";
import { AccessFile } from "../dev/access/file.ts";
import { BESIDE_THE_FILE_BYTES, whyTooSmall } from "../dev/access/memory.ts";
import { readAccess } from "../dev/access/migrate.ts";
import { reportLines } from "../dev/access/report.ts";
import { writeReport } from "../dev/moving-in/report-file.ts";
import { COUNTRIES } from "../src/domain/country.ts";
import { DERIVED_PATH, key, MAIN_PATH, mainFile } from "./access-files.ts";

const folder = mkdtempSync(join(tmpdir(), "cc-access-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The main file with a name in it written otherwise; Access has its names in two bytes a letter. */
function renamedFile(from: string, to: string): string {
  const content = readFileSync(MAIN_PATH);
  const [old, own] = [Buffer.from(from, "utf16le"), Buffer.from(to, "utf16le")];
  if (old.length !== own.length) throw new Error("a name is only written over by one of its length");
  for (let at = content.indexOf(old); at >= 0; at = content.indexOf(old, at + old.length)) own.copy(content, at);
  const path = join(folder, `${to.trim()}.accdb`);
  writeFileSync(path, content);
  return path;
}

describe("an Access file", () => {
  it("loses the sign of negative amounts when it is read twice: so a table is read once only", () => {
    const reader = new MDBReader(readFileSync(MAIN_PATH));
    const negatives = () =>
      reader
        .getTable("tblaccounthistory1")
        .getData<{ "transaction amount": string }>()
        .filter((row) => row["transaction amount"].startsWith("-")).length;
    expect([negatives() > 0, negatives()]).toEqual([true, 0]);

    const file = mainFile();
    const signs = [...file.rows("tblaccounthistory1")].filter((row) =>
      String(row["transaction amount"]).startsWith("-"),
    );
    expect(signs.length).toBeGreaterThan(0);
    expect(() => [...file.rows("tblaccounthistory1")]).toThrow("read before");
  });

  it("says how many rows each table has, and finds as many", () => {
    const file = mainFile();
    for (const [table, said] of Object.entries<number>(key.files["legacy-main.accdb"].rows)) {
      expect([...file.rows(table as "tblmeter")]).toHaveLength(said);
      expect(file.rowsRead[table]).toEqual({ found: said, said });
    }
    expect(file).toMatchObject({ sha256: key.files["legacy-main.accdb"].sha256, missingColumns: [] });
  });

  it("has its tables and columns found in any case", () => {
    const file = new AccessFile(renamedFile("accountnumber", "AccountNumber"), ["tblaccountnumbers"]);
    expect([...file.rows("tblaccountnumbers")][0]).toMatchObject({ accountnumber: "0024MAK" });
  });

  it("without a column that is wanted has empty cells, and says so", () => {
    const file = new AccessFile(renamedFile("status set by", "STATUS WAS BY"), ["tblmeter"]);
    expect(file.missingColumns).toEqual([{ table: "tblmeter", column: "status set by" }]);
    expect([...file.rows("tblmeter")].filter((row) => row["status set by"] !== undefined)).toEqual([]);
  });

  it("without a column that is needed is not read at all: it names those it has", () => {
    const path = renamedFile("transaction amount", "TRANSACTION A. LSL");
    expect(() => new AccessFile(path, ["tblaccounthistory1"])).toThrow(
      /no column \[transaction amount\]; it has ID, accountnumber, .*TRANSACTION A\. LSL/,
    );
  });

  it("without a table names those it has", () => {
    expect(() => new AccessFile(DERIVED_PATH, ["tblcustomer"])).toThrow("no table tblcustomer; it has tblmonthly");
  });

  it("that is no Access file is told in words", () => {
    const path = join(folder, "notes.accdb");
    writeFileSync(path, "not a database".repeat(500));
    expect(() => new AccessFile(path, ["tblcustomer"])).toThrow("notes.accdb does not read as a Microsoft Access file");
    expect(() => new AccessFile(join(folder, "none.accdb"), ["tblcustomer"])).toThrow("ENOENT");
  });

  it("that was cut off in the middle is not half read", () => {
    const path = join(folder, "cut.accdb");
    writeFileSync(path, readFileSync(MAIN_PATH).subarray(0, 1_200_000));
    const plan = {
      main: path,
      derived: undefined,
      country: COUNTRIES.LS,
      asOf: undefined,
      now: Date.UTC(2026, 10, 28),
    };
    expect(() => readAccess(plan, () => undefined, { onReading: () => undefined, onTotal: () => undefined })).toThrow();
  });
});

describe("a machine too small for the file", () => {
  it("is told what it has and what the move needs", () => {
    const file = 1_900 * 1024 * 1024;
    expect(whyTooSmall(file, file + BESIDE_THE_FILE_BYTES)).toBeNull();
    expect(whyTooSmall(file, file + BESIDE_THE_FILE_BYTES - 1)).toContain("needs 2400 MB");
    expect(whyTooSmall(file, 1024 * 1024 * 1024)).toContain("has 1024 MB of memory free");
  });
});

describe("npm run migrate:access --dry-run", () => {
  const read = (asOf: string) => {
    const plan = { main: MAIN_PATH, derived: DERIVED_PATH, country: COUNTRIES.LS, asOf, now: Date.UTC(2026, 10, 28) };
    return readAccess(plan, () => undefined, { onReading: () => undefined, onTotal: () => undefined }).report;
  };
  const report = read("2025-10-16");

  it("says for people what moves in and what not, with examples", () => {
    const lines = reportLines(report, COUNTRIES.LS);
    const text = lines.join("\n");
    expect(text).toMatch(/customers +150 {2}144 with an account, 15 terminated/);
    expect(text).toMatch(/payments +3889 {2}M249,944\.52/);
    expect(text).toContain(
      "tblaccounthistory1: 18 rows, day and month changed places: parked, a person says which it is",
    );
    expect(text).toMatch(/23097965 +customerType -, not SME/);
    expect(text).not.toContain("repair the file");
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
  });

  it("says it where the file's own count of rows is not what was found", () => {
    const miscounted = structuredClone(report);
    const [main] = miscounted.files;
    if (main?.rows.tblmeter !== undefined) main.rows.tblmeter.said = 171;
    expect(reportLines(miscounted, COUNTRIES.LS).join("\n")).toContain(
      "tblmeter says it has 171 rows, and 170 were found",
    );
  });

  it("writes the whole report as JSON, the same the second time", async () => {
    const [first, second] = [join(folder, "first.json"), join(folder, "second.json")];
    await writeReport(first, report);
    await writeReport(second, read("2025-10-16"));
    const text = readFileSync(first, "utf8");
    expect(readFileSync(second, "utf8")).toBe(text);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it("has a report of no rows at all that reads too", async () => {
    const path = join(folder, "none.json");
    await writeReport(path, { ...report, openings: [], notTaken: [] });
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ openings: [], notTaken: [] });
  });

  it.each(["16.10.2025", "2025-02-30", "today"])("refuses %s as a day", (asOf) =>
    expect(() => read(asOf)).toThrow(`--as-of ${asOf} is no day`),
  );

  it("runs as a command, exits 1 with a sentence when a file is not there, and 2 with its help without one", {
    timeout: 60_000,
  }, () => {
    const run = (...args: string[]) => {
      try {
        const options = { cwd: folder, encoding: "utf8", stdio: "pipe" } as const;
        const out = execFileSync(
          process.execPath,
          [new URL("../dev/migrate-access.ts", import.meta.url).pathname, ...args],
          options,
        );
        return { status: 0, text: out };
      } catch (thrown) {
        const { status, stdout, stderr } = thrown as { status: number; stdout: string; stderr: string };
        return { status, text: stdout + stderr };
      }
    };
    const done = run("--main", MAIN_PATH, "--as-of", "2025-10-16", "--dry-run", "--report", "command.json");
    expect(done).toMatchObject({ status: 0, text: expect.stringContaining("command.json has every row") });
    expect(JSON.parse(readFileSync(join(folder, "command.json"), "utf8"))).toMatchObject({
      country: "LS",
      asOf: "2025-10-16",
    });
    expect(run("--main", "none.accdb", "--dry-run")).toMatchObject({
      status: 1,
      text: expect.stringMatching(/^ENOENT/),
    });
    expect(run()).toMatchObject({ status: 2, text: expect.stringContaining("--as-of DAY") });
  });
});

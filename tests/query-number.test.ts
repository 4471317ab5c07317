import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { queryNumber } from "../workers/query-number.ts";
import { random } from "./random.ts";

const DRAWN = 3_000;

describe("a whole number in a query", () => {
  const asked = queryNumber(1, 500);

  it.each(["1", "007", "500"])("is %s in decimal digits", (text) => {
    expect(asked.parse(text)).toBe(Number(text));
  });

  it.each([
    "",
    " ",
    "0x10",
    "0b1",
    "0o7",
    "1e2",
    "+7",
    "-7",
    "7.0",
    " 7",
    "7 ",
    "7\n",
    "1_000",
    "1,000",
    "\u0667",
    "\uff17",
    "Infinity",
    "NaN",
    "null",
    "0",
    "501",
    "9".repeat(400),
  ])("is not %j, and what was expected is said", (text) => {
    expect(asked.safeParse(text).error?.issues[0]?.message).toBe("a whole number from 1 to 500");
  });

  it("is not what stands there twice, or is missing; only that has a default", () => {
    const page = queryNumber(1, 500).default(50);
    expect(page.parse(undefined)).toBe(50);
    expect(page.safeParse(["1", "2"]).success).toBe(false);
    expect(page.safeParse("").success).toBe(false);
  });

  it("is the number itself where a question that was kept is asked again, if it is whole and within bounds", () => {
    expect(asked.parse(7)).toBe(7);
    for (const other of [7.5, 0, 501, Number.NaN]) expect(asked.safeParse(other).success).toBe(false);
  });

  it("is exact up to the largest that counts, and refused beyond", () => {
    const cursor = queryNumber(0, Number.MAX_SAFE_INTEGER);
    expect(cursor.parse("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
    expect(cursor.safeParse("9007199254740992").success).toBe(false);
  });

  it(`of ${DRAWN} drawn texts is read only where it is digits alone`, () => {
    const letters = "0123456789xXeEbo+-._ ,\t\u0660n";
    const draw = random(15);
    for (let n = 0; n < DRAWN; n++) {
      const text = Array.from({ length: draw(6) }, () => letters[draw(letters.length)]).join("");
      const read = asked.safeParse(text);
      const isOne = /^[0-9]+$/.test(text) && BigInt(text) >= 1n && BigInt(text) <= 500n;
      expect(read.success, JSON.stringify(text)).toBe(isOne);
      if (read.success) expect(read.data).toBe(Number.parseInt(text, 10));
    }
  });

  it("is read so by every route: none turns a text into a number by coercion", () => {
    const folder = new URL("../workers/", import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(200);
    expect(files.filter((name) => /\.coerce\b/.test(readFileSync(new URL(name, folder), "utf8")))).toEqual([]);
  });
});

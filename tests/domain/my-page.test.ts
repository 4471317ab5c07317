import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import {
  lampOf,
  meterDigits,
  readInstant,
  readKwh,
  readRate,
  readSpan,
  worthMinor,
} from "../../src/domain/my-page/format.ts";
import { lcdPaths } from "../../src/domain/my-page/lcd.ts";
import { languagesOf, MY_WORDS, monthsOf, myLanguage } from "../../src/domain/my-page/words.ts";

const { LS, BJ, ZM } = COUNTRIES;
const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe("the words of the customer's page", () => {
  it.each(["fr", "st"] as const)(
    "are all there in %s, with the same blanks to fill, and none in English",
    (language) => {
      const own = MY_WORDS[language];
      expect(Object.keys(own).sort()).toEqual(Object.keys(MY_WORDS.en).sort());
      for (const [key, english] of Object.entries(MY_WORDS.en)) {
        const text = own[key as keyof typeof own];
        expect(text.trim(), key).not.toBe("");
        expect(blanks(text), key).toEqual(blanks(english));
      }
      const same = Object.keys(own).filter(
        (key) => own[key as keyof typeof own] === MY_WORDS.en[key as keyof typeof own],
      );
      // Units and a file's kind are the same everywhere; French has a few of the same words.
      expect(
        same.filter((key) => !["kwh", "chart_csv", "time_minutes", "time_hours", "chart_src"].includes(key)),
      ).toEqual([]);
    },
  );

  it.each(["en", "fr", "st"] as const)("have twelve months in %s", (language) =>
    expect(new Set(monthsOf(language)).size).toBe(12),
  );

  it("are Sesotho in Lesotho, French in Benin and English in Zambia, until somebody chooses", () => {
    expect([LS, BJ, ZM].map((country) => myLanguage(country, undefined))).toEqual(["st", "fr", "en"]);
    expect(myLanguage(LS, "en")).toBe("en");
    expect(myLanguage(LS, "fr")).toBe("st");
    expect(myLanguage(LS, "'><script>")).toBe("st");
    expect(languagesOf(BJ)).toEqual(["fr", "en"]);
  });
});

describe("a balance", () => {
  it.each`
    energyWh   | digits
    ${2_040}   | ${"2.04"}
    ${0}       | ${"0.00"}
    ${7}       | ${"0.01"}
    ${-430}    | ${"-0.43"}
    ${9_994}   | ${"9.99"}
    ${9_996}   | ${"10.0"}
    ${123_456} | ${"123.5"}
    ${-12_345} | ${"-12.3"}
  `("of $energyWh Wh is $digits in the meter's window", ({ energyWh, digits }) =>
    expect(meterDigits(energyWh)).toBe(digits),
  );

  it("has a comma in French", () => expect(readKwh(2_040, "fr")).toBe("2,04"));

  it("is worth what it costs now, half to even, and nothing without a price", () => {
    expect(worthMinor(2_040, 50_000, 2)).toBe(1_020);
    expect(worthMinor(-430, 50_000, 2)).toBe(-215);
    expect(worthMinor(1_000, 1_600_000, 0)).toBe(160);
    expect(worthMinor(1, 50_000, 2)).toBe(0);
    expect(worthMinor(1_000, null, 2)).toBeNull();
  });

  it("has a lamp by what the country calls little", () => {
    expect([2_001, 2_000, 1, 0, -5].map((wh) => lampOf(wh, LS))).toEqual(["ok", "low", "low", "none", "none"]);
    expect(lampOf(5_000, BJ)).toBe("low");
  });
});

it("a price is written as the country writes money", () => {
  expect(readRate(50_000, LS)).toBe("M5.00");
  expect(readRate(1_600_000, BJ)).toBe("160 FCFA");
});

it.each`
  minutes  | said
  ${0}     | ${"0 min"}
  ${119}   | ${"119 min"}
  ${120}   | ${"2 h"}
  ${2_879} | ${"47 h"}
  ${2_880} | ${"2 d 0 h"}
  ${3_000} | ${"2 d 2 h"}
`("$minutes minutes are read as $said", ({ minutes, said }) => expect(readSpan(minutes, MY_WORDS.en)).toBe(said));

it("an instant is local, at midnight too, and names its year when that is another", () => {
  const at = Date.UTC(2026, 11, 31, 22);
  expect(readInstant(at, at, 120, "en")).toBe("1 Jan 00:00");
  expect(readInstant(at, at, 60, "fr")).toBe("31 déc 23:00");
  expect(readInstant(Date.UTC(2025, 10, 3), at, 120, "st")).toBe("3 Pulu 2025 02:00");
});

describe("the drawn window", () => {
  const segments = (path: string) => path.split("z").length - 1;
  it("lights the segments of its digits, and leaves the others dark", () => {
    // 1 has two segments, 8 has seven, and a point is one.
    expect(segments(lcdPaths("1.8").lit)).toBe(2 + 1 + 7);
    expect(segments(lcdPaths("1.8").dark)).toBe(5 + 3 * 7);
  });
  it("is as wide for little as for much, until there is no room", () => {
    expect(lcdPaths("0.01").width).toBe(lcdPaths("999.9").width);
    expect(lcdPaths("123456.7").width).toBeGreaterThan(lcdPaths("0.01").width);
  });
});

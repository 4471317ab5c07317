import { describe, expect, it } from "vitest";
import { csvOf, fileName } from "../../web/charts/csv.ts";
import { counted, type Figure, gapsOf, hasPlaces, isEmpty, KWH, money } from "../../web/charts/figure.ts";
import { exact, onAxis, shown } from "../../web/charts/numbers.ts";
import { nameOf, summaryOf } from "../../web/charts/read.ts";
import { sortable, tickName } from "../../web/charts/when.ts";
import { ENGLISH, filled } from "../../web/charts/words.ts";

/** 22:00 UTC is midnight in Lesotho. */
const MIDNIGHT = Date.UTC(2026, 10, 2, 22);
const DAY = 86_400_000;

const week = (over: Partial<Figure> = {}): Figure => ({
  title: "Energy, 3 days",
  kind: "bar",
  unit: KWH,
  series: [{ name: "used", values: [1_234, null, 0] }],
  at: [MIDNIGHT, MIDNIGHT + DAY, MIDNIGHT + 2 * DAY],
  bucket: "day",
  utcOffsetMinutes: 120,
  source: "meter 23099001",
  asOf: MIDNIGHT + 3 * DAY,
  ...over,
});

describe("a value", () => {
  it.each`
    value          | unit               | exactly                | read
    ${1_234}       | ${KWH}             | ${"1.234"}             | ${"1.23\u00a0kWh"}
    ${-5}          | ${KWH}             | ${"-0.005"}            | ${"-0.01\u00a0kWh"}
    ${4_000}       | ${KWH}             | ${"4"}                 | ${"4\u00a0kWh"}
    ${102_050}     | ${money("LSL", 2)} | ${"1020.5"}            | ${"1,020.5\u00a0LSL"}
    ${5_000}       | ${money("XOF", 0)} | ${"5000"}              | ${"5,000\u00a0XOF"}
    ${7}           | ${counted("")}     | ${"7"}                 | ${"7"}
    ${2 ** 53 - 1} | ${KWH}             | ${"9007199254740.991"} | ${"9,007,199,254,740.99\u00a0kWh"}
  `("of $value is $exactly exactly and read as $read", ({ value, unit, exactly, read }) => {
    expect(exact(value, unit)).toBe(exactly);
    expect(shown(value, unit, "en")).toBe(read);
  });

  it("that nobody knows is a dash, never 0", () => {
    expect(shown(null, KWH, "en")).toBe("–");
    expect(shown(undefined, KWH, "en")).toBe("–");
  });

  it("has a comma where the language has one", () => expect(shown(1_234, KWH, "fr")).toBe("1,23\u00a0kWh"));

  it.each`
    value    | step     | read
    ${1_500} | ${500}   | ${"1.5"}
    ${2_000} | ${1_000} | ${"2"}
    ${20}    | ${20}    | ${"0.02"}
    ${2e9}   | ${1e9}   | ${"2M"}
  `("of $value beside an axis in steps of $step is $read", ({ value, step, read }) =>
    expect(onAxis(value, step, KWH, "en")).toBe(read),
  );
});

describe("a figure", () => {
  it("tells gaps from zeros", () => {
    expect(gapsOf(week())).toEqual([1]);
    expect(
      gapsOf(
        week({
          series: [
            { name: "a", values: [null, 1, null] },
            { name: "b", values: [0, null, null] },
          ],
        }),
      ),
    ).toEqual([2]);
  });

  it("is empty when nothing is known, and not when everything is 0", () => {
    expect(isEmpty(week({ series: [{ name: "used", values: [null, null, null] }] }))).toBe(true);
    expect(isEmpty(week({ series: [{ name: "used", values: [0, 0, 0] }] }))).toBe(false);
  });

  it("has places for bars and names, and none for lines over time", () => {
    expect(hasPlaces(week())).toBe(true);
    expect(hasPlaces(week({ kind: "line" }))).toBe(false);
    const { at: _, ...named } = week({ kind: "line", names: ["MAK"] });
    expect(hasPlaces(named)).toBe(true);
  });

  it("says itself in words: span, highest, lowest and gaps", () => {
    expect(summaryOf(week(), ENGLISH)).toBe(
      "2 values from 3 Nov 2026 to 5 Nov 2026. used: highest 1.23\u00a0kWh (3 Nov 2026), lowest 0\u00a0kWh (5 Nov 2026). Nothing is known of 1.",
    );
    expect(summaryOf(week({ at: [], series: [{ name: "used", values: [] }] }), ENGLISH)).toBe(ENGLISH.noData);
  });
});

describe("a local time", () => {
  it("is the country's, at midnight too", () => {
    expect(nameOf(week(), 0, ENGLISH)).toBe("3 Nov 2026");
    expect(nameOf(week({ bucket: "hour" }), 0, ENGLISH)).toBe("3 Nov 00:00");
    expect(nameOf(week({ bucket: "month" }), 0, ENGLISH)).toBe("Nov 2026");
    expect(nameOf(week({ bucket: "quarter" }), 0, ENGLISH)).toBe("Q4 2026");
    // An hour further west it is still the day before.
    expect(nameOf(week({ utcOffsetMinutes: 60, bucket: "hour" }), 0, ENGLISH)).toBe("2 Nov 23:00");
  });

  it.each`
    at                 | before             | bucket     | name
    ${MIDNIGHT}        | ${null}            | ${"hour"}  | ${"00:00\n3 Nov"}
    ${MIDNIGHT + 36e5} | ${MIDNIGHT}        | ${"hour"}  | ${"01:00"}
    ${MIDNIGHT}        | ${MIDNIGHT - 36e5} | ${"hour"}  | ${"00:00\n3 Nov"}
    ${MIDNIGHT}        | ${null}            | ${"day"}   | ${"3\nNov"}
    ${MIDNIGHT + DAY}  | ${MIDNIGHT}        | ${"day"}   | ${"4"}
    ${MIDNIGHT}        | ${null}            | ${"month"} | ${"Nov\n2026"}
  `("beneath the axis names the larger unit where it begins: $name", ({ at, before, bucket, name }) =>
    expect(tickName(at, before, bucket, 120, ENGLISH)).toBe(name),
  );

  it.each(["hour", "day", "month", "quarter"] as const)("of a %s sorts as text", (bucket) => {
    const named = [0, 40, 80, 120, 400].map((days) => sortable(MIDNIGHT + days * DAY, bucket, 120));
    expect(named).toEqual(named.toSorted());
  });
});

describe("the file of a figure", () => {
  it("has each value exactly, the offset in its head, and nothing where nothing is known", () => {
    expect(csvOf(week(), ENGLISH)).toBe(
      "\ufefftime (UTC+02:00),used (kWh)\r\n2026-11-03,1.234\r\n2026-11-04,\r\n2026-11-05,0\r\n",
    );
  });

  it("cannot carry a formula, and keeps commas inside a field", () => {
    const { at: _, ...figure } = week({ names: ['=HYPERLINK("x")', "Ha Makebe, north", "Paul;=1+1"] });
    const lines = csvOf(figure, ENGLISH).split("\r\n");
    expect(lines.slice(1, 4)).toEqual([`"'=HYPERLINK(""x"")",1.234`, `"Ha Makebe, north",`, "Paul;'=1+1,0"]);
  });

  it("is named after its title", () => {
    expect(fileName("Énergie, 7 jours", "csv")).toBe("energie-7-jours.csv");
    expect(fileName("…", "png")).toBe("figure.png");
  });
});

it("a text that names what nobody gave stays as it is", () => expect(filled("{a} {b}", { a: 1 })).toBe("1 {b}"));

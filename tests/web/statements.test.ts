import { describe, expect, it } from "vitest";
import { addressWith, linesShown, uploadQuery, whyOpen } from "../../web/pages/statements/model.ts";

describe("whyOpen", () => {
  const day = { state: "open", covered: true, differenceMinor: 0, missing: 0, unexplained: 0 };
  it.each`
    over                                  | why
    ${{ state: "final" }}                 | ${null}
    ${{ covered: false, unexplained: 2 }} | ${"not_covered"}
    ${{ unexplained: 1, missing: 1 }}     | ${"unexplained"}
    ${{ missing: 1 }}                     | ${"missing"}
    ${{}}                                 | ${"contradicted"}
  `("says $why of $over", ({ over, why }) => {
    expect(whyOpen({ ...day, ...over })).toBe(why);
  });
});

describe("uploadQuery", () => {
  const of = { till: "ls-till-north", from: "", to: "", name: "a & b.csv", dry: true };
  it("asks with both days or none, and a name that is no part of the address", () => {
    expect(uploadQuery(of)).toBe("kind=statement&till=ls-till-north&name=a+%26+b.csv&dry=1");
    expect(uploadQuery({ ...of, from: "2026-04-01" })).not.toContain("from");
    expect(uploadQuery({ ...of, from: "2026-04-01", to: "2026-04-30", dry: false })).toContain("dry=0&from=2026-04-01");
  });
});

describe("the lines of a day", () => {
  const lines = [0, 500, 0, -200].map((differenceMinor) => ({ differenceMinor }));
  it("are shown some at a time, all or those that do not agree", () => {
    expect(linesShown(lines, { onlyOff: false, atMost: 3 })).toEqual({ shown: lines.slice(0, 3), more: true });
    expect(linesShown(lines, { onlyOff: true, atMost: 3 })).toEqual({ shown: [lines[1], lines[3]], more: false });
    expect(linesShown([], { onlyOff: false, atMost: 3 })).toEqual({ shown: [], more: false });
  });
  it("have an address in which the days that were asked for stay", () => {
    expect(addressWith("https://a.example/ls/statements?from=2026-11-01&day=2026-11-02", { day: "2026-11-03" })).toBe(
      "/ls/statements?from=2026-11-01&day=2026-11-03",
    );
  });
});

import { describe, expect, it } from "vitest";
import { isolationCases, type KnownCase } from "../../src/domain/isolation-cases.ts";

const NOW = Date.UTC(2026, 10, 29, 1, 17);
const DAY = 86_400_000;
const GBO = { what: "site", which: "GBO", rows: 3 };
const known = (over: Partial<KnownCase> = {}): KnownCase => ({
  caseKey: "foreign_row:site:GBO",
  state: "open",
  openedAt: NOW - DAY,
  version: 1,
  details: GBO,
  ...over,
});

describe("a foreign row", () => {
  it("is a case when it is found", () => {
    expect(isolationCases([GBO], [], NOW)).toEqual([
      {
        kind: "case",
        caseKey: "foreign_row:site:GBO",
        caseKind: "foreign_row",
        subject: "site:GBO",
        detailsJson: JSON.stringify(GBO),
        state: "open",
        openedAt: NOW,
        closedAt: null,
        version: 1,
      },
    ]);
  });

  it.each<[string, KnownCase, number, object[]]>([
    ["the same again changes nothing", known(), 3, []],
    ["more of it is told in the same case", known(), 4, [{ state: "open", openedAt: NOW - DAY, version: 2 }]],
    ["one that a person has closed stays closed, also when it is more", known({ state: "closed" }), 4, []],
    [
      "one that had gone is open again when it is back",
      known({ state: "closed", version: 2, details: { ...GBO, isGone: true } }),
      3,
      [{ state: "open", closedAt: null, version: 3, detailsJson: JSON.stringify(GBO) }],
    ],
  ])("%s", (_, was, rows, changes) => {
    expect(isolationCases([{ ...GBO, rows }], [was], NOW)).toMatchObject(changes);
  });

  it("closes its case when it is gone, and leaves what was closed before", () => {
    expect(
      isolationCases([], [known(), known({ caseKey: "foreign_row:tills:t", state: "closed" })], NOW),
    ).toMatchObject([{ caseKey: "foreign_row:site:GBO", state: "closed", closedAt: NOW, version: 2 }]);
  });
});

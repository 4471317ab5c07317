import { expect, it } from "vitest";
import { differences } from "../../dev/ops-rollups.ts";

it("rollups:verify names days that differ and, apart, those that only wait to be added up", () => {
  const day = (nth: number, isWaiting: boolean) => ({
    ...{ day: `2026-11-${String(nth).padStart(2, "0")}`, differ: nth, isWaiting },
  });
  expect(
    differences(
      new Map([
        ["metered_days", []],
        ["sales_account_days", [day(2, false), day(3, true), day(4, true)]],
      ]),
    ),
  ).toEqual([
    "metered_days             0 rows differ",
    "sales_account_days       2 rows differ, and 7 wait to be added up",
    "  differ: 2026-11-02 (2)",
    "  wait: 2026-11-03 (3), 2026-11-04 (4)",
  ]);
});

it("and of very many days the first forty", () => {
  const days = Array.from({ length: 43 }, (_, n) => ({ day: `d${n}`, differ: 1, isWaiting: false }));
  const [, line] = differences(new Map([["metered_days", days]]));
  expect(line?.endsWith("d39 (1), and 3 more")).toBe(true);
});

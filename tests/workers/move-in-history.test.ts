import { expect, it } from "vitest";
import { ops } from "../../workers/portal/ops.ts";
import { KEYS, settings } from "./country.ts";

const reading = { meter: "23099001", readAt: 1_600_000_000_000, registerWh: 5, powerW: null };
const readings = (over: object = {}, times = 1) => ({
  source: "access:tblmeterdata1",
  readings: Array.from({ length: times }, () => reading),
  ...over,
});
const totals = (over: object = {}) => ({
  origin: "access:tblmonthlyconsumption",
  kind: "consumption",
  period: "month",
  totals: [{ id: 1, startsAt: 1_600_000_000_000, account: "0045MAK", energyWh: 5 }],
  ...over,
});

it.each([
  ["a stranger", "readings", readings(), { "X-Ops-Key": "none" }, 403],
  ["nobody's name", "readings", readings(), { "X-Actor": "" }, 400],
  ["more than a page", "readings", readings({}, 5_001), {}, 400],
  ["no row at all", "readings", readings({ readings: [] }), {}, 400],
  ["a source that meters have", "readings", readings({ source: "iot" }), {}, 400],
  ["a source that is none", "readings", readings({ source: "access:'; DROP TABLE meters" }), {}, 400],
  ["a row that is no row", "readings", readings({ readings: [5] }), {}, 400],
  ["more than 5 MB", "readings", readings({ readings: [{ ...reading, meter: "9".repeat(6_000_000) }] }), {}, 413],
  ["what does not say that it is JSON", "readings", readings(), { "Content-Type": "text/plain" }, 415],
  ["a meter that is none", "meters", { meters: ["a b"] }, {}, 400],
  ["a total of another kind", "totals", totals({ kind: "tax" }), {}, 400],
  ["a total of another period", "totals", totals({ period: "week" }), {}, 400],
  ["totals from nowhere", "totals", totals({ origin: "" }), {}, 400],
  ["readings while the database is down", "readings", readings(), {}, 503],
  [
    "totals while the database is down",
    "totals",
    totals({ totals: [{ ...totals().totals[0], startsAt: 1_598_911_200_000 }] }),
    {},
    503,
  ],
])("refuses %s", async (_, what, body, headers, status) => {
  const init = {
    method: "POST",
    headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
  const answer = await ops.request(`/move-in/${what}`, init, settings);
  if (status === 503) expect(answer.status).toBeGreaterThanOrEqual(500);
  else expect(answer.status).toBe(status);
});

it("takes a page larger than other routes take, and judges each row by itself", async () => {
  const rows = Array.from({ length: 5_000 }, () => ({ ...reading, meter: "a b ".repeat(60) }));
  const body = JSON.stringify(readings({ readings: rows }));
  expect(body.length).toBeGreaterThan(1024 * 1024);
  const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", "Content-Type": "application/json" };
  const answer = await ops.request("/move-in/readings", { method: "POST", headers, body }, settings);
  expect(answer.status).toBe(200);
  const { taken, refused } = (await answer.json()) as { taken: number; refused: unknown[] };
  expect([taken, refused.length, refused[4_999]]).toEqual([0, 5_000, { index: 4_999, because: "meter_unreadable" }]);
});

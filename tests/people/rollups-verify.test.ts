import { beforeAll, expect, it } from "vitest";
import { database, ops } from "./country.ts";

const DAY = "2026-11-03";
const run = (query: string) => database().transaction([{ query, params: [] }]);
const verify = async (write: boolean) => {
  const { status, body } = await ops("POST", "/rollups/verify", { from: DAY, to: DAY, write });
  expect(status).toBe(200);
  const tables = body.tables as { table: string; days: unknown[] }[];
  return { written: body.written, wrong: tables.filter(({ days }) => days.length > 0).map(({ table }) => table) };
};

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "MAK", name: "Ha Makebe", district: null }] });
  const placed = { meterNumber: "23099077", role: "primary", from: "2026-11-01T00:00:00Z" };
  const account = { account: "0395MAK", name: "Neo Sello", phone: null, status: "live", aliases: [], meters: [placed] };
  expect((await ops("POST", "/accounts", { accounts: [account] })).status).toBe(200);
  await run(`INSERT INTO consumption_daily (meter_id, account_id, day, energy_wh, hours, estimated_hours)
    SELECT m.id, a.id, date '${DAY}', 700, 24, 0 FROM meters m, accounts a
    WHERE m.meter_number = '23099077' AND a.account_number = '0395MAK'`);
});

it("puts right what it says is wrong, also a month whose days are right, and has nothing to say after it", async () => {
  await verify(true);
  expect((await verify(false)).wrong).toEqual([]);
  await run("UPDATE metered_months SET energy_wh = energy_wh + 7, days = days + 1");
  expect((await verify(false)).wrong).toEqual(["metered_months"]);
  const { written } = await verify(true);
  expect(written).toBeGreaterThan(0);
  expect((await verify(false)).wrong).toEqual([]);
});

import { expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, database } from "./country.ts";

const ask = (path: string) =>
  app.request(`/api/${path}`, { headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "a test" } }, country);

it("the figures of one drawing come in one answer, each what it is by itself", async () => {
  const asked = "grain=month&from=2026-01-01&to=2026-10-31";
  const ids = ["paid_electricity", "paid_fees", "paid_unassigned", "paid_treasury"];
  const answer = await ask(`reports/figures?ids=${ids.join(",")}&${asked}`);
  const { figures } = (await answer.json()) as { figures: { metric: string; rows: unknown[] }[] };
  expect(figures.map(({ metric }) => metric)).toEqual(ids);
  for (const { metric, rows: found } of figures) {
    const alone = (await (await ask(`reports/metrics/${metric}?${asked}`)).json()) as { rows: unknown[] };
    expect(found).toEqual(alone.rows);
  }
});

it("figures of one drawing are refused with what is wrong, and to whoever may not read reports", async () => {
  expect((await ask("reports/figures?ids=paid,profit")).status).toBe(404);
  expect((await ask("reports/figures?ids=metered&by=channel")).status).toBe(400);
  expect((await ask("reports/figures?ids=paid;")).status).toBe(400);
  expect((await ask("reports/figures?ids=paid&from=2026-02-01&to=2026-01-01")).status).toBe(400);
  expect((await new Browser().ask("GET", "/api/reports/figures?ids=paid")).status).toBe(401);
});

it("whoever keeps it running sees what reports do not have yet, and since when", async () => {
  const waiting = async () =>
    ((await (await ask("operations")).json()) as { rollups: { days: number; months: number; since: number } }).rollups;
  const run = (query: string) => database().transaction([{ query, params: [] }]);
  await run("DELETE FROM rollup_touched");
  expect(await waiting()).toEqual({ days: 0, months: 0, since: null });
  await run(`INSERT INTO rollup_touched (what, at, since) VALUES ('money', '2026-10-01T10:00Z', '2026-10-01T11:00Z'),
    ('energy', '2026-10-01Z', '2026-10-02Z'), ('energy', '2026-10-02Z', '2026-10-02Z'), ('hours', '2026-10-01Z', now())`);
  expect(await waiting()).toEqual({ days: 2, months: 1, since: Date.UTC(2026, 9, 1, 11) });
});

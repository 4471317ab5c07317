/** The existing PostgreSQL system moves in by its commands, twice, is validated, and then the two run side by side. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import type { LegacyKey } from "../../dev/legacy-postgres/key.ts";
import { loadLegacy } from "../../dev/legacy-postgres/load.ts";
import { SMALL_PLAN } from "../../dev/legacy-postgres/plan.ts";
import { ask, startWorld, until } from "./world.ts";

const PORT = 24_887;
const DATA = ".data/story-moving-in-postgres";
const ROOT = new URL("../../", import.meta.url);
const CUTOVER = "2026-11-02T00:00:00+02:00";
const DRAIN_MS_MAX = 120_000;
/** Above those of the demo. */
const FIRST_NUMBER = 231;

const folder = mkdtempSync(join(tmpdir(), "cc-moving-in-"));
let world: Awaited<ReturnType<typeof startWorld>> | null = null;
let key: LegacyKey;
let from = "";

const country = () => {
  if (world === null) throw new Error("the world is stopped");
  return world.local.countries.LS;
};

beforeAll(async () => {
  world = await startWorld({ firstPort: PORT, data: DATA });
  const { superuser } = JSON.parse(readFileSync(new URL(`${DATA}/postgres-secrets.json`, ROOT), "utf8"));
  const server = `postgres://postgres:${superuser}@127.0.0.1:${PORT + 10}`;
  await withClient(`${server}/postgres`, (client) => client.query("CREATE DATABASE legacy"));
  from = `${server}/legacy`;
  key = await withClient(from, (client) => loadLegacy(client, { ...SMALL_PLAN, firstNumber: FIRST_NUMBER }));
});
afterAll(async () => {
  await world?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A command as it is typed; its exit code, and its lines. */
async function run(command: string, ...args: string[]): Promise<{ code: number; lines: string[] }> {
  const env = { ...process.env, OPS_URL_LS: country().url, OPS_KEY_LS: country().opsKey };
  const path = fileURLToPath(new URL(`dev/${command}.ts`, ROOT));
  const report = ["--report", join(folder, `${command}.json`)];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [path, "--env", "ls", ...report, ...args], { env });
    return { code: 0, lines: stdout.trim().split("\n") };
  } catch (thrown) {
    const { code, stdout, stderr } = thrown as { code: number; stdout: string; stderr: string };
    return { code, lines: (stdout + stderr).trim().split("\n") };
  }
}
const migrate = (...args: string[]) => run("migrate-postgres", "--from", from, "--actor", "story", ...args);
const sql = async <T extends object>(query: string): Promise<T[]> =>
  withClient(country().databaseUrl, async (client) => (await client.query<T>(query)).rows);
const drained = () =>
  until(
    "everything drained",
    DRAIN_MS_MAX,
    async () =>
      (
        await ask<{ database: string; depths: Record<string, number> }>(`${country().url}/api/ops/status`, {
          headers: { "X-Ops-Key": country().opsKey, "X-Actor": "story" },
        })
      ).body,
    ({ database, depths }) =>
      database === "up" && Object.entries(depths).every(([name, depth]) => depth === 0 || name === "outgoingSms"),
  );
/** All that a second run could have changed; what vendors' meters count meanwhile is no work of its. */
const books = () =>
  sql(`SELECT (SELECT count(*) FROM customers) AS customers, (SELECT count(*) FROM accounts) AS accounts,
    (SELECT count(*) FROM meters) AS meters, (SELECT count(*) FROM meter_placements) AS placements,
    (SELECT count(*) FROM legacy_transactions) AS history, (SELECT count(*) FROM payments) AS payments,
    (SELECT count(*) FROM meter_readings WHERE account_id IS NULL) AS readings, (SELECT count(*) FROM legacy_totals) AS totals,
    (SELECT count(*) || ' ' || sum(energy_wh) FROM ledger_entries WHERE account_id IS NOT NULL AND kind <> 'consumption') AS ledger,
    (SELECT count(*) FROM mutations) AS mutations, (SELECT count(*) FROM tariffs) AS tariffs`);

it("moves in, a second run changes nothing, and all but the planted defects is here", async () => {
  const first = await migrate("--cutover", CUTOVER);
  expect(first.code).toBe(0);
  // A month that stands there under two spellings of its meter: the larger one is taken.
  const refused = first.lines.filter((line) => /refused|differs,/.test(line));
  expect(refused.filter((line) => !/^monthly_consumption row .*: refused, differs$/.test(line))).toEqual([]);
  await drained();
  const openings = () =>
    sql<{ n: string }>("SELECT count(*) AS n FROM ledger_entries WHERE kind = 'opening' AND account_id IS NOT NULL");
  const accounts = Object.keys(key.balances).length;
  await until("the openings in the books", DRAIN_MS_MAX, openings, ([row]) => Number(row?.n) === accounts);
  const after = await books();
  const validated = await run("migrate-validate", "--from", from, "--cutover", CUTOVER);
  expect(validated.lines.at(-1)).toBe("nothing differs from legacy");
  expect(validated.code).toBe(0);
  const explained = Object.values(key.notTaken.transactions ?? {}).length;
  expect(validated.lines.filter((line) => line.startsWith("  transactions ")).length).toBeGreaterThan(5);
  expect(explained).toBeGreaterThan(0);

  const opened = await sql<{ account: string; wh: string }>(
    `SELECT a.account_number AS account, e.energy_wh::text AS wh FROM ledger_entries e JOIN accounts a ON a.id = e.account_id
    WHERE e.kind = 'opening'`,
  );
  expect(Object.fromEntries(opened.map(({ account, wh }) => [account, Number(wh)]))).toEqual(key.balances);

  const second = await migrate("--cutover", CUTOVER);
  expect(second.lines).toContain(`customers {"known":${key.customers}}`);
  await drained();
  expect(await books()).toEqual(after);
});

it("a later run brings what is new and changes no opening; validation names what is not there yet", async () => {
  const account = Object.keys(key.balances)[0] ?? "";
  await withClient(from, (client) =>
    client.query(
      `INSERT INTO transactions (id, account_number, transaction_date, transaction_amount, kwh_value, is_payment, source, payment_reference)
      VALUES (9000001, $1, '2026-11-20T08:00:00Z', 25, 5, true, 'sms_gateway', 'QLNEW00017')`,
      [account],
    ),
  );
  const missing = await run("migrate-validate", "--from", from, "--cutover", CUTOVER);
  expect(missing.code).toBe(1);
  expect(missing.lines.some((line) => line.includes("transactions, payment"))).toBe(true);

  const later = await migrate("--cutover", CUTOVER, "--since", "2026-11-10T00:00:00+02:00");
  expect(later.lines.find((line) => line.startsWith("history"))).toContain('"added":1');
  expect(later.lines.find((line) => line.startsWith("openings  {"))).toContain('{"opened":0');
  await drained();
  const again = await run("migrate-validate", "--from", from, "--cutover", CUTOVER);
  expect([again.code, again.lines.at(-1)]).toEqual([0, "nothing differs from legacy"]);
});

it("says of each account and day what the two systems say, the largest difference first", async () => {
  const account = Object.keys(key.balances)[0] ?? "";
  const window = ["--old", from, "--from", "2026-11-19", "--to", "2026-11-21"];
  const { code, lines } = await run("parallel-compare", ...window, "--top", "500");
  expect([code, lines.at(-1)]).toEqual([0, expect.stringContaining("differ: ")]);
  // The old system credited it, and this one holds its receipt for the old books.
  const at = lines.findIndex((line) => new RegExp(`^${account} +2026-11-20`).test(line));
  expect(lines[at]).toMatch(/old\s+1\s+M25\.00\s+5\.0/);
  expect(lines[at + 1]).toMatch(/new\s+0\s+M0\.00\s+0\.0/);
  const few = await run("parallel-compare", ...window, "--top", "1");
  expect(few.lines).toHaveLength(4);
});

import { beforeAll, expect, it } from "vitest";
import { closeCase } from "../../src/adapters/neon/cases.ts";
import { factsBehind, factsBehindJob } from "../../workers/jobs/facts-behind.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { registryOf } from "../../workers/ports.ts";
import { facts } from "../workers/country.ts";
import { country, database, rows } from "./country.ts";

/** As it was told before the database was set back. */
const FORGOTTEN = 7_000_000;
const ACCOUNT = "0391MAK";
const cases = () =>
  rows<{ subject: string; kind: string; accounts: string; state: string }>(
    `SELECT subject, case_kind AS kind, details ->> 'accounts' AS accounts, state FROM reconciliation_cases
    WHERE case_key LIKE 'facts_ahead:%'`,
  );

beforeAll(async () => {
  const by = { actor: "a test", reason: null, at: Date.now() };
  await registryOf(country).upsertSites([{ code: "MAK", name: "Ha Makebe", district: null }], by);
  const customer = { key: ACCOUNT, name: "Test Ninety-one", phones: ["26650000191"], language: null };
  await registryOf(country).upsertAccounts(
    [{ account: ACCOUNT, site: "MAK", status: "live", customer, meters: [], aliases: [], rates: [] }],
    by,
  );
  await accountLocator(country, ACCOUNT).configure(facts(ACCOUNT, { version: FORGOTTEN }), Date.now());
});

it("an account that knows a version which the database never gave is shown, and is one case however often it is found", async () => {
  const page = await factsBehind(country, "", false);
  expect(page.ahead).toEqual([{ account: ACCOUNT, has: FORGOTTEN, given: expect.any(Number) }]);
  expect(page.ahead[0]?.given).toBeLessThan(FORGOTTEN);
  await factsBehindJob(country, null);
  await factsBehindJob(country, null);
  const open = { subject: ACCOUNT, kind: "ledger_drift", accounts: "1", state: "open" };
  expect(await cases()).toEqual([open]);
  // Closed by hand, though nothing was done: the next night finds it again.
  const by = { actor: "a test", reason: "looked at", at: Date.now() };
  const key = `facts_ahead:${ACCOUNT}:${FORGOTTEN}`;
  expect(await closeCase(database(), key, by)).toMatchObject({ ok: true });
  expect(await cases()).toEqual([{ ...open, state: "closed" }]);
  await factsBehindJob(country, null);
  expect(await cases()).toEqual([open]);
});

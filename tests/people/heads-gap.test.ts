import { runInDurableObject } from "cloudflare:test";
import { neon, neonConfig } from "@neondatabase/serverless";
import { beforeAll, expect, inject, it } from "vitest";
import type { ReadingVerdict } from "../../src/domain/reading.ts";
import { copyOutboxes } from "../../src/services/copy-outboxes.ts";
import { copyPortsOf, sourceOf } from "../../workers/copy.ts";
import { compareAccounts } from "../../workers/jobs/heads-accounts.ts";
import { configureAccounts } from "../../workers/jobs/refresh-accounts.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { restoresOf } from "../../workers/objects/restores.ts";
import { clockOf, registryOf } from "../../workers/ports.ts";
import { payment } from "../workers/account-makers.ts";
import { reading } from "../workers/reading-makers.ts";
import { country as env, rows } from "./country.ts";

const ACCOUNT = "0398MAK";
const METER = "23099398";
const [BEFORE, LOST, AFTER] = ["QKGAP00001", "QKGAP00002", "QKGAP00003"];
const paidAt = Date.now() - 60_000;
const by = () => ({ actor: "a test", reason: null, at: Date.now() });
const ledger = () => accountLocator(env, ACCOUNT);

const pay = (receipt: string, amountMinor: number) => ledger().post(ACCOUNT, payment({ receipt, amountMinor, paidAt }));
const copied = () => copyOutboxes(copyPortsOf(env), [sourceOf(env, { object: "account_ledger", name: ACCOUNT })]);

const asOwner = (query: string) => {
  const url = new URL(inject("peopleSuperUrl"));
  url.pathname = new URL(env.DATABASE_URL).pathname;
  neonConfig.fetchEndpoint = inject("peopleSqlUrl");
  return neon(url.href).query(query);
};

const receipts = async () =>
  (
    await rows<{ receipt: string }>(
      `SELECT e.receipt FROM ledger_entries e JOIN accounts a ON a.id = e.account_id
       WHERE a.account_number = '${ACCOUNT}' AND e.receipt IS NOT NULL ORDER BY e.seq`,
    )
  ).map(({ receipt }) => receipt);
const differences = async () => (await compareAccounts(env, "", clockOf(env).now())).differences;

beforeAll(async () => {
  const registry = registryOf(env);
  await registry.upsertSites([{ code: "MAK", name: "Ha Makebe", district: null }], by());
  await registry.putTariff({ scope: "global", rateE4PerKwh: 50_000, validFrom: 0 }, by());
  const customer = { key: `account:${ACCOUNT}`, name: "Test Ninety-eight", phones: [], language: null };
  const meter = { meterNumber: METER, thing: "t-398", role: "primary" as const, ratingW: null };
  const placed = { ...meter, from: paidAt - 2 * 3_600_000, to: null, baseRegisterWh: 0 };
  await registry.upsertAccounts(
    [{ account: ACCOUNT, site: "MAK", status: "live", customer, meters: [placed], aliases: [], rates: [] }],
    by(),
  );
  await configureAccounts(env, [ACCOUNT]);
  await runInDurableObject(ledger(), (object) => {
    Object.defineProperty(object, "restores", { value: () => restoresOf(env) });
  });
  await copied();
});

it("a payment that a set-back took out of the middle of an account is sent again, though newer entries are there and other rows are on their way", async () => {
  await pay(BEFORE, 2_000);
  await copied();
  await pay(LOST, 2_100);
  await copied();
  // As the database was before it, but for what has come since.
  await asOwner("ALTER TABLE ledger_entries DISABLE TRIGGER ALL");
  await asOwner(
    `DELETE FROM ledger_entries WHERE posting_id IN (SELECT posting_id FROM ledger_entries WHERE receipt = '${LOST}')`,
  );
  await asOwner("ALTER TABLE ledger_entries ENABLE TRIGGER ALL");
  await pay(AFTER, 2_200);
  await copied();
  expect(await receipts()).toEqual([BEFORE, AFTER]);

  // It has used nothing: no entry comes of it.
  const [verdict] = (await ledger().read(ACCOUNT, [
    reading({ meterNumber: METER, readAt: paidAt, registerWh: 0 }),
  ])) as ReadingVerdict[];
  expect(verdict).toEqual({ status: "accepted", because: null });
  expect((await ledger().view(ACCOUNT)) as object).toMatchObject({ copyWaiting: 1 });
  expect(await differences()).toMatchObject([{ name: ACCOUNT, because: "sent_again", object: { resent: 1 } }]);
  await copied();
  expect(await receipts()).toEqual([BEFORE, LOST, AFTER]);
  expect(await differences()).toEqual([]);
});

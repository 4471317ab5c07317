import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readManifest } from "../../dev/backup/manifest.ts";
import { takeBackup } from "../../dev/backup/take.ts";
import { MedicPhone } from "../../dev/phones.ts";
import { SampleTill } from "../../dev/samples.ts";
import { RestoreWorld } from "./restore-world.ts";

const DATA = ".data/story-backup";
const world = new RestoreWorld({ firstPort: 21_887, data: DATA });
let backups: string;

beforeAll(async () => {
  backups = await mkdtemp(join(tmpdir(), "story-backup-"));
  await world.start(true);
});
afterAll(async () => {
  await world.stop();
  await rm(backups, { recursive: true, force: true });
});

it("a database that is lost comes back from its backup and from what the objects hold since, and objects that are all lost from the database", async () => {
  const live = world.ls.customers.filter(({ status }) => status === "live");
  const phone = new MedicPhone({ url: world.ls.phones[0]?.medicUrl ?? "" });
  const till = new SampleTill({ operator: "mpesa", seed: 31 });
  let paid = 0;
  const pay = async (accounts: (string | null)[]) => {
    const receipts = accounts.map((account) => {
      const { sms, payment } = till.pay({ account, amountMinor: 900 + 100 * paid++, at: Date.now() });
      phone.store(sms);
      return payment.receipt;
    });
    await phone.wake();
    return receipts;
  };
  const accounts = live.slice(0, 5).map(({ account }) => account);

  const [held = ""] = await pay([null, ...accounts]);
  await world.drained();
  const folder = await takeBackup({ ownerUrl: world.ls.databaseUrl, into: backups, keep: 1 });
  const { since } = readManifest(folder);

  // Newer than the backup: payments, and money that a person gave to an account.
  await pay(accounts);
  await world.move(held, "assign", { expectedGeneration: 1, account: accounts[0] });
  await world.drained();
  const full = await world.memory();

  // The database is lost. While an empty one is made and filled, a customer pays.
  await world.losePostgres(folder, async () => {
    await pay([accounts[1] ?? null]);
  });
  const newer = await world.heads(since);
  expect(newer.differences.length, "what the backup did not have").toBeGreaterThan(0);
  expect(new Set(newer.differences.map(({ because }) => because))).toEqual(new Set(["sent_again"]));
  await world.drained();
  expect((await world.heads(since)).differences).toEqual([]);
  const again = await world.memory();
  expect(again.payments).toHaveLength((full.payments?.length ?? 0) + 1);
  for (const [table, lines] of Object.entries(full))
    if (table !== "account_balances") expect(again[table], table).toEqual(expect.arrayContaining(lines));

  // All objects of the country are lost, and the phone sends all it ever had again.
  await world.stop();
  world.wipeAll();
  await world.start(false);
  for (const sms of phone.incoming) sms.forwarded = false;
  await phone.wake();
  await world.drained();
  expect((await world.heads(since)).differences).toEqual([]);
  expect(await world.memory()).toEqual(again);
  await pay([accounts[2] ?? null]);
  await world.drained();
  expect((await world.memory()).payments).toHaveLength((again.payments?.length ?? 0) + 1);
});

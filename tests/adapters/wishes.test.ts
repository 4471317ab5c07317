import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonHolders } from "../../src/adapters/neon/holders.ts";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { neonWishes } from "../../src/adapters/neon/wishes.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { smsWish } from "../../src/domain/sms-wish.ts";
import type { EnqueueAnswer, OutgoingSms } from "../../src/ports/mailboxes.ts";
import { keepWish, type WishPorts } from "../../src/services/keep-wish.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON } from "./rows.ts";

const MINUTE_MS = 60_000;
let database: FreshDatabase;
let db: Database;
let sent: OutgoingSms[];
let answers: EnqueueAnswer[];
let allowed: boolean;

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  const registry = neonRegistry(db);
  const by = { actor: "ops:test", reason: "a test", at: NOON - 86_400_000 };
  await registry.upsertSites([{ code: "MAK", name: "Ha Makebe", district: null }], by);
  const customer = { key: "c1", name: "Test One", phones: ["26650000101"], language: "st" as const };
  const row = {
    account: "0045MAK",
    site: "MAK",
    status: "live" as const,
    customer,
    meters: [],
    aliases: [],
    rates: [],
  };
  expect(await registry.upsertAccounts([row], by)).toMatchObject({ ok: true });
});
afterAll(() => database.drop());
beforeEach(() => {
  sent = [];
  answers = [];
  allowed = true;
});

const ports = (): WishPorts => ({
  country: COUNTRIES.LS,
  holders: neonHolders(db, COUNTRIES.LS),
  wishes: neonWishes(db),
  directory: { template: async () => null },
  isAllowed: async () => allowed,
  enqueue: async (_, sms) => {
    const answer = answers.shift() ?? { status: "queued" };
    if (answer.status !== "not_ready") sent.push(sms);
    return answer;
  },
  now: () => NOON + MINUTE_MS,
});
const say = (content: string, receivedAt: number, sender = "+266 5000 0101") => {
  const wish = smsWish(content);
  if (wish === null) throw new Error(`${content} is no wish`);
  const sms = {
    claimed: null,
    waitsAsText: false,
    phoneId: "p",
    tillId: "t",
    channel: "electricity" as const,
    externalId: "m",
    contentHash: content,
  };
  return keepWish(ports(), { ...sms, sender, content, receivedAt }, wish);
};
const language = async () => (await db.read<{ language: string }>("SELECT language FROM customers"))[0]?.language;
const wanted = async () =>
  (await db.read<{ wanted: boolean }>("SELECT ended_at IS NOT NULL AS wanted FROM sms_opt_outs"))[0]?.wanted;

describe("the language of a customer", () => {
  it("is what they said last, is answered in it, and their account is told", async () => {
    expect(await say("ENGLISH", NOON)).toEqual({ state: "done", because: null, account: "0045MAK" });
    expect(await language()).toBe("en");
    expect(sent).toMatchObject([{ language: "en", content: expect.stringContaining("send BAL") }]);
    const [facts] = await db.read<{ told: boolean }>(
      "SELECT a.facts_version >= c.facts_version AS told FROM accounts a JOIN customers c ON c.id = a.customer_id",
    );
    expect(facts?.told).toBe(true);
    const acts = await db.read("SELECT actor, action FROM mutations WHERE actor = 'customer by SMS'");
    expect(acts).toEqual([{ actor: "customer by SMS", action: "customer.change" }]);
  });

  it("stays when an older word comes late, or the same again after another", async () => {
    expect(await say("SESOTHO", NOON - 2 * MINUTE_MS)).toMatchObject({ because: "older" });
    expect(await say("SESOTHO", NOON + 1_000)).toMatchObject({ because: null });
    expect(await say("ENGLISH", NOON)).toMatchObject({ because: "older" });
    expect(await language()).toBe("st");
  });

  it("is kept although the answer waits or is one too many, and not for a phone that holds nothing", async () => {
    answers = [{ status: "not_ready" }];
    expect(await say("ENGLISH", NOON + 2_000)).toMatchObject({ state: "later", because: "mailbox_not_ready" });
    expect(await language()).toBe("en");
    allowed = false;
    expect(await say("SESOTHO", NOON + 3_000)).toMatchObject({ because: "over_limit" });
    expect(await language()).toBe("st");
    expect(await say("ENGLISH", NOON + 4_000, "+26650000199")).toMatchObject({ because: "not_a_holder" });
    expect(await say("FRANCAIS", NOON + 5_000)).toMatchObject({ because: "not_spoken_here" });
  });
});

it("campaigns are not wanted, then wanted again; an older word changes nothing, and nobody is answered", async () => {
  expect(await say("STOP", NOON)).toEqual({ state: "done", because: null, account: null });
  expect(await wanted()).toBe(false);
  await say("START", NOON + 1_000);
  await say("STOP", NOON);
  expect(await wanted()).toBe(true);
  expect(sent).toEqual([]);
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { type AlarmName, type AlarmState, type AlarmTold, afterLook, newAlarm } from "../../src/domain/alarm.ts";
import type { CaseRow, VendorCreditRow } from "../../src/domain/outbox.ts";
import { owedOut } from "../../src/queries/owed-out.ts";
import { lookForAlarms } from "../../src/services/look-for-alarms.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { items, NOON, seed, vendorCredit } from "./rows.ts";
import { rowsRead } from "./rows-read.ts";

const MINUTE = 60_000;
let database: FreshDatabase;
let account: number;
beforeAll(async () => {
  database = await freshDatabase();
  [account] = await seed(database.ownerUrl);
});
afterAll(() => database.drop());

const db = () => connect(database.appUrl, database.sqlUrl);
const own = (text: string) => withClient(database.ownerUrl, (client) => client.query(text));
afterEach(() => own("DELETE FROM vendor_credits; DELETE FROM reconciliation_cases"));
const credit = (over: Partial<VendorCreditRow>) =>
  neonCopies(db()).write(items([vendorCredit(account, { queuedAt: NOON, nextAt: NOON, ...over })]));
const parked = (state: CaseRow["state"], version: number, forwardId = 7) =>
  neonCopies(db()).write(
    items([
      {
        ...{ kind: "case", caseKey: `forward:phone-a:${forwardId}`, caseKind: "forward_parked", subject: "phone-a" },
        ...{ detailsJson: "{}", state, openedAt: NOON, closedAt: state === "closed" ? NOON : null, version },
      },
    ]),
  );
const names = async () => (await owedOut(db())).map(({ kind, name }) => `${kind} ${name}`).sort();

/** A look a minute after `from`, for so many minutes: what the one on call is told of this alarm. */
async function told(name: AlarmName, before: AlarmState, from: number, minutes: number) {
  const tellings: AlarmTold[] = [];
  let state = before;
  for (let now = from; now < from + minutes * MINUTE; now += MINUTE) {
    const looks = await lookForAlarms(
      {
        objects: async () => ({
          ...{ silentPhones: [], waitingSms: [], waitingForwards: [], breakers: [] },
          ...{ openReceipts: [], unanswered: [], lacksShards: false },
        }),
        books: async () => ({
          ...{ feeds: [], waiting: [], jobs: [], omBehind: [], backupAt: null, unanswered: [] },
          owedOut: await owedOut(db()),
        }),
      },
      now,
    );
    for (const look of looks.filter((each) => each.name === name)) {
      const step = afterLook(state, look, now);
      state = step.state;
      if (step.tell !== null) tellings.push(step.tell);
    }
  }
  return { state, tellings };
}

describe("a vendor that takes nothing for an hour", () => {
  it("rings once for a paid credit however many pay meanwhile, beside it once for one that a person has to mend, and it is over when the wallets have them", async () => {
    await credit({ externalId: "receipt:A#1.1" });
    const outage = await told("wallet_age", newAlarm("wallet_age"), NOON, 30);
    expect(outage.tellings).toEqual(["raised"]);
    expect(outage.state.subject).toBe("koios");
    await credit({ externalId: "receipt:B#1.1", state: "sent", sentAt: NOON + 1, version: 2 });
    const more = await told("wallet_age", outage.state, NOON + 30 * MINUTE, 30);
    expect([more.tellings, more.state.subject]).toEqual([[], "koios"]);
    await credit({ externalId: "receipt:B#1.1", state: "dead", because: "given_up", nextAt: null, version: 3 });
    const dead = await told("wallet_age", more.state, NOON + 60 * MINUTE, 10);
    expect(dead.tellings).toEqual(["more"]);
    expect(dead.state.subject).toBe("koios, 0045MAK dead");
    for (const externalId of ["receipt:A#1.1", "receipt:B#1.1"])
      await credit({ externalId, state: "confirmed", confirmedAt: NOON + 9, nextAt: null, version: 9 });
    const over = await told("wallet_age", dead.state, NOON + 70 * MINUTE, 10);
    expect(over.tellings).toEqual(["cleared"]);
    expect(over.state.raisedAt).toBeNull();
  });
});

describe("a forward that is parked", () => {
  it("rings once, parked twice or not, and is over when a person has sent it or left it", async () => {
    for (let twice = 0; twice < 2; twice++) await parked("open", 1);
    const rung = await told("forward_age", newAlarm("forward_age"), NOON, 40);
    expect([rung.tellings, rung.state.subject]).toEqual([["raised"], "parked phone-a"]);
    await parked("closed", 2);
    expect((await told("forward_age", rung.state, NOON + 40 * MINUTE, 10)).tellings).toEqual(["cleared"]);
  });
});

describe("a credit that waits as it should", () => {
  it.each([
    ["of the old system's", { because: "legacy_writes_site", nextAt: null }],
    ["of a correction at a site of the old system's", { externalId: "correction:1", because: "legacy_writes_site" }],
    ["of a customer who has no light yet", { because: "not_commissioned" }],
    ["of an account without a meter here", { because: "no_meter", attempts: 0 }],
    ["of a country that credits no wallets", { because: "credit_off" }],
  ] as const)("rings for nobody: %s", async (_, over) => {
    await credit({ externalId: "receipt:W#1.1", state: "blocked", ...over });
    expect(await names()).toEqual([]);
  });

  it("after the announced silence of a switch is as old as the silence is over", async () => {
    const nextAt = NOON + 30 * MINUTE;
    await credit({ externalId: "receipt:N#1.1", state: "blocked", because: "neither", nextAt });
    expect(await owedOut(db())).toEqual([{ kind: "credit", name: "0045MAK blocked", at: nextAt }]);
  });

  it("is told from one that the vendor knows no meter of, that lacks a key, or whose site went back to the old system", async () => {
    await credit({ externalId: "receipt:N1#1.1", state: "blocked", because: "no_meter", attempts: 1 });
    await credit({ externalId: "receipt:N2#1.1", state: "blocked", because: "vendor_unset" });
    await credit({ externalId: "receipt:N3#1.1", state: "blocked", because: "legacy_writes_site" });
    expect(await names()).toHaveLength(3);
  });
});

it("money that is to leave a wallet, or was ordered to, is owed the other way about", async () => {
  await credit({
    ...{ externalId: "receipt:X#1.1", state: "rejected", because: "cannot_take_back", nextAt: null },
    ...{ unwantedAt: NOON + MINUTE, sentAt: NOON, confirmedAt: NOON },
  });
  await credit({ externalId: "correction:2", amountMinor: -500, state: "rejected", because: "negative", nextAt: null });
  expect((await owedOut(db())).map(({ kind, name, at }) => [kind, name, at - NOON]).sort()).toEqual([
    ["excess", "0045MAK rejected", 0],
    ["excess", "0045MAK rejected", MINUTE],
  ]);
});

it("a look goes through none of a year's ended credits, nor through those of the old system", async () => {
  await own(`INSERT INTO vendor_credits (external_id, account_id, vendor, amount_minor, currency, state, because, queued_at, confirmed_at, version)
    SELECT 'receipt:Y' || n || '#1.1', ${account}, 'koios', 100, 'LSL', CASE n % 2 WHEN 0 THEN 'confirmed' ELSE 'blocked' END,
      CASE n % 2 WHEN 1 THEN 'legacy_writes_site' END, cc_at(${NOON} + n), CASE n % 2 WHEN 0 THEN cc_at(${NOON}) END, 1
    FROM generate_series(1, 20000) AS n`);
  await own("ANALYZE vendor_credits");
  await credit({ externalId: "receipt:LATE#1.1", state: "queued" });
  const read = await rowsRead(database.ownerUrl, owedOut);
  expect(await names()).toEqual(["credit koios"]);
  expect(read.vendor_credits).toBeLessThan(10);
});

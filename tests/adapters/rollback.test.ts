/** Going back: what the release before would read wrongly is looked for, with a wrangler and a git that only write down what they are told. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { type Back, backPlanOf } from "../../dev/deliver/back.ts";
import { chainOnDisk } from "../../dev/deliver/chain.ts";
import { askAt } from "../../dev/deliver/smoke.ts";
import { runSteps } from "../../dev/deliver/steps.ts";
import { UNREAD_BEFORE } from "../../dev/deliver/way-back.ts";
import { migrate } from "../../dev/migrate.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { freshDatabase } from "./database.ts";
import {
  answering,
  begin,
  calls,
  close,
  database,
  deliver,
  deliverTo,
  goesOutIll,
  journal,
  LIVE,
  open,
  origin,
  running,
  tools,
} from "./deploy-world.ts";
import { items, NOON, seed, vendorCredit } from "./rows.ts";

/** The release before, and one that has all the migrations. */
const BEFORE = "d".repeat(40);
const SINCE = "0058_credit_sent_as";
const journalWithout = JSON.stringify({
  ...JSON.parse(journal),
  entries: JSON.parse(journal).entries.filter(({ tag }: { tag: string }) => tag < SINCE),
});
const deployment = (on: string, version_id: string, percentage = 100) => ({
  created_on: on,
  versions: [{ version_id, percentage }],
});
const bindings = [{ name: "COUNTRY", type: "plain_text", text: "LS" }];
const said = (release: string) =>
  JSON.stringify({
    id: "v",
    resources: { bindings: [...bindings, { name: "RELEASE", type: "plain_text", text: release }] },
  });
/** As wrangler lists them, the oldest first; the last runs, and the one before it had never all the traffic. */
const known = (present: string = journalWithout) => ({
  "wrangler deployments list": {
    stdout: JSON.stringify([
      deployment("2026-11-27T09:00:00Z", "v-old"),
      deployment("2026-11-28T09:00:00Z", "v-before"),
      deployment("2026-11-29T08:00:00Z", "v-tried", 50),
      deployment("2026-11-29T09:00:00Z", "v-now"),
    ]),
  },
  "wrangler versions view v-before": { stdout: said(BEFORE) },
  "wrangler versions view v-old": { stdout: said("e".repeat(40)) },
  [`git show ${BEFORE}:drizzle`]: { stdout: present },
  [`git show ${"e".repeat(40)}:drizzle`]: { stdout: journalWithout },
});
const OWED = 'wait until npm run vendor:credits -- --env ls shows none with "there as"';
const ROLLBACK = "wrangler rollback --env ls --yes --message a test";

async function back(over: Partial<Back> = {}) {
  const lines: string[] = [];
  const steps = backPlanOf({
    ...{ env: "ls", to: null, message: "a test", anyway: false, tools, ask: askAt(origin) },
    ...{ ownerUrl: database.ownerUrl, smokeMsMax: 200 },
    ...over,
  });
  const green = await runSteps(steps, { dryRun: false, print: (line) => lines.push(line) });
  const text = lines.join("\n").replaceAll(/ \(\d+\.\d s\)/g, "");
  return { green, text, hasGone: calls.some((call) => call.startsWith("wrangler rollback")) };
}

let account: number;
const credit = (over: Partial<Parameters<typeof vendorCredit>[1] & object>) =>
  neonCopies(connect(database.appUrl, database.sqlUrl)).write(
    items([
      vendorCredit(account, {
        ...{ externalId: "receipt:R#1.1/energy.2000", sentAs: "receipt:R#1.1~1energy.2000", vendor: "thundercloud" },
        ...over,
      }),
    ]),
  );

beforeAll(async () => {
  await open();
  deliverTo(await freshDatabase());
  await migrate(database.ownerUrl, COUNTRIES.LS);
  [account = 0] = await seed(database.ownerUrl);
});
afterAll(async () => {
  await database.drop();
  await close();
});
beforeEach(() => {
  begin();
  // What runs now is the newer one.
  running.version = "b".repeat(40);
});

describe("going back", () => {
  it("goes at once where nothing is there that a release before would read wrongly, and asks nobody which it is", async () => {
    await credit({ externalId: "receipt:S#1.1", sentAs: null, version: 1 });
    const { green, text } = await back();
    expect(text).toContain("2/4 what it would read wrongly: nothing\n3/4 roll back: the version before is out");
    expect(text).toContain(`4/4 smoke test: LS runs ${LIVE}`);
    expect(green).toBe(true);
    expect(calls).toEqual([ROLLBACK]);
  });

  it("is refused while a credit that is not confirmed has a name that the release before does not know", async () => {
    await credit({ state: "sent", sentAt: NOON, version: 2 });
    answering(known());
    const { green, text, hasGone } = await back();
    expect(text).toContain("2/4 what it would read wrongly: REFUSED, 1 credit under a name that it does not know");
    expect(text).toContain(OWED);
    expect(text).toContain("it is dddddddddddd, and what it must have is 0058_credit_sent_as");
    expect(text).toContain("--anyway");
    expect([green, hasGone]).toEqual([false, false]);
  });

  it("goes to a release that knows the name, and no further back", async () => {
    answering(known(journal));
    expect(await back()).toMatchObject({ green: true, hasGone: true });
    begin();
    answering(known(journal));
    const further = await back({ to: "v-old" });
    expect(further.text).toContain(OWED);
    expect(further.hasGone).toBe(false);
  });

  it.each<[string, Record<string, object>]>([
    ["wrangler does not answer", { "wrangler deployments list": { status: 1 } }],
    [
      "the version does not say its commit",
      { ...known(journal), "wrangler versions view v-before": { stdout: said("main") } },
    ],
    ["the clone does not know the commit", { ...known(journal), [`git show ${BEFORE}:drizzle`]: { status: 128 } }],
  ])("is refused as well where %s", async (_, answers) => {
    answering(answers);
    const { text, hasGone } = await back();
    expect(text).toContain(OWED);
    expect(hasGone).toBe(false);
  });

  it("is refused where nobody can look, unless the release before knows all of it", async () => {
    answering(known());
    const blind = await back({ ownerUrl: null });
    expect(blind.text).toContain(
      "REFUSED, nobody can look for what it would read wrongly: DATABASE_OWNER_URL_LS is not set",
    );
    expect(blind.hasGone).toBe(false);
    const down = await back({ ownerUrl: "postgres://nobody@127.0.0.1:1/none" });
    expect(down.text).toContain("nobody can look for what it would read wrongly: its database does not answer");
    expect(down.hasGone).toBe(false);
    answering(known(journal));
    expect(await back({ ownerUrl: null })).toMatchObject({ green: true, hasGone: true });
  });

  it("looks in no database of another country", async () => {
    answering(known());
    const { text, hasGone } = await back({ env: "bj" });
    expect(text).toContain("DATABASE_OWNER_URL_BJ is the database of LS");
    expect(hasGone).toBe(false);
  });

  it("goes all the same for whoever insists, and says over what", async () => {
    answering(known());
    const { green, text } = await back({ anyway: true });
    expect(text).toContain("2/4 what it would read wrongly: GONE BACK ANYWAY\n    1 credit under a name");
    expect(green).toBe(true);
  });

  it("is not done by a delivery by itself either, which says what stands in the way", async () => {
    running.version = LIVE;
    answering({ "wrangler deploy": goesOutIll, [`git show ${LIVE}:drizzle`]: { stdout: journalWithout } });
    const { green, text } = await deliver();
    expect(text).toContain("NOT ROLLED BACK: 1 credit under a name that it does not know");
    expect(green).toBe(false);
    expect(calls.some((call) => call.startsWith("wrangler rollback"))).toBe(false);
  });

  it("goes again once the credit is confirmed", async () => {
    await credit({ state: "confirmed", sentAt: NOON, confirmedAt: NOON + 1, version: 3 });
    answering(known());
    expect(await back()).toMatchObject({ green: true, hasGone: true });
  });

  it("finds nothing in a database that has not come so far", async () => {
    const count = "SELECT count(*)::int AS n FROM tills WHERE colour IS NOT NULL";
    const later = { migration: "9999_colours", count, said: () => "colours" };
    expect(await back({ unread: [later] })).toMatchObject({ green: true, hasGone: true });
  });
});

it("what would be read wrongly is named by migrations that there are, and each can be counted", async () => {
  const tags = chainOnDisk().map(({ tag }) => tag);
  for (const { migration, count } of UNREAD_BEFORE) {
    expect(tags).toContain(migration);
    const { rows } = await withClient(database.ownerUrl, (client) => client.query<{ n: number }>(count));
    expect(rows).toEqual([{ n: expect.any(Number) }]);
  }
});

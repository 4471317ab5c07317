/** A delivery's order, its refusals and its way back, with a wrangler and a git that only write down what they are told. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Delivery } from "../../dev/deliver/plan.ts";
import { freshDatabase } from "./database.ts";
import {
  answering,
  type answers,
  begin,
  close,
  config,
  DEPLOY,
  database,
  deliver,
  deliverTo,
  goesOutIll,
  HEAD,
  journal,
  LIVE,
  open,
  running,
  TREE,
} from "./deploy-world.ts";

beforeAll(open);
afterAll(close);
beforeEach(begin);

describe("a delivery", () => {
  // Nothing of it is changed: it has all migrations already.
  beforeAll(async () => {
    deliverTo(await freshDatabase());
  });
  afterAll(() => database.drop());

  it("looks at everything, migrates, verifies, deploys and asks what is out, in this order", async () => {
    const { green, text, did } = await deliver();
    expect(text).toMatch(
      new RegExp(
        [
          "^1/12 configuration: \\[env.ls\\] is whole and shares nothing",
          `2/12 tree: clean at ${HEAD}`,
          "3/12 tests: 4000 green at 2026-11-29T09:00:00Z",
          "4/12 secrets: ls: 8 set, 0 missing, 0 forbidden, 0 unknown",
          `5/12 what runs now: ${LIVE}`,
          "6/12 beside the release before: old and new were run together: aaaaaaaaaaaa and these files",
          "7/12 migrations of objects: none is new",
          "8/12 migrations only add: none is new",
          "9/12 migrate the database: 0 applied, all \\d+ of the chain are in",
          "10/12 build: the portal is in web/dist",
          `11/12 deploy: ${HEAD} is out, Total Upload: 2970 KiB / gzip: 971 KiB`,
          `12/12 smoke test: LS runs ${HEAD}$`,
        ].join("\n"),
      ),
    );
    expect(green).toBe(true);
    expect(did).toEqual([
      "wrangler secret list --env ls --format json",
      "vite build -c web/vite.config.ts --logLevel warn",
      DEPLOY,
    ]);
  });

  it("says in a dry run each step and what it would do, without account, database or network", async () => {
    const { green, text, did } = await deliver({ dryRun: true, ask: null, ownerUrl: null });
    expect(green).toBe(true);
    expect(text).toContain("4/12 secrets: would compare npx wrangler secret list --env ls with what is needed");
    expect(text).toContain("5/12 what runs now: would ask /health of LS");
    expect(text).toMatch(/9\/12 migrate the database: would bring LS's database to \d{4}_\w+ as its owner/);
    expect(text).toContain("12/12 smoke test: would ask LS for /health with this commit");
    expect(did).toEqual(["vite build -c web/vite.config.ts --logLevel warn", `${DEPLOY} --dry-run`]);
  });

  it.each<[string, Partial<Delivery>, typeof answers, string]>([
    [
      "with changes that are not committed",
      {},
      { "git status": { stdout: " M workers/index.ts" } },
      "2/12 tree: REFUSED, there are changes",
    ],
    [
      "whose tests nobody saw green",
      { proofs: { green: null, pair: null } },
      {},
      "3/12 tests: REFUSED, no green check of these files",
    ],
    [
      "whose green tests were of other files",
      {},
      { "git rev-parse HEAD^{tree}": { stdout: "d".repeat(40) } },
      "3/12 tests: REFUSED",
    ],
    [
      "whose green tests were of another commit",
      { checkedCommit: LIVE },
      {},
      "3/12 tests: REFUSED, CHECKED_COMMIT is aaaa",
    ],
    [
      "that lacks a secret",
      {},
      { "wrangler secret list": { stdout: '[{"name":"DATABASE_URL"}]' } },
      "4/12 secrets: REFUSED, missing    OPS_KEY_SHA256",
    ],
    [
      "whose account is not signed in",
      {},
      { "wrangler secret list": { status: 1, stderr: "not logged in" } },
      "4/12 secrets: REFUSED, wrangler could not list the secrets of ls: not logged in",
    ],
    ["whose address is not said", { ask: null }, {}, "5/12 what runs now: REFUSED, set OPS_URL_LS"],
    [
      "that never ran beside what is out",
      { proofs: { green: { tree: TREE, at: "", passed: 1, previous: HEAD }, pair: null } },
      {},
      "6/12 beside the release before: REFUSED, these files were not run beside aaaaaaaaaaaa",
    ],
    [
      "whose clone does not know what is out",
      {},
      { [`git show ${LIVE}:wrangler.toml`]: { status: 128, stderr: "fatal: bad object" } },
      "7/12 migrations of objects: REFUSED, git show",
    ],
    [
      "that edits a migration of objects",
      {},
      { [`git show ${LIVE}:wrangler.toml`]: { stdout: config.replaceAll('["VendorBudget"]', '["Budget"]') } },
      "7/12 migrations of objects: REFUSED, migration v3 of objects was edited",
    ],
    [
      "that brings a migration of objects and more",
      {},
      {
        [`git show ${LIVE}:wrangler.toml`]: {
          stdout: config.replaceAll(/\n\[\[env\.\w+\.migrations\]\]\ntag = "v3"\n.*\n/g, "\n"),
        },
      },
      "7/12 migrations of objects: REFUSED, migration v3 of objects comes with other changes of the Worker: workers/index.ts",
    ],
    [
      "whose migration takes away",
      {},
      { [`git show ${LIVE}:drizzle`]: { stdout: journal.replaceAll('"0029_rollups"', '"0029_other"') } },
      "8/12 migrations only add: REFUSED, 0029_rollups: drops table sales_daily",
    ],
    [
      "whose database is not said",
      { ownerUrl: null },
      {},
      "9/12 migrate the database: REFUSED, set DATABASE_OWNER_URL_LS",
    ],
    [
      "that does not build",
      {},
      { vite: { status: 1, stderr: "no such module" } },
      "10/12 build: REFUSED, no such module",
    ],
    [
      "that Cloudflare refuses",
      {},
      { "wrangler deploy": { status: 1, stderr: "quota" } },
      "11/12 deploy: REFUSED, quota",
    ],
  ])("%s is refused there, and nothing after it is done", async (_what, over, special, said) => {
    answering(special);
    const { green, text, did } = await deliver(over);
    expect(text).toContain(said);
    expect(green).toBe(false);
    expect(
      text
        .split("\n")
        .filter((line) => /^\d+\/12/.test(line))
        .at(-1),
    ).toContain("REFUSED");
    if (!said.startsWith("11")) expect(did).not.toContain(DEPLOY);
    expect(running.version).toBe(LIVE);
  });

  it("rolls back by itself where what is out is not well, and says that the old one runs again", async () => {
    answering({ "wrangler deploy": goesOutIll });
    const { green, text, did } = await deliver();
    expect(green).toBe(false);
    expect(text).toContain(
      "12/12 smoke test: REFUSED, /api/sms/incoming answers 500 application/json to a stranger, not 401 and JSON",
    );
    expect(text).toContain(`rolled back: LS runs ${LIVE} again`);
    expect(did.at(-1)).toBe(`wrangler rollback --env ls --yes --message smoke test of ${HEAD}`);
  });

  it("says so where even the way back fails", async () => {
    answering({
      "wrangler deploy": goesOutIll,
      "wrangler rollback": { status: 1, stderr: "a migration of objects lies between" },
    });
    expect((await deliver()).text).toContain("ROLLING BACK FAILED TOO: a migration of objects lies between");
  });

  it("goes to no address of another country", async () => {
    running.country = "BJ";
    expect((await deliver()).text).toContain("5/12 what runs now: REFUSED, nothing of LS answers at OPS_URL_LS");
  });

  it("is a first one only by its word, and then has nothing before it", async () => {
    running.version = null;
    expect((await deliver()).text).toContain("5/12 what runs now: REFUSED, what runs does not say its commit");
    expect((await deliver({ first: true, recorded: null })).text).toContain(
      "5/12 what runs now: REFUSED, LS runs there already: --first is for a country where nothing does",
    );
    running.country = "";
    answering({
      "wrangler deploy": () => ({ stdout: String(Object.assign(running, { version: HEAD, country: "LS" }).version) }),
    });
    const { green, text } = await deliver({ first: true, recorded: null });
    expect(text).toContain("5/12 what runs now: nothing, as --first says");
    expect(text).toContain("6/12 beside the release before: there is none");
    expect(green).toBe(true);
  });

  it("as a first one is refused where a Worker runs that lacks its settings", async () => {
    running.country = "";
    running.isConfigured = false;
    expect((await deliver({ first: true, recorded: null })).text).toContain(
      "5/12 what runs now: REFUSED, a Worker runs there already and lacks settings; npm run secrets:check -- --env ls names them",
    );
  });

  it.each([
    ["nothing of ours answers", true, "12/12 smoke test: REFUSED, /health answers 404: null"],
    [
      "what came out lacks its settings",
      false,
      '12/12 smoke test: REFUSED, /health answers 503: ["DATABASE_URL is missing"]',
    ],
  ])("as a first one is red where %s afterwards, with nothing to roll back to", async (_, isConfigured, said) => {
    running.country = "";
    answering({ "wrangler deploy": () => ({ stdout: String(Object.assign(running, { isConfigured }).version) }) });
    const { green, text } = await deliver({ first: true, recorded: null });
    expect(green).toBe(false);
    expect(text).toContain(said);
    expect(text).toContain("nothing ran before: there is nothing to roll back to");
  });

  it("takes a commit that another machine has checked, and a pair that was run by itself", async () => {
    const pair = { tree: TREE, at: "", passed: 1, previous: LIVE };
    expect((await deliver({ checkedCommit: HEAD, proofs: { green: null, pair } })).green).toBe(true);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { KEYS } from "../workers/country.ts";
import { Browser, country, customer, database, ops, session } from "./country.ts";

const ACCOUNT = "0979MAK";
const as = { "X-Ops-Key": KEYS.ops, "X-Actor": "Mpho" };

type Entry = { seq: number; kind: string; energyWh: number; balanceAfterWh: number; correction: string | null };
type Page = {
  seq: number;
  balanceWh: number;
  entries: Entry[];
  next: number | null;
  stories: { corrections: { id: string; document: string; orderedBy: string }[]; recorded: unknown } | null;
};

const TRIES_MAX = 20;
const PAUSE_MS = 250;
/** As a caller does: what is not ready yet is sent again, the same, and is done once. */
async function told(path: string, body: object, headers: Record<string, string>) {
  for (let turn = 1; ; turn++) {
    const answer = await new Browser().ask("POST", path, body, { headers });
    if (answer.status < 300) return answer.body;
    if (answer.status !== 503 || turn >= TRIES_MAX) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}

let holder: Browser;
beforeAll(async () => {
  await ops("POST", "/init", { cutoverAt: new Date(Date.now() - 48 * 3_600_000).toISOString() });
  holder = await customer(ACCOUNT);
  for (const [n, energyWh] of [500, -200, 300].entries()) {
    const order = { account: ACCOUNT, energyWh, code: "goodwill", document: `book ${n}`, reason: "a test" };
    const { correction } = await told("/api/corrections", order, { ...as, "Idempotency-Key": `entries-${n}-order` });
    // without a tariff nobody can say what it is worth: a second person approves
    const { id } = correction as { id: string };
    await told(`/api/corrections/${id}/approve`, { reason: "a test" }, { ...as, "X-Actor": "Lineo" });
  }
});

const page = (browser: Browser, query = "") =>
  browser.ask("GET", `/api/accounts/${ACCOUNT}/entries${query}`).then(({ body }) => body as unknown as Page);

describe("the entries of an account", () => {
  it("come newest first with what stands behind them, and add up to the balance", async () => {
    const { browser } = await session(["generic"]);
    const { entries, seq, balanceWh, next, stories } = await page(browser);
    expect(entries.map(({ seq: n, energyWh, balanceAfterWh }) => [n, energyWh, balanceAfterWh])).toEqual([
      [3, 300, 600],
      [2, -200, 300],
      [1, 500, 500],
    ]);
    expect([seq, balanceWh, next]).toEqual([3, 600, null]);
    const of = (n: number) => stories?.corrections.find(({ id }) => id === entries[n]?.correction);
    expect(of(0)).toMatchObject({ document: "book 2", orderedBy: "Mpho" });
    expect(of(2)).toMatchObject({ document: "book 0" });
  });

  it("come page by page, each once", async () => {
    const { browser } = await session(["finance_team"]);
    const seen: number[] = [];
    let cursor: number | null = null;
    do {
      const got: Page = await page(browser, `?limit=1${cursor === null ? "" : `&cursor=${cursor}`}`);
      seen.push(...got.entries.map(({ seq }) => seq));
      cursor = got.next;
    } while (cursor !== null && seen.length < 9);
    expect(seen).toEqual([3, 2, 1]);
    expect((await page(browser, "?cursor=1")).entries).toEqual([]);
    expect((await browser.ask("GET", `/api/accounts/${ACCOUNT}/entries?cursor=0`)).status).toBe(400);
    expect((await browser.ask("GET", `/api/accounts/${ACCOUNT}/entries?limit=101`)).status).toBe(400);
  });

  it("stand alone while the database is down, and nobody takes that for none", async () => {
    const env = { ...country, NEON_SQL_URL: "http://127.0.0.1:9/sql" };
    const answer = await new Browser(env).ask("GET", `/api/accounts/${ACCOUNT}/entries`, undefined, { headers: as });
    const { entries, stories } = answer.body as unknown as Page;
    database(); // the driver looks where it did before
    expect([answer.status, entries.length, stories]).toEqual([200, 3, null]);
  });

  it("are summed as far as the database has them, beside what the account itself says for the same entry", async () => {
    const { browser } = await session(["generic"]);
    const { body } = await browser.ask("GET", `/api/accounts/${ACCOUNT}/entries/sums`);
    // Objects of these tests have no database to copy to: nothing is recorded, and that is said as 0 of 3.
    expect(body).toMatchObject({ kinds: [], seq: 0, energyWh: 0, objectWh: 0, recordedAt: null });
  });

  it("of an account that is not there are not found", async () => {
    const { browser } = await session(["generic"]);
    for (const path of ["none/entries", "none/entries/sums", "none/sums", "0978MAK/sums", "0978MAK/energy-window"])
      expect([path, (await browser.ask("GET", `/api/accounts/${path}`)).status]).toEqual([path, 404]);
  });
});

describe("the live line of staff", () => {
  it("says who ordered what; the customer's own does not", async () => {
    const { browser } = await session(["generic"]);
    const staff = await browser.ask("GET", `/api/live/accounts/${ACCOUNT}`);
    const own = await holder.ask("GET", "/api/my/live");
    expect(String(staff.body.text)).toMatch(/"commands":.*"credits":/);
    expect(String(own.body.text)).toContain(`"account":"${ACCOUNT}"`);
    expect(String(own.body.text)).not.toMatch(/"commands"|"override"|"credits"/);
  });
});

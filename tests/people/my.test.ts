import { beforeAll, describe, expect, it } from "vitest";
import type { Env, JobMessage } from "../../workers/env.ts";
import { claimCode } from "../../workers/jobs/claim-code.ts";
import { Browser, country, database, ops, rows, session } from "./country.ts";

/** What is asked of the queue is done when the test says so. */
const asked: JobMessage[] = [];
const env: Env = {
  ...country,
  JOBS: { send: async (message: JobMessage) => void asked.push(message) } as unknown as Env["JOBS"],
};
let phone = { user: "", token: "" };
const PASSWORD = "four blue doors";

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "MAK", name: "Ha Makebe", district: "Berea" }] });
  await ops("POST", "/tills", { tillId: "ls-till-north", name: "Northern villages", senders: ["MPESA"] });
  const added = await ops("POST", "/phones", {
    name: "First phone",
    tillId: "ls-till-north",
    channel: "electricity",
    smssyncSecret: null,
  });
  const url = new URL(String(added.body.medicUrl));
  phone = { user: url.username, token: url.password };
  await poll();
});

const accountsMade = async (accounts: object[]) => {
  const made = await ops("POST", "/accounts", { accounts });
  if (made.status >= 300) throw new Error(JSON.stringify(made.body));
};
let numbers = 100;
async function account(over: object = {}) {
  const number = `${String(++numbers).padStart(4, "0")}MAK`;
  const own = `2665000${String(numbers).padStart(4, "0")}`;
  await accountsMade([
    {
      account: number,
      name: "Thabo Mokoena",
      phone: own,
      language: "st",
      status: "live",
      aliases: [],
      meters: [],
      ...over,
    },
  ]);
  return { account: number, phone: own };
}

/** As the gateway phone asks for SMS to send, and says that those of last time are sent. */
let sent: { id: string; status: "SENT" }[] = [];
async function poll(): Promise<{ to: string; content: string }[]> {
  const authorization = `Basic ${btoa(`${phone.user}:${phone.token}`)}`;
  const headers = { Authorization: authorization };
  const answer = await new Browser().ask("POST", "/api/sms/incoming", { messages: [], updates: sent }, { headers });
  const offered = (answer.body.messages ?? []) as { id: string; to: string; content: string }[];
  const fresh = offered.filter(({ id }) => !sent.some((each) => each.id === id));
  sent = fresh.map(({ id }) => ({ id, status: "SENT" }));
  return fresh;
}

/** Everything that was asked for is done, and the phone fetches what is to be sent. */
async function delivered(): Promise<{ to: string; content: string }[]> {
  for (const { job, page } of asked.splice(0)) {
    expect(job).toBe("claim-code");
    await claimCode(env, page);
  }
  return poll();
}
const codeIn = (content: string) => /\d{8}/.exec(content)?.[0] ?? "none";
const browserOf = () => new Browser(env);

async function claimed(browser = browserOf(), password = PASSWORD) {
  const made = await account();
  await browser.ask("POST", "/api/my/code", { account: made.account });
  const [sms] = await delivered();
  const code = codeIn(sms?.content ?? "");
  const said = await browser.ask("POST", "/api/my/claim", { account: made.account, code, password });
  return { ...made, code, said, browser };
}

describe("a customer", () => {
  it("claims the account with the code that came to the phone on file, and sees the own rows", async () => {
    const made = await account({ language: "en" });
    const browser = browserOf();
    const request = await browser.ask("POST", "/api/my/code", { account: made.account.toLowerCase() });
    expect(request.status).toBe(202);
    const [sms, ...others] = await delivered();
    expect(others).toEqual([]);
    expect(sms).toMatchObject({ to: made.phone, content: expect.stringContaining(made.account) });
    const code = codeIn(sms?.content ?? "");
    expect(sms?.content).toBe(
      `1PWR: ${code} is the code for account ${made.account}, for 10 minutes. Tell it to nobody, not to us either.`,
    );
    const typed = `${code.slice(0, 4)} ${code.slice(4)}`;
    const said = await browser.ask("POST", "/api/my/claim", {
      account: ` ${made.account}`,
      code: typed,
      password: PASSWORD,
    });
    expect(said).toMatchObject({ status: 200, body: { account: made.account } });
    expect(await browser.ask("GET", "/api/my/profile")).toMatchObject({
      status: 200,
      body: { name: "Thabo Mokoena", account: made.account },
    });
    expect(await browser.ask("GET", "/api/my/accounts")).toMatchObject({
      status: 200,
      body: { accounts: [{ account: made.account, site: "MAK", status: "live", balanceWh: 0 }] },
    });
  });

  it("signs in with the account number in any spelling", async () => {
    const { account: number } = await claimed();
    for (const typed of [number, number.toLowerCase(), `MAK ${number.slice(0, 4)}`]) {
      const browser = browserOf();
      expect([
        typed,
        (await browser.ask("POST", "/api/my/sign-in", { account: typed, password: PASSWORD })).status,
      ]).toEqual([typed, 200]);
    }
  });

  it("is told the same whether the account exists or not, and strangers learn no phone", async () => {
    const { account: known } = await account();
    const { account: without } = await account({ phone: null });
    const answers = [];
    for (const typed of [known, without, "9998MAK", "no account"])
      answers.push(await browserOf().ask("POST", "/api/my/code", { account: typed }));
    for (const { status, body } of answers) expect([status, body]).toEqual([202, answers[0]?.body]);
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toMatch(/\d{4}/);
    expect((await delivered()).map(({ to }) => to)).toHaveLength(1);
    const refusals = [];
    for (const typed of [known, without, "9998MAK", "no account"]) {
      refusals.push(await browserOf().ask("POST", "/api/my/sign-in", { account: typed, password: "guess" }));
      refusals.push(
        await browserOf().ask("POST", "/api/my/claim", { account: typed, code: "12345678", password: PASSWORD }),
      );
    }
    for (const { status, body } of refusals) expect([status, body]).toEqual([401, refusals[0]?.body]);
  });

  it("uses a code once, within ten minutes, after at most four wrong ones", async () => {
    const { account: number, code, browser } = await claimed();
    const again = (over: object = {}, by = browser) =>
      by.ask("POST", "/api/my/claim", { account: number, code, password: PASSWORD, ...over });
    expect((await again()).status).toBe(401);
    const fresh = async () => {
      await browserOf().ask("POST", "/api/my/code", { account: number });
      const [sms] = await delivered();
      return codeIn(sms?.content ?? "");
    };
    const second = await fresh();
    const late = new Browser({ ...env, CLOCK_OFFSET_MS: String(11 * 60_000) });
    expect((await again({ code: second }, late)).status).toBe(401);
    for (let tries = 0; tries < 5; tries++) await again({ code: "00000000" }, browserOf());
    expect((await again({ code: second }, browserOf())).status).toBe(401);
    expect((await again({ code: await fresh() }, browserOf())).status).toBe(200);
  });

  it("gets three codes an hour and no fourth, with no word about it", async () => {
    const { account: number } = await account();
    const codes = [];
    for (let times = 0; times < 4; times++) {
      expect((await browserOf().ask("POST", "/api/my/code", { account: number })).status).toBe(202);
      codes.push(...(await delivered()));
    }
    expect(codes).toHaveLength(3);
  });

  it("who forgot the password claims again, and every older session ends", async () => {
    const { account: number, browser } = await claimed();
    const anew = browserOf();
    await anew.ask("POST", "/api/my/code", { account: number });
    const [sms] = await delivered();
    const body = { account: number, code: codeIn(sms?.content ?? ""), password: "six red chairs" };
    expect((await anew.ask("POST", "/api/my/claim", body)).status).toBe(200);
    expect((await browser.ask("GET", "/api/my/profile")).status).toBe(401);
    expect((await browserOf().ask("POST", "/api/my/sign-in", { account: number, password: PASSWORD })).status).toBe(
      401,
    );
    const acts = await rows<{ actor: string; action: string; after: unknown }>(
      `SELECT actor, action, after FROM mutations WHERE subject = 'account:${number}' AND action LIKE 'login.%' ORDER BY id`,
    );
    expect(acts.map(({ actor, action }) => [actor, action])).toEqual([
      [`customer:${number}`, "login.claim"],
      [`customer:${number}`, "login.claim"],
    ]);
    expect(JSON.stringify(acts)).not.toMatch(/scrypt|\d{8}/);
  });

  it("changes the password, and signs out", async () => {
    const { browser } = await claimed();
    const change = (old: string) => browser.ask("POST", "/api/my/password", { old, new: "six red chairs" });
    expect((await change("guess")).status).toBe(401);
    expect((await change(PASSWORD)).status).toBe(200);
    expect((await browser.ask("POST", "/api/my/sign-out")).status).toBe(200);
    expect((await browser.ask("GET", "/api/my/profile")).status).toBe(401);
  });

  it("is no member of staff, and staff are no customers", async () => {
    const { browser } = await claimed();
    for (const path of ["/api/me", "/api/customers?q=thabo", "/api/suspense", "/api/staff"])
      expect([path, (await browser.ask("GET", path)).status]).toEqual([path, 403]);
    const { browser: boss } = await session(["superadmin"]);
    expect((await boss.ask("GET", "/api/my/profile")).status).toBe(403);
  });

  it("who no longer holds the account is out at once, and the password opens nothing", async () => {
    const { account: number, browser } = await claimed();
    const other = await account();
    await database().transaction([
      {
        query: `UPDATE accounts SET customer_id = (SELECT customer_id FROM accounts WHERE account_number = $2::text)
          WHERE account_number = $1::text`,
        params: [number, other.account],
      },
    ]);
    expect((await browser.ask("GET", "/api/my/profile")).status).toBe(401);
    const again = await browserOf().ask("POST", "/api/my/sign-in", { account: number, password: PASSWORD });
    expect(again.status).toBe(401);
  });

  it("at the counter without a phone gets a code from an operator, which is in the audit", async () => {
    const { account: number } = await account({ phone: null });
    const drawn = await ops("POST", "/claim-codes", { account: number });
    expect(drawn).toMatchObject({ status: 201, body: { account: number, code: expect.stringMatching(/^\d{8}$/) } });
    const body = { account: number, code: drawn.body.code, password: PASSWORD };
    expect((await browserOf().ask("POST", "/api/my/claim", body)).status).toBe(200);
    const acts = await rows(
      `SELECT actor, action, after FROM mutations WHERE subject = 'account:${number}' AND action = 'login.code'`,
    );
    expect(acts).toEqual([{ actor: "Lineo", action: "login.code", after: null }]);
  });
});

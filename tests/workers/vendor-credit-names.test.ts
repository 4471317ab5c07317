import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { thunderCredits } from "../../src/adapters/thundercloud/credits.ts";
import { ThunderCloud } from "../../src/adapters/thundercloud/door.ts";
import type { VendorCreditRow } from "../../src/domain/outbox.ts";
import { MEMO_PREFIX, newCredit, type VendorCredit } from "../../src/domain/vendor-credit.ts";
import type { CreditDoor } from "../../workers/objects/account-ledger/credit-door.ts";
import type { AccountLedger } from "../../workers/objects/account-ledger.ts";
import { facts, ledger, live, payment, placed } from "./account-makers.ts";
import { database } from "./account-postgres.ts";
import { creditsOf, MINUTE, OURS, owed, ringAt, T0 } from "./vendor-world.ts";

const SPARK = placed({ meterNumber: "SMRSD-03-0002ABCD", thing: null });
const over = { meters: [SPARK], siteVendor: "thundercloud" as const };
const LOGIN = '<form><input name="csrf_token" value="t"><input name="password"></form>';

/** A ThunderCloud of one test: external ids are unique there, and a path with a stroke in it is none of its paths. */
class Platform {
  readonly payments: { external_id: string; amount: number }[] = [];
  readonly asked: string[] = [];
  /** What is to come is booked, and its answer lost. */
  loses = false;

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const { pathname } = new URL(String(input));
    if (pathname === "/login")
      return init?.method === "POST"
        ? new Response(null, { status: 302, headers: { location: "/", "set-cookie": "session=s" } })
        : new Response(LOGIN, { headers: { "content-type": "text/html" } });
    if (pathname === "/transaction/transactions.json") {
      this.asked.push("list");
      const isFirst = String(input).includes("start=0&");
      return Response.json({ transactions: isFirst ? this.payments : [], total: this.payments.length });
    }
    if (pathname.includes("/customer/"))
      return Response.json({
        customers: [{ id: "c-1", code: pathname.split("/").at(-1), credit_balance: 0, meters: [] }],
        ...{ error: null, status: "success" },
      });
    if (init?.method === "POST") return this.#book(new URLSearchParams(String(init.body)));
    this.asked.push("question");
    if (pathname.includes("%2F")) return new Response("<h1>404 Not Found</h1>", { status: 404 });
    const name = decodeURIComponent(pathname.split("/").at(-1) ?? "");
    const found = this.payments.find(({ external_id }) => external_id === name);
    if (found === undefined) return Response.json({ error: "no such transaction", status: "failure" }, { status: 404 });
    return Response.json({ transaction: { ...found, status: "processed" }, error: null, status: "success" });
  };

  #book(form: URLSearchParams): Response {
    this.asked.push("send");
    const payment = { external_id: form.get("external_id") ?? "", amount: Number(form.get("amount")) };
    if (this.payments.some(({ external_id }) => external_id === payment.external_id))
      return Response.json({ error: "external_id has already been used", status: "failure" }, { status: 400 });
    this.payments.push(payment);
    if (this.loses) throw new Error("connection lost");
    return Response.json({ transaction_id: `t-${this.payments.length}`, status: "success" });
  }
}

const settings = {
  ...{ url: "https://tc.test", org: "org-mak", token: "t", login: { email: "ops@example.test", password: "p" } },
  ...{ currency: "LSL" as const, minorDigits: 2 as const },
};

async function atThunderCloud(account: string, platform: Platform) {
  const door: CreditDoor = {
    vendor: () => {
      const budget = { take: async () => ({ granted: true as const }), told: async () => undefined };
      const { fetch: fetchFn } = platform;
      return thunderCredits(
        new ThunderCloud(settings, { name: "ThunderCloud", budget, secrets: [], now: () => Date.now(), fetchFn }),
      );
    },
    writers: async () => [OURS, { ...OURS, site: "MAK" }],
  };
  await runInDurableObject(ledger(account), (object: AccountLedger) => {
    Reflect.set(object, "creditDoor", () => door);
  });
}

/** An account at ThunderCloud that has what nothing took of a payment. */
async function withRest(account: string, receipt: string, platform = new Platform()) {
  await live(account, over);
  await atThunderCloud(account, platform);
  await ledger(account).post(
    account,
    payment({ receipt, road: "contract_sms", amountMinor: 9_900, paidAt: T0 - MINUTE }),
  );
  return platform;
}
const sell = (account: string, receipt: string) =>
  ledger(account).applyUnallocated(account, {
    ...{ paymentKey: `receipt:${receipt}#1.0`, leftMinor: 9_900, amountMinor: 9_900 },
    ...{ actor: "Lineo", reason: "asks for light", at: T0 },
  });
/** A credit as the release before spelled names wrote it down: it went out, and nobody knows what came of it. */
const earlier = (account: string, externalId: string, change: Partial<VendorCredit> = {}): VendorCredit => {
  const order = { externalId, vendor: "thundercloud" as const, customerCode: account, amountMinor: 9_900 };
  const fresh = newCredit({ ...order, currency: "LSL", memo: `${MEMO_PREFIX}for it` }, T0);
  return { ...fresh, sentAs: null, next: "find", attempts: 1, nextAt: T0, ...change };
};
async function writeDown(account: string, platform: Platform, { sentAs: _unknownThen, ...credit }: VendorCredit) {
  await runInDurableObject(ledger(account), (_: AccountLedger, state) => {
    state.storage.sql.exec(
      "INSERT OR REPLACE INTO vendor_credits VALUES (?, ?, ?, ?)",
      credit.externalId,
      credit.queuedAt,
      credit.nextAt,
      JSON.stringify(credit),
    );
  });
  await evictDurableObject(ledger(account));
  await atThunderCloud(account, platform);
}

beforeEach(() => {
  vi.useFakeTimers({ now: T0, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("energy that is sold later at ThunderCloud", () => {
  it("goes out under a name without a stroke, and is asked for in one question", async () => {
    const platform = await withRest("6101MAK", "TC1");
    await sell("6101MAK", "TC1");
    for (const minutes of [0.1, 1, 2]) await ringAt("6101MAK", minutes);
    expect(platform.payments).toEqual([{ external_id: "receipt:TC1#1.0~1energy.9900", amount: 99 }]);
    expect(platform.asked).toEqual(["send", "question"]);
    expect(await creditsOf("6101MAK")).toMatchObject([
      { externalId: "receipt:TC1#1.0/energy.9900", state: "confirmed" },
    ]);
    const [row] = (await owed("6101MAK")).filter(({ kind }) => kind === "vendor_credit");
    expect(row).toMatchObject({ sentAs: "receipt:TC1#1.0~1energy.9900" });
  });

  it("whose answer is lost is found by its name, and not sent again", async () => {
    const platform = await withRest("6102MAK", "TC2");
    platform.loses = true;
    await sell("6102MAK", "TC2");
    await ringAt("6102MAK", 0.1);
    platform.loses = false;
    for (const minutes of [2, 4, 6, 8]) await ringAt("6102MAK", minutes);
    expect(platform.payments).toHaveLength(1);
    expect(platform.asked).toEqual(["send", "question"]);
    expect(await creditsOf("6102MAK")).toMatchObject([{ state: "confirmed" }]);
  });
});

describe("a credit that an earlier release sent with its stroke", () => {
  const KEY = "receipt:TC#1.0/energy.9900";

  it.each([
    ["6103MAK", "whose outcome nobody knows", {}],
    ["6104MAK", "that was taken and not read back yet", { state: "sent" as const, sentAt: T0 - MINUTE }],
    [
      "6105MAK",
      "that was given up",
      { state: "dead" as const, because: "given_up" as const, nextAt: null, attempts: 20 },
    ],
  ])("%s, %s, is found under it and not sent a second time", async (account, _, change) => {
    const platform = new Platform();
    await live(account, over);
    platform.payments.push({ external_id: KEY, amount: 99 });
    await writeDown(account, platform, earlier(account, KEY, change));
    if ("because" in change) await ledger(account).retryCredit(account, KEY);
    for (const minutes of [1, 2, 10]) await ringAt(account, minutes);
    expect(platform.payments).toEqual([{ external_id: KEY, amount: 99 }]);
    expect(platform.asked).toEqual(["list"]);
    expect(await creditsOf(account)).toMatchObject([{ externalId: KEY, state: "confirmed" }]);
  });

  it("and that never came is sent under the same name again: what is still on its way there is refused as known", async () => {
    const platform = new Platform();
    await live("6106MAK", over);
    await writeDown("6106MAK", platform, earlier("6106MAK", KEY));
    for (const minutes of [1, 2, 3]) await ringAt("6106MAK", minutes);
    expect(platform.payments).toEqual([{ external_id: KEY, amount: 99 }]);
    expect(await creditsOf("6106MAK")).toMatchObject([{ state: "confirmed" }]);
  });

  it.each([
    ["6107MAK", "under its key", null, KEY],
    ["6108MAK", "under its spelled name", "receipt:TC#1.0~1energy.9900", "receipt:TC#1.0~1energy.9900"],
  ])("%s: an account that lost its memory sends it %s, as Postgres has it", async (account, _, sentAs, name) => {
    const platform = new Platform();
    const { next: _next, releasedAt: _released, ...known } = earlier(account, KEY, { sentAs, attempts: 0 });
    const credits: VendorCreditRow[] = [{ ...known, accountId: facts({ account }).accountId }];
    await database(account, { facts: facts({ account, ...over, version: 1_001 }), credits });
    await atThunderCloud(account, platform);
    expect(await ledger(account).status(account)).toBe("live");
    for (const minutes of [1, 2, 3]) await ringAt(account, minutes);
    expect(platform.payments).toEqual([{ external_id: name, amount: 99 }]);
    expect(await creditsOf(account)).toMatchObject([{ state: "confirmed" }]);
  });
});

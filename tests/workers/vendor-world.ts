import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import type { CreditWriterSetting } from "../../src/domain/credit-writer.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import type { AccountFacts } from "../../src/ports/accounts.ts";
import type { VendorAnswer, VendorCreditOrder, VendorCredits } from "../../src/ports/vendor-credits.ts";
import type { CreditDoor } from "../../workers/objects/account-ledger/credit-door.ts";
import type { AccountLedger } from "../../workers/objects/account-ledger.ts";
import { ledger, live, placed } from "./account-makers.ts";

/** Ahead of the machine's clock, so that no alarm goes off by itself. */
export const T0 = Date.UTC(2031, 2, 3, 9);
export const MINUTE = 60_000;
export const SPARK = placed({ meterNumber: "SM16R-01-0000ABCD", thing: null });
export const OURS: CreditWriterSetting = { site: "SEH", writer: "ours", validFrom: T0 - 86_400_000 };

/** What the vendor does with the next request to it; after these, it does as it should. */
export type Doing =
  | "ok" // 201, processed
  | "pending" // 201, processed later
  | "empty" // credited, and 201 without a body
  | "empty_lie" // 201 without a body, and nothing is credited
  | "lost" // credited, and no answer comes
  | "gone" // nothing arrives, and no answer comes
  | "page" // 200 with a page; nothing is credited
  | "credited_502" // credited, and 502
  | "no_meter"
  | "decimals"
  | "errors_200" // 200 with an error in it; nothing is credited
  | "busy"
  | "spent";

const answer = (status: number, body: unknown): VendorAnswer => ({
  came: "answer",
  status,
  body: typeof body === "string" ? body : JSON.stringify(body),
});

/** A Koios of one test: wallets by external id, which is unique there, and a script of what goes wrong. */
export class ScriptedKoios implements VendorCredits {
  readonly payments: (VendorCreditOrder & { id: string; status: string })[] = [];
  readonly asked: string[] = [];
  readonly script: Doing[] = [];
  isDown = false;

  async send(order: VendorCreditOrder): Promise<VendorAnswer> {
    const doing = this.#next("send");
    if (doing === "busy" || doing === "spent") return notSent(doing);
    if (doing === "gone") return { came: "none", detail: "connection reset" };
    if (doing === "page") return answer(200, "<html><body>Sign in</body></html>");
    if (doing === "empty_lie") return answer(201, "");
    if (doing === "no_meter") return answer(400, { errors: [{ title: "Bad Request", details: null }] });
    if (doing === "decimals")
      return answer(400, { errors: [{ title: "Bad Request", details: "too many decimal places" }] });
    if (doing === "errors_200") return answer(200, { errors: [{ title: "Payment failed", details: "" }], data: null });
    if (this.payments.some(({ externalId }) => externalId === order.externalId))
      return answer(400, { errors: [{ title: "Invalid", details: "external_id has already been taken" }], data: null });
    const payment = {
      ...order,
      id: `p${this.payments.length + 1}`,
      status: doing === "pending" ? "pending" : "processed",
    };
    this.payments.push(payment);
    if (doing === "lost") return { came: "none", detail: "no answer in 90000 ms" };
    if (doing === "credited_502") return answer(502, "Bad gateway");
    if (doing === "empty") return answer(201, "");
    return answer(201, { errors: [], data: said(payment) });
  }

  async find(externalId: string): Promise<VendorAnswer> {
    const doing = this.#next("find");
    if (doing === "busy" || doing === "spent") return notSent(doing);
    if (doing === "gone" || doing === "lost") return { came: "none", detail: "connection reset" };
    if (doing === "page") return answer(200, "<html><body>Sign in</body></html>");
    const found = this.payments.find((payment) => payment.externalId === externalId);
    if (found === undefined) return answer(404, { errors: [{ title: "Not Found", details: "" }], data: null });
    return answer(200, { errors: [], data: [said(found)] });
  }

  async reverse(vendorId: string): Promise<VendorAnswer> {
    const doing = this.#next("reverse");
    if (doing === "gone") return { came: "none", detail: "connection reset" };
    const found = this.payments.find(({ id }) => id === vendorId);
    if (found === undefined) return answer(404, { errors: [{ title: "Not Found", details: "" }] });
    found.status = "reversed";
    if (doing === "lost") return { came: "none", detail: "connection reset" };
    return answer(200, { errors: [], data: said(found) });
  }

  /** What customers have in their wallets through us, in minor units. */
  walletMinor(): number {
    return this.payments.filter(({ status }) => status !== "reversed").reduce((sum, each) => sum + each.amountMinor, 0);
  }

  #next(call: string): Doing {
    this.asked.push(call);
    return this.isDown ? "gone" : (this.script.shift() ?? "ok");
  }
}

const notSent = (doing: "busy" | "spent"): VendorAnswer => ({
  came: "not_sent",
  because: doing === "busy" ? "busy" : "budget_spent",
  retryAt: Date.now() + MINUTE,
});

const said = (payment: ScriptedKoios["payments"][number]) => ({
  id: payment.id,
  external_id: payment.externalId,
  amount: { value: (payment.amountMinor / 100).toFixed(2), currency: payment.currency },
  status: payment.status,
  memo: payment.memo,
});

export type Door = { koios: ScriptedKoios | null; writers: CreditWriterSetting[] | null };

/** Stands where the object asks; again after each eviction. */
export const open = (account: string, world: Door) =>
  runInDurableObject(ledger(account), (object: AccountLedger) => {
    const door: CreditDoor = { vendor: () => world.koios, writers: async () => world.writers };
    Reflect.set(object, "creditDoor", () => door);
  });

/** A customer with a SparkMeter at a Koios site that we credit. */
export async function atKoios(account: string, over: Partial<AccountFacts> = {}, world: Partial<Door> = {}) {
  const door: Door = { koios: new ScriptedKoios(), writers: [OURS], ...world };
  await live(account, { meters: [SPARK], siteVendor: "koios", ...over });
  await open(account, door);
  return { account, door, koios: door.koios ?? new ScriptedKoios() };
}

/** The alarm goes off so many minutes after T0. */
export async function ringAt(account: string, minutes: number) {
  vi.setSystemTime(T0 + minutes * MINUTE);
  await runInDurableObject(ledger(account), (_, state) => state.storage.setAlarm(Date.now() + 3_600_000));
  return runDurableObjectAlarm(ledger(account));
}

/** The machine dies; what it was waiting for is never heard. */
export async function die(account: string, door: Door) {
  await evictDurableObject(ledger(account));
  await open(account, door);
  await runInDurableObject(ledger(account), (object) => {
    Reflect.set(object, "actsAtOnce", false);
  });
}

export async function creditsOf(account: string) {
  const view = await ledger(account).view(account);
  if (view === null || view === "not_ready") throw new Error(`no view: ${view}`);
  return view.credits;
}

export const owed = (account: string): Promise<OutboxRow[]> =>
  runInDurableObject(ledger(account), (_, state) =>
    state.storage.sql
      .exec<{ row: string }>("SELECT row FROM outbox ORDER BY id")
      .toArray()
      .map(({ row }) => JSON.parse(row) as OutboxRow),
  );

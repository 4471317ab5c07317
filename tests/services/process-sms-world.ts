import type { Claim, ClaimAnswer, ReceiptState } from "../../src/domain/claim.ts";
import { COUNTRIES, type Country } from "../../src/domain/country.ts";
import type { AccountStatus } from "../../src/domain/ledger.ts";
import type { HeldMoney } from "../../src/ports/gate.ts";
import type { StoredSms } from "../../src/ports/sms-processor.ts";
import type { TillVerdict } from "../../src/ports/tills.ts";
import type { BalanceAnswered } from "../../src/services/answer-balance.ts";
import type { ProcessPorts } from "../../src/services/process-sms.ts";
import type { CallRequested } from "../../src/services/request-call.ts";

export const RECEIVED = Date.UTC(2026, 10, 25, 12);

export const text = (receipt: string, reference: string, date = "25/11/26") =>
  `${receipt} Confirmed. on ${date} at 1:57 PM M20.00 received from 26650000102 - Palesa Sample 26650000102.New M-Pesa balance is M1,204.55 Reference: ${reference}.`;

export const noAutomation = { ...COUNTRIES.LS, features: { ...COUNTRIES.LS.features, paymentAutomation: false } };
export const noFees = { ...COUNTRIES.LS, features: { ...COUNTRIES.LS.features, fees: false } };

export const sms = (change: Partial<StoredSms> = {}): StoredSms => ({
  claimed: null,
  waitsAsText: false,
  phoneId: "phone-a",
  tillId: "till-a",
  channel: "electricity",
  externalId: "0b5e",
  contentHash: "c0ffee",
  sender: "MPESA",
  content: text("08XX0TESTA57", "0252SHG"),
  receivedAt: RECEIVED,
  ...change,
});

/** A world of plain answers, which remembers what was asked of it. */
export function world(
  facts: {
    accounts?: Record<string, AccountStatus | "not_ready">;
    phones?: { account: string; status: AccountStatus }[] | "down";
    alias?: string | null | "down";
    country?: Country;
    oldBooks?: boolean | "down";
    till?: TillVerdict | "not_ready";
    stranger?: boolean;
    cutoverAt?: number | null;
    answer?: ClaimAnswer["status"];
    known?: ReceiptState | "not_ready";
    balance?: BalanceAnswered;
    call?: CallRequested;
  } = {},
) {
  const seen = {
    claims: [] as Claim[],
    links: [] as unknown[],
    wishes: [] as unknown[],
    blocks: [] as unknown[],
    held: [] as HeldMoney[],
    released: [] as string[],
    asked: [] as unknown[],
    questions: [] as unknown[],
    calls: [] as string[],
  };
  const ports: ProcessPorts = {
    country: facts.country ?? COUNTRIES.LS,
    accounts: { status: async (account) => facts.accounts?.[account] ?? "unknown" },
    lookups: {
      accountsByPhone: async () => facts.phones ?? [],
      accountByAlias: async () => facts.alias ?? null,
      inOldBooks: async (payment) => {
        seen.asked.push(payment);
        return facts.oldBooks ?? false;
      },
    },
    tills: {
      assess: async () => facts.till ?? { allow: true },
      link: async (_till, link) => {
        seen.links.push(link);
        return facts.till === "not_ready" ? "not_ready" : facts.stranger ? "stranger" : "taken";
      },
    },
    gate: {
      hold: async (held) => {
        seen.held.push(held);
      },
      release: async (key) => {
        seen.released.push(key);
      },
    },
    receipts: {
      claim: async (claim) => {
        seen.claims.push(claim);
        if (facts.answer === "not_ready" || facts.known === "not_ready") return { status: "not_ready" };
        return { status: facts.answer ?? "new", state: facts.known ?? stateOf(claim) };
      },
      block: async (notice) => {
        seen.blocks.push(notice);
      },
      move: async () => ({ status: "not_ready" }),
      unblock: async () => null,
      state: async () => facts.known ?? null,
    },
    cutoverAt: async () => (facts.cutoverAt === undefined ? RECEIVED - 30 * 86_400_000 : facts.cutoverAt),
    answerMenu: async (_sms, question) => {
      seen.questions.push(question);
      return { state: "done", because: null, account: null };
    },
    keepWish: async (_sms, wish) => {
      seen.wishes.push(wish);
      return { state: "done", because: null, account: "0045MAK" };
    },
    requestCall: async (_sms, { phone }) => {
      seen.calls.push(phone);
      return facts.call ?? { state: "done", because: null, account: null };
    },
    answerBalance: async (_sms, question) => {
      seen.questions.push(question);
      return facts.balance ?? { state: "done", because: null, account: question.account };
    },
  };
  return { ports, seen };
}

export const stateOf = (claim: Claim): ReceiptState => ({
  receipt: claim.receipt,
  provider: claim.provider,
  amountMinor: claim.amountMinor,
  currency: claim.currency,
  paidAt: claim.paidAt,
  generation: 1,
  phase: "recording",
  blocked: false,
  shares: [
    {
      share: 1,
      holder: claim.holder,
      amountMinor: claim.amountMinor,
      entryKey: `receipt:${claim.receipt}#1.1`,
      posting: "posted",
      entry: null,
    },
  ],
});

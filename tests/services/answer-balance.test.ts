import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { AccountView } from "../../src/ports/accounts.ts";
import type { HeldAccount } from "../../src/ports/holders.ts";
import type { EnqueueAnswer, OutgoingSms } from "../../src/ports/mailboxes.ts";
import type { StoredSms } from "../../src/ports/sms-processor.ts";
import { ANSWER_WITHIN_MS, answerBalance, type BalancePorts } from "../../src/services/answer-balance.ts";

const RECEIVED = Date.UTC(2026, 10, 24, 12);

const sms = (over: Partial<StoredSms> = {}): StoredSms => ({
  claimed: null,
  waitsAsText: false,
  phoneId: "ls-north-a",
  tillId: "ls-till-north",
  channel: "electricity",
  externalId: "8f4c-1",
  contentHash: "c0ffee00c0ffee00c0ffee00",
  sender: "+266 5000 0101",
  content: "BAL",
  receivedAt: RECEIVED,
  ...over,
});

const held = (account: string, over: Partial<HeldAccount> = {}): HeldAccount => ({
  account,
  status: "live",
  language: "en",
  ...over,
});

/** A holder of one account with 4.2 kWh left, and a phone that takes what it is given. */
function world(
  facts: {
    held?: HeldAccount[] | "down";
    view?: Pick<AccountView, "availableWh" | "minutesLeft"> | "not_ready" | null;
    enqueue?: EnqueueAnswer;
    now?: number;
    template?: string;
  } = {},
) {
  const sent: { phoneId: string; sms: OutgoingSms }[] = [];
  const counted: { phone: string; name: string }[] = [];
  const asked: string[] = [];
  const limit = { open: true };
  const view = facts.view === undefined ? { availableWh: 4_240, minutesLeft: 300 } : facts.view;
  const ports: BalancePorts = {
    country: COUNTRIES.LS,
    holders: {
      accountsOfHolder: async (phone) => {
        asked.push(phone);
        return facts.held ?? [held("0045MAK")];
      },
    },
    accounts: { view: async () => view as AccountView | "not_ready" | null },
    directory: {
      template: async (kind, [language]) =>
        facts.template === undefined || language === undefined
          ? null
          : { kind, language, text: facts.template, version: 1 },
    },
    isAllowed: async (question) => {
      counted.push(question);
      return limit.open;
    },
    enqueue: async (phoneId, answer) => {
      sent.push({ phoneId, sms: answer });
      return facts.enqueue ?? { status: "queued" };
    },
    now: () => facts.now ?? RECEIVED + 1_000,
  };
  return { ports, sent, counted, asked, limit };
}

const DONE = { state: "done", because: null };

describe("answerBalance", () => {
  it("tells the holder what is left, through the phone that was asked", async () => {
    const { ports, sent, counted, asked } = world();
    expect(await answerBalance(ports, sms(), { account: null })).toEqual({ ...DONE, account: "0045MAK" });
    expect(asked).toEqual(["26650000101"]);
    expect(counted).toHaveLength(1);
    expect(sent).toEqual([
      {
        phoneId: "ls-north-a",
        sms: {
          id: `balance:0045MAK:c0ffee00c0ffee00:${RECEIVED}`,
          to: "26650000101",
          content: "1PWR: account 0045MAK has 4.2 kWh left, about 5 hours at your usual use.",
          template: "balance",
          language: "en",
          account: "0045MAK",
          receipt: null,
          createdAt: RECEIVED,
          expiresAt: RECEIVED + ANSWER_WITHIN_MS,
        },
      },
    ]);
  });

  it("says it in the holder's language and in the words that somebody wrote", async () => {
    const french = world({ held: [held("0045MAK", { language: "fr" })] });
    await answerBalance(french.ports, sms(), { account: null });
    expect(french.sent[0]?.sms.content).toContain("solde du compte 0045MAK");
    const own = world({ template: "{account}: {balance_kwh}" });
    await answerBalance(own.ports, sms(), { account: null });
    expect(own.sent[0]?.sms.content).toBe("0045MAK: 4.2");
  });

  it("answers for the holder's own accounts, three at most, and counts one question", async () => {
    const { ports, sent, counted } = world({
      held: ["0001MAK", "0002MAK", "0003MAK", "0004MAK"].map((account) => held(account)),
    });
    expect(await answerBalance(ports, sms(), { account: null })).toEqual({ ...DONE, account: null });
    expect(sent.map(({ sms: { account } }) => account)).toEqual(["0001MAK", "0002MAK", "0003MAK"]);
    expect(new Set(sent.map(({ sms: { id } }) => id)).size).toBe(3);
    expect(counted).toHaveLength(1);
  });

  it("answers for the one account that is asked about, if it is the sender's", async () => {
    const { ports, sent } = world({ held: [held("0001MAK"), held("0002MAK")] });
    expect(await answerBalance(ports, sms(), { account: "0002MAK" })).toEqual({ ...DONE, account: "0002MAK" });
    expect(sent.map(({ sms: { account } }) => account)).toEqual(["0002MAK"]);
  });

  it.each([
    ["a stranger who names an account", { held: [] }, {}, "0045MAK", "not_a_holder"],
    ["a stranger who names none", { held: [] }, {}, null, "not_a_holder"],
    ["a holder who names another's account", {}, {}, "0046MAK", "not_a_holder"],
    ["an operator", {}, { sender: "MPESA" }, null, "not_a_phone"],
    ["a short code", {}, { sender: "199" }, null, "not_a_phone"],
    ["a question of hours ago", { now: RECEIVED + ANSWER_WITHIN_MS + 1 }, {}, null, "too_late"],
    ["an account that was ended", { held: [held("0045MAK", { status: "terminated" })] }, {}, null, "no_balance"],
    ["an account that pays later", { held: [held("0045MAK", { status: "postpaid" })] }, {}, "0045MAK", "no_balance"],
  ] as const)("says nothing to %s, and counts nothing", async (_, facts, over, account, because) => {
    const { ports, sent, counted } = world(facts as Parameters<typeof world>[0]);
    expect(await answerBalance(ports, sms(over), { account })).toMatchObject({ state: "done", because });
    expect([sent, counted]).toEqual([[], []]);
  });

  it("says nothing over the limit", async () => {
    const { ports, sent, limit } = world();
    limit.open = false;
    expect(await answerBalance(ports, sms(), { account: null })).toMatchObject({ because: "over_limit" });
    expect(sent).toEqual([]);
  });

  it("does under the same names what it does again, and counts the same SMS of another phone apart", async () => {
    const { ports, sent, counted } = world();
    await answerBalance(ports, sms(), { account: null });
    await answerBalance(ports, sms(), { account: null });
    expect([new Set(sent.map(({ sms: { id } }) => id)).size, new Set(counted.map(({ name }) => name)).size]).toEqual([
      1, 1,
    ]);
    await answerBalance(ports, sms({ phoneId: "ls-north-b" }), { account: null });
    expect(new Set(counted.map(({ name }) => name)).size).toBe(2);
    await answerBalance(ports, sms({ receivedAt: RECEIVED + 86_400_000 }), { account: null });
    expect(new Set(sent.map(({ sms: { id } }) => id)).size).toBe(2);
  });

  it.each([
    ["Postgres", { held: "down" as const }],
    ["the account", { view: "not_ready" as const }],
    ["the phone's Mailbox", { enqueue: { status: "not_ready" } as const }],
  ])("leaves the question where it is while %s does not answer", async (_, facts) => {
    const { ports } = world(facts);
    expect(await answerBalance(ports, sms(), { account: null })).toMatchObject({ state: "later" });
  });

  it("takes an answer that is known already for sent, and one that cannot be sent for the end", async () => {
    const known = world({ enqueue: { status: "exists" } });
    expect(await answerBalance(known.ports, sms(), { account: null })).toMatchObject(DONE);
    const refused = world({ enqueue: { status: "refused", because: "too long" } });
    expect(await answerBalance(refused.ports, sms(), { account: null })).toMatchObject({ because: "not_sendable" });
  });
});

import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { HeldAccount } from "../../src/ports/holders.ts";
import type { OutgoingSms } from "../../src/ports/mailboxes.ts";
import type { StoredSms } from "../../src/ports/sms-processor.ts";
import { ANSWER_WITHIN_MS } from "../../src/services/answer-balance.ts";
import { answerMenu, type LastPayment, type MenuPorts } from "../../src/services/answer-menu.ts";

const RECEIVED = Date.UTC(2026, 10, 24, 12);
const sms = (over: Partial<StoredSms> = {}): StoredSms => ({
  claimed: null,
  waitsAsText: false,
  ...{ phoneId: "ls-north-a", tillId: "ls-till-north", channel: "electricity", externalId: "m-1" },
  ...{ contentHash: "c0ffee00c0ffee00c0ffee00", sender: "+266 5000 0101", content: "PAID", receivedAt: RECEIVED },
  ...over,
});
const held = (account: string, over: Partial<HeldAccount> = {}): HeldAccount => ({
  ...{ account, status: "live", language: "en", ...over },
});
/** Ten minutes past midnight in Lesotho, and still the day before in UTC. */
const PAID: LastPayment = { receipt: "QK7AAA", amountMinor: 2_000, paidAt: Date.parse("2026-11-23T22:10:00Z") };

function world(facts: {
  held?: HeldAccount[] | "down";
  paid?: LastPayment | null | "down";
  isAllowed?: boolean;
  enqueue?: "queued" | "not_ready";
}) {
  const sent: OutgoingSms[] = [];
  const counted: unknown[] = [];
  const ports: MenuPorts = {
    country: COUNTRIES.LS,
    holders: { accountsOfHolder: async () => facts.held ?? [held("0045MAK")] },
    directory: { template: async () => null },
    isAllowed: async (question) => {
      counted.push(question);
      return facts.isAllowed ?? true;
    },
    lastPayment: async () => (facts.paid === undefined ? PAID : facts.paid),
    enqueue: async (_phoneId, one) => {
      if (facts.enqueue === "not_ready") return { status: "not_ready" };
      sent.push(one);
      return { status: "queued" };
    },
    now: () => RECEIVED + 1_000,
  };
  return { ports, sent, counted };
}

describe("what was paid last", () => {
  it("is told to the holder, with the local day, under the name of the question", async () => {
    const { ports, sent, counted } = world({});
    expect(await answerMenu(ports, sms(), { about: "last_payment" })).toEqual({
      ...{ state: "done", because: null, account: "0045MAK" },
    });
    expect(sent[0]?.content).toContain("M20.00 on 2026-11-24. Receipt QK7AAA");
    expect(counted).toHaveLength(1);
    await answerMenu(ports, sms(), { about: "last_payment" });
    expect(sent[1]?.id).toBe(sent[0]?.id);
  });

  it.each([
    ["nobody's phone", { held: [] }, {}, "not_a_holder"],
    ["an account that has ended", { held: [held("0045MAK", { status: "terminated" as const })] }, {}, "not_a_holder"],
    ["an account that was never paid", { paid: null }, {}, "no_payment"],
    ["a question too many", { isAllowed: false }, {}, "over_limit"],
    ["an operator", {}, { sender: "MPESA" }, "not_a_phone"],
    ["a question of yesterday", {}, { receivedAt: RECEIVED - ANSWER_WITHIN_MS - 1_000 }, "too_late"],
  ])("is not told of %s", async (_, facts, over, because) => {
    const { ports, sent } = world(facts);
    expect(await answerMenu(ports, sms(over), { about: "last_payment" })).toMatchObject({ state: "done", because });
    expect(sent).toEqual([]);
  });

  it.each([
    ["the database is down", { held: "down" as const }],
    ["the payments do not answer", { paid: "down" as const }],
    ["the phone's own memory is not there", { enqueue: "not_ready" as const }],
  ])("waits while %s", async (_, facts) => {
    const { ports } = world(facts);
    expect((await answerMenu(ports, sms(), { about: "last_payment" })).state).toBe("later");
  });
});

it("help is one SMS in the holder's language, however many accounts, and needs no payment", async () => {
  const accounts = [held("0045MAK", { language: "st" }), held("0046MAK")];
  const { ports, sent } = world({ held: accounts, paid: "down" });
  expect(await answerMenu(ports, sms({ content: "HELP" }), { about: "help" })).toMatchObject({ because: null });
  expect(sent.map(({ content }) => content)).toEqual([expect.stringContaining("NLETSETSE")]);
});

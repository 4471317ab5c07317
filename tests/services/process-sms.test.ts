import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { processSms } from "../../src/services/process-sms.ts";

import { RECEIVED, sms, text, world } from "./process-sms-world.ts";

describe("processSms", () => {
  it("answers what was paid last and how to ask, and never takes a payment's text for that", async () => {
    const { ports, seen } = world();
    const asked = await processSms(ports, sms({ sender: "+26650000101", content: "Last payment please" }));
    expect(asked).toMatchObject({ state: "done", outcome: "menu_asked", because: null });
    await processSms(ports, sms({ sender: "+26650000101", content: "HELP" }));
    expect([seen.questions, seen.claims]).toEqual([[{ about: "last_payment" }, { about: "help" }], []]);
    const paid = world();
    await processSms(paid.ports, sms());
    expect([paid.seen.questions, paid.seen.claims.length]).toEqual([[], 1]);
  });

  it("keeps in which language somebody wants to be written to, and whether campaigns are wanted", async () => {
    const { ports, seen } = world();
    const asked = await processSms(ports, sms({ sender: "+26650000101", content: "SESOTHO" }));
    expect(asked).toMatchObject({ state: "done", outcome: "menu_asked", account: "0045MAK" });
    await processSms(ports, sms({ sender: "+26650000101", content: "Stop" }));
    expect(seen.wishes).toEqual([
      { about: "language", language: "st" },
      { about: "campaigns", wanted: false },
    ]);
    expect([seen.claims, seen.questions, seen.calls]).toEqual([[], [], []]);
  });

  it("makes a ticket of a text that asks to be called, keeps it while nobody can, and never of a payment's", async () => {
    const { ports, seen } = world();
    const asked = await processSms(ports, sms({ sender: "+26650000101", content: "Please call me" }));
    expect(asked).toMatchObject({ state: "done", outcome: "call_asked", because: null });
    expect([seen.calls.length, seen.claims, seen.held]).toEqual([1, [], []]);
    const later = world({ call: { state: "later", because: "holder_unknown_yet" } });
    const waits = await processSms(later.ports, sms({ sender: "+26650000101", content: "Please call me" }));
    expect(waits).toEqual({ state: "later", because: "holder_unknown_yet" });
    const paid = world();
    await processSms(paid.ports, sms());
    expect([paid.seen.calls, paid.seen.claims.length]).toEqual([[], 1]);
  });

  it("answers a question about a balance, and logs what came of it", async () => {
    const { ports, seen } = world();
    const asked = await processSms(ports, sms({ sender: "+26650000101", content: "Bal 0045 mak" }));
    expect(asked).toMatchObject({ state: "done", outcome: "balance_asked", because: null, account: "0045MAK" });
    expect(seen.questions).toEqual([{ account: "0045MAK" }]);
    const over = world({ balance: { state: "done", because: "over_limit", account: null } });
    expect(await processSms(over.ports, sms({ content: "BAL" }))).toMatchObject({
      state: "done",
      outcome: "balance_asked",
      because: "over_limit",
    });
    const later = world({ balance: { state: "later", because: "holder_unknown_yet" } });
    expect(await processSms(later.ports, sms({ content: "BAL" }))).toEqual({
      state: "later",
      because: "holder_unknown_yet",
    });
  });

  it("never takes a payment for a question, nor what is shaped like one and cannot be read", async () => {
    const { ports, seen } = world({ accounts: { "0252SHG": "live" } });
    await processSms(ports, sms());
    const chatter = await processSms(ports, sms({ content: "what is my balance of 0045MAK since Monday?" }));
    const empty = await processSms(ports, sms({ content: " " }));
    expect([chatter, empty]).toMatchObject([{ outcome: "unparsed" }, { outcome: "unparsed" }]);
    expect(seen.questions).toEqual([]);
  });

  it("claims a clear payment for the account its reference names, at the printed instant", async () => {
    const { ports, seen } = world({ accounts: { "0252SHG": "live" } });
    const outcome = await processSms(ports, sms());
    expect(outcome).toMatchObject({ state: "done", outcome: "credited", account: "0252SHG", receipt: "08XX0TESTA57" });
    expect(seen.claims).toHaveLength(1);
    expect(seen.claims[0]).toMatchObject({
      amountMinor: 2000,
      currency: "LSL",
      payerPhone: "26650000102",
      paidAt: Date.UTC(2026, 10, 25, 11, 57),
      holder: { kind: "account", account: "0252SHG" },
    });
  });

  it("needs no database for one clear token of a live account", async () => {
    const { ports } = world({ accounts: { "0252SHG": "live" }, phones: "down", alias: "down" });
    expect(await processSms(ports, sms())).toMatchObject({ outcome: "credited" });
  });

  it.each([
    {
      name: "the database is down and no token names an account",
      facts: { phones: "down" as const },
      because: "account_unknown_yet",
      reference: "thank you",
    },
    {
      name: "the account's object is not ready",
      facts: { accounts: { "0252SHG": "not_ready" as const } },
      because: "account_unknown_yet",
      reference: "0252SHG",
    },
    {
      name: "the till is not ready",
      facts: { accounts: { "0252SHG": "live" as const }, till: "not_ready" as const },
      because: "till_not_ready",
      reference: "0252SHG",
    },
    {
      name: "the shard is not ready",
      facts: { accounts: { "0252SHG": "live" as const }, answer: "not_ready" as const },
      because: "shard_not_ready",
      reference: "0252SHG",
    },
  ])("leaves the SMS where it is while $name, and says so", async ({ facts, reference, because }) => {
    const { ports } = world(facts);
    expect(await processSms(ports, sms({ content: text("08XX0TESTA57", reference) }))).toMatchObject({
      state: "later",
      because,
    });
  });

  it.each([
    {
      name: "a token that is no account, though the phone is known",
      facts: { phones: [{ account: "0001MAK", status: "live" as const }] },
      change: {},
      because: "wrong_token",
    },
    {
      name: "a terminated account",
      facts: { accounts: { "0252SHG": "terminated" as const } },
      change: {},
      because: "terminated_account",
    },
    {
      name: "the number of the contract where no fees are charged",
      facts: {
        accounts: { "0252SHG": "live" as const },
        country: { ...COUNTRIES.LS, features: { ...COUNTRIES.LS.features, fees: false } },
      },
      change: { channel: "fees" as const },
      because: "fees_channel",
    },
    {
      name: "a date of last year",
      facts: { accounts: { "0252SHG": "live" as const } },
      change: { content: text("08XX0TESTA57", "0252SHG", "25/11/25") },
      because: "date",
    },
    {
      name: "no cut-over",
      facts: { accounts: { "0252SHG": "live" as const }, cutoverAt: null },
      change: {},
      because: "no_cutover",
    },
    {
      name: "payments that are not automatic in this country",
      facts: {
        accounts: { "0252SHG": "live" as const },
        country: { ...COUNTRIES.LS, features: { ...COUNTRIES.LS.features, paymentAutomation: false } },
      },
      change: {},
      because: "automation_off",
    },
    {
      name: "an account of another country's site",
      facts: {},
      change: { content: text("08XX0TESTA57", "0045GBO") },
      because: "wrong_token",
    },
    {
      name: "nothing that names anybody",
      facts: {},
      change: { content: text("08XX0TESTA57", "thank you") },
      because: "no_account_token",
    },
  ])("holds, but claims, with $name", async ({ facts, change, because }) => {
    const { ports, seen } = world(facts);
    expect(await processSms(ports, sms(change))).toMatchObject({ state: "done", outcome: "held", because });
    expect(seen.claims[0]?.holder).toMatchObject({ kind: "suspense", because });
  });

  it.each(["electricity", "fees"] as const)(
    "says of a text to the number for %s which road its money came",
    async (channel) => {
      const { ports, seen } = world({ accounts: { "0252SHG": "live" } });
      expect(await processSms(ports, sms({ channel }))).toMatchObject({ outcome: "credited", account: "0252SHG" });
      expect(seen.claims[0]).toMatchObject({ road: channel === "fees" ? "contract_sms" : "sms" });
    },
  );

  const DAY = 86_400_000;
  it.each([
    { why: "in the old books", days: 1, oldBooks: true, says: "legacy_twin", asked: 1 },
    { why: "not there", days: 1, oldBooks: false, says: "credited", asked: 1 },
    { why: "on the last of 30 days", days: 30 - 1 / 86_400_000, oldBooks: true, says: "legacy_twin", asked: 1 },
    { why: "after 30 days", days: 30, oldBooks: "down" as const, says: "credited", asked: 0 },
    { why: "before cut-over", days: -1, oldBooks: true, says: "before_cutover", asked: 0 },
    { why: "while nobody can look", days: 1, oldBooks: "down" as const, says: "later", asked: 1 },
    { why: "of a dated text", days: 1, oldBooks: "down" as const, says: "credited", asked: 0, dated: true },
  ])("an undated payment $why, $days days after cut-over: $says", async ({ days, oldBooks, says, asked, dated }) => {
    const { ports, seen } = world({
      accounts: { "0252SHG": "live" },
      cutoverAt: RECEIVED - days * DAY,
      oldBooks,
    });
    const content = text("08XX0TESTA57", "0252SHG");
    const outcome = await processSms(ports, sms({ content: dated ? content : content.replace(/ on .* PM /, " ") }));
    expect(outcome.state === "later" ? "later" : (outcome.because ?? outcome.outcome)).toBe(says);
    expect(seen.asked).toHaveLength(asked);
    if (asked === 1)
      expect(seen.asked[0]).toMatchObject({ amountMinor: 2_000, account: "0252SHG", payerPhone: "26650000102" });
    expect(seen.claims).toHaveLength(says === "later" ? 0 : 1);
  });

  it("holds an undated payment of nobody for the old books' sake, so that no webhook takes it out", async () => {
    const { ports, seen } = world({ cutoverAt: RECEIVED - DAY, oldBooks: true });
    const content = text("08XX0TESTA57", "thank you").replace(/ on .* PM /, " ");
    expect(await processSms(ports, sms({ content }))).toMatchObject({ outcome: "held", because: "legacy_twin" });
    expect(seen.asked).toEqual([expect.objectContaining({ account: null, payerPhone: "26650000102" })]);
  });

  it("falls back to the payer's phone only where no token is", async () => {
    const { ports, seen } = world({ phones: [{ account: "0001MAK", status: "live" }] });
    await processSms(ports, sms({ content: text("08XX0TESTA57", "thank you") }));
    expect(seen.claims[0]?.holder).toEqual({ kind: "account", account: "0001MAK" });
  });

  it("reads an old channel id as the account it stood for", async () => {
    const { ports, seen } = world({ alias: "0119MAT", accounts: { "0119MAT": "live" } });
    await processSms(ports, sms({ content: text("08XX0TESTA57", "315103084") }));
    expect(seen.claims[0]?.holder).toEqual({ kind: "account", account: "0119MAT" });
  });

  it("never claims a text without a receipt: one case per till and text, and nobody it names goes dark", async () => {
    const { ports, seen } = world({ accounts: { "0007MAT": "live" } });
    const outcome = await processSms(ports, sms({ content: "M40.00 received from 266 50 000 109. Remark: 0007 MAT" }));
    expect(seen.claims).toEqual([]);
    expect(outcome).toMatchObject({
      outcome: "no_receipt",
      cases: [{ caseKey: "text:till-a:c0ffee", amountMinor: 4000, hintAccounts: ["0007MAT"] }],
    });
    expect(seen.held).toMatchObject([{ accounts: ["0007MAT"], phones: ["26650000109"] }]);
  });

  it("links a withdrawal into the till's chain and claims nothing", async () => {
    const { ports, seen } = world();
    const content =
      "07XX0TESTE03 Confirmed. M100.00 sent to 26650000107 on 25/11/26 at 2:00 PM. New M-Pesa balance is M400.00";
    expect(await processSms(ports, sms({ content }))).toMatchObject({ outcome: "outgoing" });
    expect(seen.links).toMatchObject([{ sender: "MPESA", fromMinor: 50_000, toMinor: 40_000 }]);
    expect(seen.claims).toEqual([]);
  });

  it.each([
    [
      "a withdrawal",
      "07XX0TESTE03 Confirmed. M100.00 sent to 26650000107 on 25/11/26 at 2:00 PM. New M-Pesa balance is M400.00",
    ],
    [
      "a reversal",
      "07XX0TESTE04 Confirmed. Transaction 08XX0TESTA57 of M20.00 has been reversed. New M-Pesa balance is M380.00",
    ],
    ["a text without a receipt", "M40.00 received from 266 50 000 109. New M-Pesa balance is M440.00"],
  ])("leaves %s where it is while the till is not ready: its link would be lost", async (_name, content) => {
    const { ports, seen } = world({ till: "not_ready" });
    expect(await processSms(ports, sms({ content }))).toMatchObject({ state: "later" });
    expect(seen).toMatchObject({ links: [{}], blocks: [], held: [] });
  });

  it.each(["", " New M-Pesa balance is M380.00"])(
    "blocks a receipt by a reversal only when the till believes its sender (text ends with '%s')",
    async (end) => {
      const content = `07XX0TESTE04 Confirmed. Transaction 08XX0TESTA57 of M20.00 has been reversed.${end}`;
      const said = { outcome: "reversal", receipt: "08XX0TESTA57" };
      const listed = world();
      expect(await processSms(listed.ports, sms({ content }))).toMatchObject({ ...said, because: "reversal" });
      expect(listed.seen.blocks).toMatchObject([{ receipt: "08XX0TESTA57", sightingKey: "sms:phone-a:0b5e:c0ffee" }]);
      const other = world({ stranger: true });
      const heard = sms({ content, sender: "26650000199" });
      expect(await processSms(other.ports, heard)).toMatchObject({ ...said, because: "sender" });
      expect(other.seen).toMatchObject({ blocks: [], links: [{ sender: "26650000199" }] });
    },
  );

  it("tells whoever types the receipt of a text without one who sent it, and that the till does not know the sender", async () => {
    const content = "M40.00 received from 266 50 000 109. Remark: 0007 MAT";
    const noteOf = async (stranger: boolean, sender: string) => {
      const outcome = await processSms(world({ stranger }).ports, sms({ content, sender }));
      return outcome.state === "done" ? outcome.cases[0]?.hintNote : null;
    };
    expect(await noteOf(false, "MPESA")).toMatch(/type the operator's receipt .* from MPESA$/);
    expect(await noteOf(true, "26650000199")).toMatch(/sender 26650000199 is not on the till's list/);
  });

  it("links a payment's balance even while its account cannot be looked up: a waiting text is no gap", async () => {
    const { ports, seen } = world({ phones: "down" });
    const content = text("08XX0TESTA57", "thank you");
    expect(await processSms(ports, sms({ content }))).toMatchObject({ state: "later" });
    expect(seen.links).toMatchObject([{ key: "payment:08XX0TESTA57", fromMinor: 118_455, toMinor: 120_455 }]);
    expect(seen.claims).toEqual([]);
  });

  it("reports what became of chatter", async () => {
    const { ports, seen } = world();
    expect(await processSms(ports, sms({ content: "Lumela, u phela joang?" }))).toMatchObject({
      outcome: "unparsed",
      because: "not_a_receipt",
    });
    expect(seen.claims).toEqual([]);
  });
});

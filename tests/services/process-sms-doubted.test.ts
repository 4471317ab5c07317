import { describe, expect, it } from "vitest";
import type { Claim, Holder } from "../../src/domain/claim.ts";
import { isClaim } from "../../src/ports/sms-processor.ts";
import { processSms } from "../../src/services/process-sms.ts";

import { noAutomation, noFees, RECEIVED, sms, stateOf, text, world } from "./process-sms-world.ts";

describe("a text that is read again", () => {
  const again = (claimed: string, content = text("08XX0TESTA57", "0252SHG")) => {
    const { ports, seen } = world({ accounts: { "0252SHG": "live" } });
    return processSms(ports, sms({ claimed, content })).then((outcome) => ({ outcome, seen }));
  };

  it("claims the receipt that it had claimed, which changes nothing there", async () => {
    expect((await again("08XX0TESTA57")).seen.claims).toMatchObject([{ receipt: "08XX0TESTA57" }]);
  });

  it.each([
    ["another receipt", undefined],
    ["no payment any more", "Good morning"],
    ["a payment that was taken back", "08XX0TESTA57 Confirmed. Transaction 6AB11C22DE of M20.00 has been reversed."],
    ["a payment without a receipt", "M20.00 received from 26650000102. Remark: 0252SHG"],
  ])("as %s claims nothing, takes nothing back, and waits for a person with the receipt it had", async (_, content) => {
    const { outcome, seen } = await again("FIRSTREAD1", content);
    expect(outcome).toMatchObject({ outcome: "conflict", because: "read_otherwise", receipt: "FIRSTREAD1", cases: [] });
    expect([seen.claims, seen.blocks, seen.held, seen.links]).toEqual([[], [], [], []]);
  });
});

describe("a payment's text of somebody who is not on the till's list", () => {
  const sender = "26650000199";
  const till = { allow: false as const, because: "sender" as const, detail: "" };
  const accounts = { "0252SHG": "live" as const };
  const claimed = (holder: Holder, amountMinor = 2_000) =>
    stateOf({ receipt: "08XX0TESTA57", provider: "mpesa", amountMinor, currency: "LSL", paidAt: 1, holder } as Claim);
  const owned = claimed({ kind: "account", account: "0252SHG" });

  it.each([
    ["plainly", {}, {}],
    ["where payments do not credit by themselves", { country: noAutomation }, {}],
    ["at the number of the contract where no fees are charged", { country: noFees }, { channel: "fees" as const }],
    ["without a cut-over", { cutoverAt: null }, {}],
    ["while the old books cannot be looked into", { oldBooks: "down" as const, cutoverAt: RECEIVED - 1 }, {}],
  ])("claims nothing, and waits as a text that holds whom it names, %s", async (_, facts, change) => {
    const { ports, seen } = world({ accounts, till, ...facts });
    const outcome = await processSms(ports, sms({ sender, ...change }));
    expect(outcome).toMatchObject({ outcome: "no_receipt", because: "sender", receipt: null, account: null });
    const key = "text:till-a:c0ffee";
    expect(outcome).toMatchObject({
      cases: [{ caseKey: key, receipt: null, because: "no_receipt", state: "open", hintAccounts: ["0252SHG"] }],
    });
    const note = outcome.state === "done" ? outcome.cases[0]?.hintNote : "";
    expect(note).toMatch(/26650000199 is not on the till's list.* 08XX0TESTA57 only when the operator's own list/);
    expect(seen.held).toMatchObject([{ key, accounts: ["0252SHG"], phones: ["26650000102"] }]);
    expect([seen.claims, seen.asked]).toEqual([[], []]);
  });

  it.each([
    ["is credited", owned],
    ["is credited with another amount", claimed({ kind: "account", account: "0252SHG" }, 9_900)],
    ["waits", claimed({ kind: "suspense", because: "cap", hints: { accounts: [], note: "" } })],
  ])("about a receipt that %s is a duplicate: no claim, no case, no hold", async (_, known) => {
    const { ports, seen } = world({ accounts, till, known });
    const outcome = await processSms(ports, sms({ sender }));
    expect(outcome).toMatchObject({ outcome: "duplicate", because: "sender", receipt: "08XX0TESTA57", cases: [] });
    expect([seen.claims, seen.held, seen.released]).toEqual([[], [], []]);
    expect(outcome.state === "done" && isClaim(outcome)).toBe(false);
  });

  it("stays where it is while the receipt's shard is not ready", async () => {
    const { ports, seen } = world({ accounts, till, known: "not_ready" });
    expect(await processSms(ports, sms({ sender }))).toEqual({ state: "later", because: "shard_not_ready" });
    expect([seen.claims, seen.held]).toEqual([[], []]);
  });

  it.each([
    ["its sender is listed now", {}, "credited"],
    ["the operator's text came meanwhile", { till, known: owned }, "duplicate"],
  ])("ends its own case when it is read again and %s", async (_, facts, outcome) => {
    const { ports, seen } = world({ accounts, ...facts });
    expect(await processSms(ports, sms({ sender, waitsAsText: true }))).toMatchObject({
      outcome,
      cases: [{ caseKey: "text:till-a:c0ffee", receipt: "08XX0TESTA57", state: "closed", version: 2 }],
    });
    expect(seen.released).toEqual(["text:till-a:c0ffee"]);
  });

  it("keeps its case while it stays a stranger's, or is of another amount than is known", async () => {
    const still = world({ accounts, till });
    const again = sms({ sender, waitsAsText: true });
    expect(await processSms(still.ports, again)).toMatchObject({ cases: [{ state: "open", version: 1 }] });
    const other = world({ accounts, answer: "conflict" });
    expect(await processSms(other.ports, again)).toMatchObject({ outcome: "conflict", cases: [] });
    expect([still.seen.released, other.seen.released]).toEqual([[], []]);
  });

  it("is not what a text of the operator is called where an earlier release held the receipt for its sender", async () => {
    const held = claimed({ kind: "suspense", because: "sender", hints: { accounts: [], note: "" } });
    const outcome = await processSms(world({ accounts, known: held, answer: "same" }).ports, sms());
    expect(outcome).toMatchObject({ outcome: "duplicate", because: null, receipt: "08XX0TESTA57" });
    expect(outcome.state === "done" && isClaim(outcome)).toBe(true);
  });
});

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { PermitQuestion, PhonePulse } from "../../src/ports/gate.ts";
import { GATE_SOURCES, HELD_ANSWER_MAX } from "../../workers/objects/disconnect-gate.ts";
import { gateOf, receiptBookOf } from "../../workers/objects/locate.ts";
import { aClaim, bookOf, inSuspense } from "./receipt-book-world.ts";

const held = (key: string, accounts: string[], phones: string[] = [], since = 1) => ({ key, accounts, phones, since });
const heldFor = (account: string, phones: string[] = []) => gateOf(env).heldFor({ account, phones });

const permit = (account: string, over: Partial<PermitQuestion> = {}) =>
  gateOf(env).permit({ account, phones: [], meterNumber: "23099001", at: Date.now(), ...over });

const pulse = (over: Partial<PhonePulse>): PhonePulse => ({
  phoneId: "phone-1",
  tillId: "till-1",
  channel: "electricity",
  lastPollAt: null,
  oldestUnprocessedAt: null,
  revoked: false,
  ...over,
});

/** One phone that polls, whatever other tests have left here. */
async function onePhonePolls() {
  for (const left of await gateOf(env).phones()) await gateOf(env).pulse({ ...left, revoked: true });
  await gateOf(env).pulse(pulse({ phoneId: "breaker-phone", lastPollAt: Date.now() }));
}

describe("the disconnect gate", () => {
  it("lets nobody be put in the dark until everybody has told it all they know", async () => {
    await gateOf(env).hold(held("receipt:Z#1", ["0709MAK"]));
    expect(await gateOf(env).lacks()).toEqual([...GATE_SOURCES]);
    for (const source of GATE_SOURCES) {
      expect(await permit("0709MAK")).toEqual({ granted: false, because: "gate_not_ready" });
      await gateOf(env).told(source);
    }
    expect(await gateOf(env).lacks()).toEqual([]);
    expect(await permit("0709MAK")).toEqual({ granted: false, because: "switch_off" });
    await gateOf(env).putSettings({ disconnectsOn: true, sites: [] });
    expect(await permit("0709MAK")).toEqual({ granted: false, because: "money_waits" });
  });

  it("is told again by a shard what waits there, and lets go of what is over", async () => {
    await bookOf("GATE1");
    await receiptBookOf(env, "GATE1").claim(
      aClaim({ receipt: "GATE1", holder: inSuspense("no_account_token", ["0711MAK"]) }),
    );
    expect(await heldFor("0711MAK")).toEqual(["receipt:GATE1#1"]);
    // A gate that was set back: it does not know the one, and still holds another that is over.
    await gateOf(env).release("receipt:GATE1#1");
    await gateOf(env).hold(held("receipt:GATE1#0", ["0712MAK"]));
    await gateOf(env).hold(held("text:till-a:1f", ["0713MAK"]));
    expect(await receiptBookOf(env, "GATE1").tellGate()).toEqual({ unknown: 1, over: 1 });
    expect(await heldFor("0711MAK")).toEqual(["receipt:GATE1#1"]);
    expect(await heldFor("0712MAK")).toEqual([]);
    expect(await heldFor("0713MAK")).toEqual(["text:till-a:1f"]);
    expect(await receiptBookOf(env, "GATE1").tellGate()).toEqual({ unknown: 0, over: 0 });
  });

  it("knows money that waits by the account and by the phone it names", async () => {
    await gateOf(env).hold(held("receipt:A#1", ["0701MAK", "0702MAK", "0701MAK"], ["26650000701"]));
    expect(await heldFor("0701MAK")).toEqual(["receipt:A#1"]);
    expect(await heldFor("0703MAK", ["26650000999", "26650000701"])).toEqual(["receipt:A#1"]);
    expect(await heldFor("0703MAK", ["26650000999"])).toEqual([]);
    await gateOf(env).release("receipt:A#1");
    expect(await heldFor("0702MAK", ["26650000701"])).toEqual([]);
  });

  it("does not hold anybody again for a text whose case a person has closed, however often it is read again", async () => {
    await gateOf(env).hold(held("text:till-a:9f2c", ["0706MAK"]));
    expect(await gateOf(env).heldFor({ account: "0706MAK", phones: [] })).toEqual(["text:till-a:9f2c"]);
    await gateOf(env).release("text:till-a:9f2c");
    await gateOf(env).hold(held("text:till-a:9f2c", ["0706MAK"]));
    expect(await gateOf(env).heldFor({ account: "0706MAK", phones: [] })).toEqual([]);
  });

  it("takes the later word under a key, and lets go of it once however often it is told", async () => {
    await gateOf(env).hold(held("receipt:B#1", ["0704MAK"]));
    await gateOf(env).hold(held("receipt:B#1", ["0704MAK", "0705MAK"]));
    expect(await heldFor("0705MAK")).toEqual(["receipt:B#1"]);
    await gateOf(env).release("receipt:B#1");
    await gateOf(env).release("receipt:B#1");
    expect(await heldFor("0704MAK")).toEqual([]);
  });

  it("names the oldest first, each once, and not without end", async () => {
    for (let since = HELD_ANSWER_MAX + 5; since > 0; since--)
      await gateOf(env).hold(held(`receipt:C${since}#1`, ["0706MAK"], ["26650000706"], since));
    const keys = await heldFor("0706MAK", ["26650000706"]);
    expect(keys).toHaveLength(HELD_ANSWER_MAX);
    expect(keys.slice(0, 2)).toEqual(["receipt:C1#1", "receipt:C2#1"]);
  });

  it("keeps each phone's last word", async () => {
    await gateOf(env).pulse(pulse({}));
    await gateOf(env).pulse(pulse({ phoneId: "phone-2", revoked: true }));
    await gateOf(env).pulse(pulse({ lastPollAt: 5, oldestUnprocessedAt: 3 }));
    expect(await gateOf(env).phones()).toEqual([
      pulse({ lastPollAt: 5, oldestUnprocessedAt: 3 }),
      pulse({ phoneId: "phone-2", revoked: true }),
    ]);
  });

  it("keeps since when an SMS of a phone waits for the old system, until the phone says that none does", async () => {
    const forwardAt = async (phoneId: string) =>
      (await gateOf(env).phones()).find((phone) => phone.phoneId === phoneId)?.oldestForwardAt ?? null;
    for (let twice = 0; twice < 2; twice++) await gateOf(env).pulse(pulse({ phoneId: "phone-3", oldestForwardAt: 7 }));
    expect(await forwardAt("phone-3")).toBe(7);
    await gateOf(env).pulse(pulse({ phoneId: "phone-3", oldestForwardAt: null }));
    expect(await forwardAt("phone-3")).toBeNull();
    // A Mailbox of the release before does not say it, and such a gate writes a pulse by the place of its columns.
    await gateOf(env).pulse(pulse({ phoneId: "phone-3", oldestForwardAt: 8 }));
    await gateOf(env).pulse(pulse({ phoneId: "phone-3" }));
    expect(await forwardAt("phone-3")).toBeNull();
    await runInDurableObject(gateOf(env) as never, (_: unknown, { storage }: DurableObjectState) =>
      storage.sql.exec("INSERT INTO pulses VALUES ('phone-4', 'till-1', 'electricity', 1, NULL, 1)"),
    );
    expect(await forwardAt("phone-4")).toBeNull();
  });

  it("stops a site when too many would go dark, opens one case, and goes on when a person has looked", async () => {
    for (const source of GATE_SOURCES) await gateOf(env).told(source);
    await gateOf(env).putSettings({ disconnectsOn: true, sites: [{ site: "KET", accounts: 16 }] });
    await onePhonePolls();
    const answers = [];
    for (let n = 1; n <= 5; n++) answers.push(await permit(`000${n}KET`));
    // A quarter of 16 in an hour.
    expect(answers.map(({ granted }) => granted)).toEqual([true, true, true, true, false]);
    expect(await permit("0001KET")).toEqual({ granted: false, because: "breaker_open" });
    expect((await gateOf(env).state()).breakers).toMatchObject([{ site: "KET", because: "share" }]);
    const owed = async () => (await gateOf(env).copyBatch(10)).map(({ row }) => row);
    expect(await owed()).toMatchObject([
      { kind: "case", caseKind: "disconnect_breaker", subject: "KET", state: "open" },
    ]);
    expect(await permit("0001SHG")).toEqual({ granted: true });
    expect(await gateOf(env).resetBreaker("KET", { actor: "Mpho", reason: "a feeder was off" })).toBe(true);
    expect(await gateOf(env).resetBreaker("KET", { actor: "Mpho", reason: "again" })).toBe(false);
    expect((await owed()).at(-1)).toMatchObject({ caseKind: "disconnect_breaker", state: "closed", version: 2 });
    expect(await permit("0005KET")).toEqual({ granted: true });
  });

  it("stops a site again whose case is open when it has forgotten, and closes that case when a person has looked", async () => {
    for (const source of GATE_SOURCES) await gateOf(env).told(source);
    await onePhonePolls();
    const trippedAt = Date.now() - 60_000;
    const settings = {
      disconnectsOn: true,
      sites: [],
      breakers: [{ site: "TLK", trippedAt, because: "burst" as const }],
    };
    await gateOf(env).putSettings(settings);
    await gateOf(env).putSettings(settings);
    expect(await permit("0001TLK")).toEqual({ granted: false, because: "breaker_open" });
    const owed = async () =>
      (await gateOf(env).copyBatch(50)).flatMap(({ row }) => ("subject" in row && row.subject === "TLK" ? [row] : []));
    // Its case is open in Postgres already.
    expect(await owed()).toEqual([]);
    expect(await gateOf(env).resetBreaker("TLK", { actor: "Mpho", reason: "a feeder was off" })).toBe(true);
    const closed = {
      caseKey: `breaker:TLK:${trippedAt}`,
      state: "closed",
      version: 2,
      detailsJson: JSON.stringify({
        site: "TLK",
        because: "burst",
        by: { actor: "Mpho", reason: "a feeder was off" },
      }),
    };
    expect(await owed()).toMatchObject([closed]);
  });

  it("does not stop a site again for a case that a person has closed and Postgres does not know of yet", async () => {
    for (const source of GATE_SOURCES) await gateOf(env).told(source);
    await onePhonePolls();
    const [older, newer] = [Date.now() - 120_000, Date.now() - 60_000];
    const breakers = [newer, older].map((trippedAt) => ({ site: "SEK", trippedAt, because: "share" as const }));
    const settings = { disconnectsOn: true, sites: [], breakers };
    await gateOf(env).putSettings(settings);
    expect((await gateOf(env).state()).breakers).toContainEqual(breakers[0]);
    await gateOf(env).resetBreaker("SEK", { actor: "Mpho", reason: "seen" });
    await gateOf(env).putSettings(settings);
    expect(await permit("0001SEK")).toEqual({ granted: true });
    // Also the older one, that nobody could close before: both are closed by the same look.
    const rows = (await gateOf(env).copyBatch(100)).map(({ row }) => row);
    const closed = rows.flatMap((row) => (row.kind === "case" && row.subject === "SEK" ? [row.caseKey] : []));
    expect(new Set(closed)).toEqual(new Set([`breaker:SEK:${newer}`, `breaker:SEK:${older}`]));
    // What trips later stops it anew.
    const later = { site: "SEK", trippedAt: Date.now() + 1_000, because: "burst" as const };
    await gateOf(env).putSettings({ ...settings, breakers: [later] });
    expect(await permit("0001SEK")).toEqual({ granted: false, because: "breaker_open" });
  });

  it("counts an account that asks again once", async () => {
    for (const source of GATE_SOURCES) await gateOf(env).told(source);
    await gateOf(env).putSettings({ disconnectsOn: true, sites: [] });
    await onePhonePolls();
    for (let n = 1; n <= 6; n++) expect(await permit("0001LEB")).toEqual({ granted: true });
    expect((await gateOf(env).state()).breakers.some(({ site }) => site === "LEB")).toBe(false);
  });
});

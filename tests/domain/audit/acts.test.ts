import { describe, expect, it } from "vitest";
import {
  CHAIN_START,
  type ChainRow,
  chainHash,
  chainText,
  lostHeads,
  walkChain,
} from "../../../src/domain/audit/chain.ts";
import { fieldChanges, type Json, redacted } from "../../../src/domain/audit/diff.ts";
import { revertible } from "../../../src/domain/audit/revertible.ts";
import { kindOf, subjectParts } from "../../../src/domain/audit/subject.ts";

describe("what changed", () => {
  it.each<[string, Json, Json, unknown[]]>([
    ["nothing", { a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }, []],
    ["a field", { a: 1 }, { a: 2 }, [{ field: "a", before: 1, after: 2 }]],
    ["a field that came", null, { a: null }, [{ field: "a", before: undefined, after: null }]],
    ["a field that went", { a: 1 }, null, [{ field: "a", before: 1, after: undefined }]],
    ["within", { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, [{ field: "a.c", before: 2, after: 3 }]],
    ["a list, as a whole", { a: [1, 2] }, { a: [2, 1] }, [{ field: "a", before: [1, 2], after: [2, 1] }]],
    ["an object that became a word", { a: { b: 1 } }, { a: "b" }, [{ field: "a", before: { b: 1 }, after: "b" }]],
    ["a bare value", true, false, [{ field: "", before: true, after: false }]],
    ["0 is not null", { a: 0 }, { a: null }, [{ field: "a", before: 0, after: null }]],
  ])("is told field by field: %s", (_, before, after, changes) => {
    expect(fieldChanges(before, after)).toEqual(changes);
  });

  it("shows no secret, however deep it lies, and that there is none", () => {
    expect(redacted({ name: "a", in: [{ smssync_secret_hash: "h", apiToken: null }], totp: { key: "k" } })).toEqual({
      name: "a",
      in: [{ smssync_secret_hash: "[redacted]", apiToken: null }],
      totp: "[redacted]",
    });
  });
});

describe("what is taken back", () => {
  it.each([
    "receipt.move",
    "receipt.record",
    "account.opening",
    "tariff.put",
    "relay.disconnect",
    "case.close",
    "case.reopen",
    "phone.revoke",
  ])("%s is not, and says what to do instead", (action) => {
    const how = revertible(action);
    expect(how.by === "act" && how.instead).toMatch(/\w/);
    expect(how.by === "act" && how.instead).not.toContain("nothing that could be put back");
  });
  it("what nobody has thought of is not", () => {
    expect(revertible("constructor").by).toBe("act");
    expect(revertible("unheard.of")).toEqual({ by: "act", instead: "this act left nothing that could be put back" });
  });
  it("a row of records is", () => expect(revertible("site.put")).toEqual({ by: "row", table: "sites" }));
});

it("a subject names kind, table and row", () => {
  expect(subjectParts("customer:12")).toEqual({ kind: "customer", table: "customers", recordId: "12" });
  expect(subjectParts("case:chain:t:1")).toEqual({
    kind: "case",
    table: "reconciliation_cases",
    recordId: "chain:t:1",
  });
  expect(subjectParts("heads")).toEqual({ kind: "heads", table: null, recordId: "" });
  expect([kindOf("customers"), kindOf("customer"), kindOf("x")]).toEqual(["customer", "customer", "x"]);
});

const row = (seq: number, prevHash: string, over: Partial<ChainRow> = {}): ChainRow => {
  const bare = {
    seq,
    id: seq,
    at: "x",
    actor: "a",
    action: "b",
    subject: "c",
    before: null,
    after: null,
    reason: null,
  };
  const whole = { ...bare, requestId: null, reverts: null, prevHash, hash: "", erasedHash: null, ...over };
  return { ...whole, hash: chainHash(whole) };
};

describe("a chain", () => {
  it("tells null from the empty text, and where one field ends", () => {
    const texts = [
      row(1, "p", { before: null }),
      row(1, "p", { before: "" }),
      row(1, "p", { actor: "ab", action: "" }),
    ];
    expect(new Set([...texts, row(1, "p", { actor: "a", action: "b" })].map(chainText)).size).toBe(3);
    expect(chainText(row(1, "p", { actor: "é\n1:x" }))).toContain("\n6:é\n1:x\n");
  });
  it("is walked from a head; nothing to walk is the same head", () => {
    const first = row(1, CHAIN_START.hash);
    const second = row(2, first.hash);
    expect(walkChain(CHAIN_START, [first, second])).toEqual({
      head: { seq: 2, hash: second.hash },
      walked: 2,
      broken: null,
    });
    expect(walkChain({ seq: 1, hash: first.hash }, [second]).broken).toBeNull();
    expect(walkChain({ seq: 1, hash: second.hash }, [second]).broken).toMatchObject({ because: "does_not_follow" });
    expect(walkChain(CHAIN_START, [])).toEqual({ head: CHAIN_START, walked: 0, broken: null });
  });
  it("that was never begun has lost nothing", () => {
    expect(lostHeads([CHAIN_START], CHAIN_START, () => null)).toEqual([]);
    expect(lostHeads([{ seq: 1, hash: "a" }], CHAIN_START, () => null)).toEqual([{ seq: 1, hash: "a" }]);
  });
});

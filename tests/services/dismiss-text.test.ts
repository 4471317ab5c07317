import { describe, expect, it } from "vitest";
import type { SuspenseCaseRow } from "../../src/domain/outbox.ts";
import { dismissText } from "../../src/services/dismiss-text.ts";

const KEY = "text:till-a:c0ffee";
const text = (over: Partial<SuspenseCaseRow> = {}): SuspenseCaseRow => ({
  caseKey: KEY,
  receipt: null,
  generation: null,
  share: null,
  tillId: "till-a",
  amountMinor: 2_500,
  currency: "LSL",
  because: "no_receipt",
  hintAccounts: ["0045MAK"],
  hintNote: "",
  payerPhone: null,
  text: "M25.00 received",
  state: "open",
  openedAt: 1,
  closedAt: null,
  version: 1,
  ...over,
});

/** Cases as Postgres keeps them: a version that is not higher changes nothing. `meanwhile`: what a colleague writes first. */
function world(row: SuspenseCaseRow | null, meanwhile?: SuspenseCaseRow) {
  let kept = row;
  const released: string[] = [];
  const put = async (next: SuspenseCaseRow) => {
    for (const each of [meanwhile ?? next, next]) if (kept === null || each.version > kept.version) kept = each;
  };
  const ports = {
    cases: { find: async () => kept, put },
    gate: {
      release: async (key: string) => {
        released.push(key);
      },
    },
  };
  return { ports, released, kept: () => kept };
}

describe("a text that a person says has brought no money", () => {
  it("ends its case and keeps nobody lit, and said twice changes nothing", async () => {
    const { ports, released, kept } = world(text());
    for (const at of [7, 9])
      expect(await dismissText(ports, { caseKey: KEY, at })).toEqual({
        ok: true,
        value: { caseKey: KEY, state: "closed" },
      });
    expect(kept()).toEqual(text({ state: "closed", closedAt: 7, version: 2 }));
    expect(released).toEqual([KEY, KEY]);
  });

  it("stays whose receipt a colleague has typed, before or at the same moment", async () => {
    const typed = text({ receipt: "QK7AAA", version: 2 });
    for (const { ports, released, kept } of [world(typed), world(text(), typed)]) {
      const refused = { ok: false, error: { kind: "case_taken", receipt: "QK7AAA" } };
      expect(await dismissText(ports, { caseKey: KEY, at: 7 })).toEqual(refused);
      expect([kept(), released]).toEqual([typed, []]);
    }
  });

  it("is none where no text waits, or the case is of money that is claimed", async () => {
    for (const row of [null, text({ because: "cap" })]) {
      const { ports, released, kept } = world(row);
      expect(await dismissText(ports, { caseKey: KEY, at: 7 })).toEqual({ ok: false, error: { kind: "unknown_case" } });
      expect([kept(), released]).toEqual([row, []]);
    }
  });
});

import { describe, expect, it } from "vitest";
import type { CopyReport, OutboxItem } from "../../src/domain/outbox.ts";
import type { CopyWritten } from "../../src/ports/copies.ts";
import { type CopySource, copyOutboxes } from "../../src/services/copy-outboxes.ts";

const row = (caseKey: string): OutboxItem["row"] => ({
  kind: "case",
  caseKey,
  caseKind: "chain_break",
  subject: "till-a",
  detailsJson: "{}",
  state: "open",
  openedAt: 1,
  closedAt: null,
  version: 1,
});

function source(name: string, ids: number[], stopsOnConflict = false) {
  const reports: CopyReport[] = [];
  const made: CopySource = {
    name,
    account: null,
    stopsOnConflict,
    copyBatch: async () => ids.map((id) => ({ id, row: row(`${name}-${id}`) })),
    copied: async (report) => {
      reports.push(report);
      return false;
    },
  };
  return { made, reports };
}

const copies = (write: (items: OutboxItem[]) => CopyWritten) => {
  const written: OutboxItem[][] = [];
  return {
    written,
    ports: {
      copies: {
        write: async (items: OutboxItem[]) => {
          written.push(items);
          return write(items);
        },
        recordedKeys: async () => [],
      },
      recorded: async () => undefined,
      now: () => 7,
    },
  };
};

const all = (items: OutboxItem[]): CopyWritten => ({ recorded: items.map(({ id }) => id), refused: [], conflicts: [] });

describe("copyOutboxes", () => {
  it("writes many objects at once and tells each its own ids", async () => {
    const a = source("account_ledger:0001MAK", [5, 6]);
    const b = source("mailbox:phone-a", [5]);
    const { ports, written } = copies(all);
    await copyOutboxes(ports, [a.made, b.made]);
    expect(written).toHaveLength(1);
    expect(a.reports).toEqual([{ recorded: [5, 6], refused: [], stop: null }]);
    expect(b.reports).toEqual([{ recorded: [5], refused: [], stop: null }]);
  });

  it("tells nobody anything when nobody knows whether it committed", async () => {
    const a = source("mailbox:phone-a", [1]);
    const { ports } = copies(() => {
      throw new Error("connection lost");
    });
    await expect(copyOutboxes(ports, [a.made])).rejects.toThrow("connection lost");
    expect(a.reports).toEqual([]);
  });

  it("stops an account whose sequence another key has taken, and opens a case", async () => {
    const a = source("account_ledger:0001MAK", [8], true);
    const { ports, written } = copies((items) =>
      items[0]?.row.kind === "case" && items[0].row.caseKey.startsWith("copy:")
        ? all(items)
        : {
            recorded: [],
            refused: [],
            conflicts: [{ id: 0, account: "0001MAK", receipt: null, detail: "seq 3 is taken" }],
          },
    );
    await copyOutboxes(ports, [a.made]);
    expect(a.reports[0]?.stop).toBe("conflict: seq 3 is taken");
    expect(written[1]?.[0]?.row).toMatchObject({
      kind: "case",
      caseKind: "copy_conflict",
      subject: "account_ledger:0001MAK",
    });
  });

  it("leaves one bad row out of the way and goes on with its neighbours", async () => {
    const a = source("mailbox:phone-a", [1, 2, 3]);
    const { ports } = copies((items) =>
      items.length === 3 ? { recorded: [0, 2], refused: [{ id: 1, because: "22021" }], conflicts: [] } : all(items),
    );
    await copyOutboxes(ports, [a.made]);
    expect(a.reports).toEqual([{ recorded: [1, 3], refused: [{ id: 2, because: "22021" }], stop: null }]);
  });

  it("does without an object that does not answer: it asks again by itself", async () => {
    const a = source("mailbox:phone-a", [1]);
    const dead: CopySource = {
      ...source("till:t", []).made,
      copyBatch: async () => Promise.reject(new Error("reset")),
    };
    const { ports } = copies(all);
    expect(await copyOutboxes(ports, [dead, a.made])).toEqual([]);
    expect(a.reports).toHaveLength(1);
  });
});

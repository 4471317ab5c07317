import { describe, expect, it } from "vitest";
import { RETENTION, RETENTION_KINDS, retentionOf } from "../../src/domain/retention.ts";

const DELIVERED = { mailboxDays: 35, claimCodeDays: 2, sessionDays: 30 };

describe("how long is kept what is only kept for a time", () => {
  it("is as it is delivered where nobody has set it", () => {
    expect(retentionOf(undefined)).toEqual(DELIVERED);
    expect(retentionOf(null)).toEqual(DELIVERED);
    expect(retentionOf({ mailboxDays: 60 })).toEqual({ ...DELIVERED, mailboxDays: 60 });
  });

  it.each(RETENTION_KINDS)(
    "%s is as set from bound to bound, and as delivered beyond either or where it is no whole number",
    (kind) => {
      const { days, min, max } = RETENTION[kind];
      expect(days).toBeGreaterThanOrEqual(min);
      for (const value of [min, max]) expect(retentionOf({ [kind]: value })[kind]).toBe(value);
      for (const value of [min - 1, max + 1, min + 0.5, String(min), null, Number.NaN, {}])
        expect(retentionOf({ [kind]: value })[kind], String(value)).toBe(days);
    },
  );

  it("of a Mailbox is longer than the database may be set back", () => {
    expect(RETENTION.mailboxDays.min).toBeGreaterThan(30);
  });
});

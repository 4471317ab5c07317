import { describe, expect, it } from "vitest";
import { judgeListed, mirrorReceipt } from "../../src/domain/mirror.ts";
import type { PlatformPayment } from "../../src/domain/vendor-payment.ts";
import { beginMirror, OVERLAP_MS } from "../../src/services/mirror-payments.ts";
import type { MirrorPorts } from "../../src/services/mirror-ports.ts";
import { CUTOVER, DAY, listed, MINUTE, NOW, run, world } from "./mirror-payments-world.ts";

/** The old system's own credits came back as payments: 2,851 on one road, then 14,878 on all. */
describe("the echoes that were once booked as payments", () => {
  const echoes = (count: number, of: (n: number) => Partial<PlatformPayment>) =>
    Array.from({ length: count }, (_, n) =>
      listed({ vendorId: `echo-${count}-${n}`, key: `echo-${count}-${n}`, at: NOW - (n % 1_440) * MINUTE, ...of(n) }),
    );
  const shapes: ((n: number) => Partial<PlatformPayment>)[] = [
    (n) => ({ externalId: `receipt:QK7${n}#1.1`, memo: `1PWR ref QK7${n}` }),
    (n) => ({ externalId: `receipt:QK7${n}#1.1`, memo: null }),
    (n) => ({ externalId: null, memo: ` 1pwr ref QK7${n}` }),
    (n) => ({ externalId: `RECEIPT:QK7${n}#2.1`, memo: "" }),
    (n) => ({ externalId: String(199_400 + n), memo: `ref QK7${n} sms_gateway txn ${199_400 + n}` }),
    (n) => ({ externalId: String(199_400 + n), memo: null }),
    (n) => ({ externalId: null, memo: `ref QK7${n} portal txn ${n}` }),
    (n) => ({ externalId: `correction:c-${n}`, memo: `1PWR correction c-${n}` }),
  ];

  it.each([2_851, 14_878])(
    "%i of them, of every shape they had: nothing is booked, and nobody is asked",
    async (count) => {
      const { ports, received, credits, memos, cases } = world(
        echoes(count, (n) => shapes[n % shapes.length]?.(n) ?? {}),
      );
      for (let n = 0; n < count; n++) {
        credits.set(`receipt:QK7${n}#1.1`, "confirmed");
        credits.set(`RECEIPT:QK7${n}#2.1`, "confirmed");
        credits.set(`correction:c-${n}`, "confirmed");
        memos.push({
          id: `memo-${n}`,
          account: "0045SEH",
          amountMinor: 5_000,
          memo: `1PWR REF QK7${n}`,
          state: "confirmed",
        });
      }
      const done = await run(ports, NOW - 2 * DAY);
      expect(done).toMatchObject({ status: "done" });
      expect(received).toEqual([]);
      expect(cases).toEqual([]);
      const { ours = 0, old_system = 0 } = done?.status === "done" ? done.counts : {};
      expect(ours + old_system).toBe(count);
    },
  );

  it("and the payments of customers among them are booked, each once", async () => {
    const theirs = Array.from({ length: 40 }, (_, n) =>
      listed({ vendorId: `real-${n}`, key: `real-${n}`, amountMinor: 1_000 + n, at: NOW - n * 3 * MINUTE }),
    );
    const { ports, booked } = world([...echoes(2_851, (n) => shapes[n % shapes.length]?.(n) ?? {}), ...theirs]);
    await run(ports, NOW - 2 * DAY);
    await run(ports, NOW - 2 * DAY);
    expect(booked).toHaveLength(40);
  });
});

describe("a payment at the vendor's console", () => {
  it("is claimed as every road claims, by a receipt that the old system gave it too", async () => {
    const { ports, received } = world([listed()]);
    await run(ports);
    expect(received).toMatchObject([
      {
        receipt: "9C1F0A52-0000-4000-8000-000000000001",
        road: "mirror",
        provider: "cash",
        account: "0045SEH",
        amountMinor: 5_000,
        statedAt: NOW - 30 * MINUTE,
        actor: null,
        fromProvider: false,
      },
    ]);
    expect(mirrorReceipt("koios", "9c1f0a52-0000-4000-8000-000000000001")).toBe("9C1F0A52-0000-4000-8000-000000000001");
    expect(mirrorReceipt("thundercloud", "0045MAK|1781784000000|5000")).toMatch(/^THUNDERCLOUD-[0-9A-F]{32}$/);
    expect(mirrorReceipt("koios", "external:7/1")).toMatch(/^KOIOS-[0-9A-F]{32}$/);
  });

  it("is found by its meter where the platform names nobody", async () => {
    const { ports, received } = world([listed({ customerCode: null })]);
    await run(ports);
    expect(received).toMatchObject([{ account: "0045SEH" }]);
  });

  it("of another country, or of nobody, is never claimed here: a case says so", async () => {
    const { ports, received, cases } = world([
      listed({ vendorId: "a", key: "a", customerCode: "0001GBO" }),
      listed({ vendorId: "b", key: "b", customerCode: null, serial: "SM16R-01-0000FFFF" }),
    ]);
    await run(ports);
    expect([received, cases.map(({ caseKind }) => caseKind)]).toEqual([[], ["mirror_unknown", "mirror_unknown"]]);
  });

  it("of before the cut-over is the old books' own", async () => {
    const { ports, received } = world([listed({ at: CUTOVER - 1 })]);
    await run(ports, CUTOVER - DAY);
    expect(received).toEqual([]);
    expect(judgeListed(listed({ at: CUTOVER - 1 }), CUTOVER)).toBe("before_cutover");
    expect(judgeListed(listed(), null)).toBe("before_cutover");
  });

  it("is not looked for in a country without a cut-over", async () => {
    expect(await beginMirror(world([], { cutoverAt: async () => null }).ports, null)).toBeNull();
  });

  it("that is pending is waited for: the watermark does not pass it", async () => {
    const list = [listed(), listed({ vendorId: "p", key: "p", status: "pending", at: NOW - 300 * MINUTE })];
    const { ports, kept, received } = world(list);
    await run(ports);
    expect([kept.at, received.length]).toEqual([NOW - 300 * MINUTE, 1]);
    const [, pending] = list;
    if (pending !== undefined) pending.status = "processed";
    await run(ports);
    expect([
      kept.at,
      received
        .map(({ receipt }) => receipt)
        .toSorted()
        .at(-1),
    ]).toEqual([NOW - 30 * MINUTE, "P"]);
  });

  it("that shows up late is still found, within two hours of the watermark", async () => {
    const list = [listed()];
    const { ports, booked, kept } = world(list);
    await run(ports);
    list.push(listed({ vendorId: "late", key: "late", at: (kept.at ?? 0) - OVERLAP_MS }));
    await run(ports);
    expect(booked.map(({ receipt }) => receipt)).toContain("LATE");
  });

  it("is looked for again from the same watermark when the platform stops in the middle, or our own does not answer", async () => {
    const list = Array.from({ length: 120 }, (_, n) =>
      listed({ vendorId: `v${n}`, key: `v${n}`, at: NOW - n * 1_000 }),
    );
    const { ports, kept, booked } = world(list);
    const whole = ports.payments;
    const cut: MirrorPorts = {
      ...ports,
      payments: {
        page: async (number) =>
          number === 1 ? { refused: "budget_spent", retryAt: null, detail: "spent" } : whole.page(number),
      },
    };
    expect(await run(cut)).toMatchObject({ status: "refused" });
    expect([kept.at, booked.length]).toEqual([null, 50]);
    const deaf: MirrorPorts = { ...ports, receive: async () => ({ ok: false, error: { kind: "not_ready" } }) };
    expect(await run(deaf)).toEqual({ status: "not_ready" });
    await run(ports);
    expect([kept.at, booked.length]).toEqual([NOW, 120]);
  });

  it.each([
    ["since an hour ago, when the mirror runs", NOW - 40 * 60 * MINUTE],
    ["in a country whose mirror never ran", null],
  ])("is not lost by a run by hand that looks less far back: %s", async (_, before) => {
    const list = [listed({ vendorId: "old", key: "old", at: NOW - 30 * 60 * MINUTE }), listed()];
    const { ports, kept, booked } = world(list);
    kept.at = before;
    await run(ports, NOW - 60 * MINUTE);
    await run(ports);
    expect(booked.map(({ receipt }) => receipt)).toContain("OLD");
  });

  it("that stands below a back-dated one is found on the later pages, and so is the back-dated one", async () => {
    const fresh = Array.from({ length: 9 }, (_, n) =>
      listed({ vendorId: `f${n}`, key: `f${n}`, at: NOW - (10 + n) * MINUTE }),
    );
    const older = Array.from({ length: 20 }, (_, n) =>
      listed({ vendorId: `o${n}`, key: `o${n}`, at: NOW - (50 * 60 + n) * MINUTE }),
    );
    const backDated = listed({ vendorId: "back", key: "back", at: NOW - 40 * 60 * MINUTE });
    // By when they were credited there, three a page.
    const order = [...fresh.slice(0, 1), backDated, ...fresh.slice(1), ...older];
    const asked: number[] = [];
    const page: MirrorPorts["payments"]["page"] = async (number) => {
      asked.push(number);
      const payments = order.slice(number * 3, number * 3 + 3);
      return { payments, leftOut: {}, more: payments.length > 0 };
    };
    const { ports, kept, booked } = world([], { payments: { page } });
    kept.at = NOW - 30 * MINUTE;
    await run(ports);
    const names = [...fresh, backDated].map(({ key }) => key.toUpperCase());
    expect(booked.map(({ receipt }) => receipt).toSorted()).toEqual(names.toSorted());
    expect([kept.at, asked]).toEqual([NOW - 10 * MINUTE, [0, 1, 2, 3, 4]]);
  });

  it("dated ahead by the platform's clock does not carry the watermark beyond now", async () => {
    const { ports, kept } = world([listed({ at: NOW + 3 * 3_600_000 })]);
    await run(ports);
    expect(kept.at).toBe(NOW);
  });
});

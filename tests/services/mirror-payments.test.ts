import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { judgeListed, mirrorReceipt } from "../../src/domain/mirror.ts";
import type { CaseRow } from "../../src/domain/outbox.ts";
import { ok } from "../../src/domain/result.ts";
import type { CreditState } from "../../src/domain/vendor-credit.ts";
import type { PlatformPayment } from "../../src/domain/vendor-payment.ts";
import type { MemoCredit } from "../../src/ports/mirrors.ts";
import { ECHO_CASES_MAX } from "../../src/services/mirror-echoes.ts";
import { beginMirror, mirrorPage, OVERLAP_MS } from "../../src/services/mirror-payments.ts";
import type { MirrorPorts } from "../../src/services/mirror-ports.ts";
import type { StatedPayment } from "../../src/services/receive-payment.ts";

const NOW = Date.UTC(2026, 5, 18, 12);
const MINUTE = 60_000;
const DAY = 86_400_000;
const CUTOVER = NOW - 60 * DAY;

const listed = (over: Partial<PlatformPayment> = {}): PlatformPayment => ({
  key: over.vendorId ?? "9c1f0a52-0000-4000-8000-000000000001",
  vendorId: "9c1f0a52-0000-4000-8000-000000000001",
  externalId: null,
  customerCode: "0045SEH",
  serial: "SM16R-01-0000ABCD",
  amountMinor: 5_000,
  memo: null,
  status: "processed",
  isReversal: false,
  at: NOW - 30 * MINUTE,
  ...over,
});

/** A platform of one list, cut into pages, and a country that claims what it is brought. */
function world(list: PlatformPayment[], over: Partial<MirrorPorts> = {}, pageRows = 50) {
  const received: StatedPayment[] = [];
  const blocked: string[] = [];
  const cases: CaseRow[] = [];
  const credits = new Map<string, CreditState>();
  const memos: (MemoCredit & { state: CreditState })[] = [];
  const booked: { account: string; amountMinor: number; receipt: string; at: number }[] = [];
  const kept = { at: null as number | null, counts: {} as Record<string, number> };
  const sorted = () => list.toSorted((a, b) => b.at - a.at);
  const ports: MirrorPorts = {
    vendor: "koios",
    country: COUNTRIES.LS,
    payments: {
      page: async (number) => {
        const payments = sorted().slice(number * pageRows, (number + 1) * pageRows);
        return { payments, leftOut: {}, more: payments.length > 0 };
      },
    },
    mirrors: {
      watermark: async () => kept.at,
      advance: async (_, at, counts) => {
        kept.at = Math.max(kept.at ?? 0, at);
        kept.counts = counts;
      },
      credits: async (ids) => new Map([...credits].filter(([id]) => ids.includes(id))),
      creditsByMemo: async (asked) => {
        const name = ({ account, amountMinor, memo }: MemoCredit) => `${account} ${amountMinor} ${memo}`;
        const names = new Set(asked.map(name));
        return memos.filter((each) => names.has(name(each)));
      },
      mirrored: async (account, amountMinor) =>
        booked.filter((each) => each.account === account && each.amountMinor === amountMinor),
      openCase: async (row) => {
        cases.push(row);
      },
    },
    receipts: {
      block: async ({ receipt }) => {
        blocked.push(receipt);
      },
      state: async (receipt) => (booked.some((each) => each.receipt === receipt) ? ({ receipt } as never) : null),
    },
    accountOfMeter: async (meter) => (meter === "SM16R-01-0000ABCD" ? "0045SEH" : null),
    receive: async (payment) => {
      received.push(payment);
      const { receipt, account, amountMinor, statedAt } = payment;
      const isKnown = booked.some((each) => each.receipt === receipt);
      if (!isKnown) booked.push({ receipt, account, amountMinor, at: Number(statedAt) });
      return ok({ status: isKnown ? "duplicate" : "credited", state: { receipt } as never });
    },
    cutoverAt: async () => CUTOVER,
    writers: async () => [],
    now: () => NOW,
    ...over,
  };
  return { ports, received, blocked, cases, credits, memos, booked, kept };
}

async function run(ports: MirrorPorts, from: number | null = null) {
  let page = await beginMirror(ports, from);
  while (page !== null) {
    const step = await mirrorPage(ports, page);
    if (step.status !== "next") return step;
    page = step.page;
  }
  return null;
}

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
        memos.push({ account: "0045SEH", amountMinor: 5_000, memo: `1PWR REF QK7${n}`, state: "confirmed" });
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

describe("a payment that the platform took back", () => {
  const reversal = (over: Partial<PlatformPayment> = {}) =>
    listed({ vendorId: "r1", key: "r1", amountMinor: -5_000, isReversal: true, at: NOW - MINUTE, ...over });

  it("blocks the receipt that was booked for it, and debits nothing", async () => {
    const list = [listed()];
    const { ports, blocked, received } = world(list);
    await run(ports);
    list.push(reversal());
    await run(ports);
    expect(blocked).toEqual(["9C1F0A52-0000-4000-8000-000000000001"]);
    expect(received.every(({ amountMinor }) => amountMinor > 0)).toBe(true);
  });

  it("or shows as reversed in its own line, is blocked as well, and was never booked if it was reversed before", async () => {
    const list = [listed()];
    const { ports, blocked } = world(list);
    await run(ports);
    list[0] = listed({ status: "reversed" });
    list.push(listed({ vendorId: "never", key: "never", status: "reversed" }));
    await run(ports);
    expect(blocked).toEqual(["9C1F0A52-0000-4000-8000-000000000001"]);
  });

  it("is a person's to say where two payments may be meant", async () => {
    const list = [listed({ vendorId: "a", key: "a" }), listed({ vendorId: "b", key: "b", at: NOW - 20 * MINUTE })];
    const { ports, blocked, cases } = world(list);
    await run(ports);
    list.push(reversal());
    await run(ports);
    expect(blocked).toEqual([]);
    expect(cases).toMatchObject([{ caseKind: "mirror_reversal", subject: "0045SEH" }]);
    expect(JSON.parse(cases[0]?.detailsJson ?? "{}").candidates.toSorted()).toEqual(["A", "B"]);
  });
});

describe("our own credit on the platform's list", () => {
  const ours = (over: Partial<PlatformPayment> = {}) =>
    listed({ externalId: "receipt:QK7A#1.1", memo: "1PWR ref QK7A", ...over });

  it("that somebody took back there, while we hold it for credited, is a case", async () => {
    const { ports, cases, credits } = world([ours({ status: "reversed" })]);
    credits.set("receipt:QK7A#1.1", "confirmed");
    await run(ports);
    expect(cases).toMatchObject([{ caseKind: "mirror_credit_reversed" }]);
  });

  it.each(["receipt:QK7A#1.1/energy.50", "receipt:QK7A#1.1~1energy.50"])(
    "for energy that was sold later is known as %s, however it was spelled",
    async (externalId) => {
      const { ports, cases, received, credits } = world([
        ours({ externalId, memo: null, status: "reversed", at: NOW - 5 * 60 * MINUTE }),
      ]);
      credits.set("receipt:QK7A#1.1/energy.50", "confirmed");
      await run(ports);
      expect(received).toEqual([]);
      // It is ours, and held for credited: what nobody knows would be another case.
      expect(cases).toMatchObject([{ caseKind: "mirror_credit_reversed" }]);
    },
  );

  it("that we took back ourselves is none", async () => {
    for (const state of ["taking_back", "taken_back"] as const) {
      const { ports, cases, credits } = world([ours({ status: "reversed" })]);
      credits.set("receipt:QK7A#1.1", state);
      await run(ports);
      expect(cases).toEqual([]);
    }
  });

  it("that Postgres does not know after an hour is a case, and before that on its way", async () => {
    const old = world([ours({ at: NOW - 61 * MINUTE })]);
    await run(old.ports, NOW - DAY);
    expect(old.cases).toMatchObject([{ caseKind: "mirror_echo_unknown" }]);
    const young = world([ours({ at: NOW - 59 * MINUTE })]);
    await run(young.ports);
    expect([young.cases, young.received]).toEqual([[], []]);
  });
});

describe("a memo that a person typed at the console and that looks like an echo's", () => {
  const ours = async () => [{ site: "SEH", writer: "ours" as const, validFrom: CUTOVER }];
  const typed = (memo: string, over: Partial<PlatformPayment> = {}) => listed({ memo, at: NOW - 61 * MINUTE, ...over });
  const known = { account: "0045SEH", amountMinor: 5_000, memo: "1PWR REF QK7A", state: "confirmed" as const };

  it.each([
    ["1PWR office, paid cash at the desk"],
    ["1PWR ref QK7A, and 20 of it for Mpho"],
    ["1pwr ref"],
    ["1PWR correction c-1"],
  ])("%s: is not booked by itself, and a person looks, once", async (memo) => {
    const { ports, received, cases, memos } = world([typed(memo)]);
    memos.push(known);
    await run(ports, NOW - DAY);
    await run(ports, NOW - DAY);
    expect(received).toEqual([]);
    expect(new Set(cases.map(({ caseKey }) => caseKey)).size).toBe(1);
    expect(cases[0]).toMatchObject({ caseKind: "mirror_echo_unknown", subject: "0045SEH" });
    expect(JSON.parse(cases[0]?.detailsJson ?? "{}")).toMatchObject({ memo, amountMinor: 5_000 });
  });

  it.each([
    ["another amount", { amountMinor: 5_001 }],
    ["another account", { customerCode: "0046SEH" }],
    ["nobody's account", { customerCode: null, serial: "SM16R-01-0000FFFF" }],
  ])("is a case when the memo is that of a credit of ours with %s", async (_, over) => {
    const { ports, received, cases, memos } = world([typed("1PWR ref QK7A", over)]);
    memos.push(known);
    await run(ports, NOW - DAY);
    expect([received, cases.length]).toEqual([[], 1]);
  });

  it("is the echo where account, amount and memo are our credit's, by its meter, too", async () => {
    const { ports, received, cases, memos } = world([
      typed(" 1pwr ref qk7a "),
      typed("1PWR ref QK7A", { customerCode: null }),
    ]);
    memos.push(known);
    await run(ports, NOW - DAY);
    expect([received, cases]).toEqual([[], []]);
  });

  it("is a case when somebody took that credit back there, and none when we did", async () => {
    for (const [state, count] of [
      ["confirmed", 1],
      ["taken_back", 0],
    ] as const) {
      const { ports, cases, memos } = world([typed("1PWR ref QK7A", { status: "reversed" })]);
      memos.push({ ...known, state });
      await run(ports, NOW - DAY);
      expect(cases.filter(({ caseKind }) => caseKind === "mirror_credit_reversed")).toHaveLength(count);
    }
  });

  it("of the old system's kind is a case where we credit the site, and the old system's where it does", async () => {
    const list = [
      typed("ref Thabo, cash box 3"),
      typed("", { vendorId: "n", key: "n", externalId: "1234" }),
      typed("ref Thabo", { vendorId: "b", key: "b", at: CUTOVER + 29 * MINUTE }),
    ];
    const theirs = world(list);
    await run(theirs.ports, CUTOVER);
    expect([theirs.received, theirs.cases]).toEqual([[], []]);
    const switched = world(list, { writers: ours });
    await run(switched.ports, CUTOVER);
    expect(switched.received).toEqual([]);
    expect(switched.cases.map(({ caseKind }) => caseKind)).toEqual(["mirror_echo_unknown", "mirror_echo_unknown"]);
  });

  it("is looked at again when nobody can say who credits the site", async () => {
    const { ports, kept } = world([typed("ref Thabo")], { writers: async () => null });
    expect(await run(ports, NOW - DAY)).toEqual({ status: "not_ready" });
    expect(kept.at).toBeNull();
  });

  it("by the hundreds opens no more cases than a run may, and one that says so", async () => {
    const list = Array.from({ length: ECHO_CASES_MAX + 30 }, (_, n) =>
      typed("ref me", { vendorId: `m${n}`, key: `m${n}` }),
    );
    const { ports, cases } = world(list, { writers: ours });
    const done = await run(ports, NOW - DAY);
    expect(done).toMatchObject({ counts: { old_system_unknown: ECHO_CASES_MAX + 30 } });
    expect(cases).toHaveLength(ECHO_CASES_MAX + 1);
    expect(cases.at(-1)?.caseKey).toBe("mirror_echo_unknown:koios:more:2026-06-18");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agedBy, type ChainLink, compactLinks, GAP_AGE_MS_MAX, gapsOf } from "../../src/domain/till-chain.ts";
import { assessPayment, type TillLimits } from "../../src/domain/till-rules.ts";

const MINUTE = 60_000;
const RUNS = 1_000;
const PHONES = 3;
/** A phone brings what it has within this; it is less than what a gap may stand. */
const LATE_MS_MAX = 25 * MINUTE;
const POLL_MS = 5 * MINUTE;
const BEGAN = Date.parse("2026-11-20T06:00:00Z");

/** A text as one phone brings it: the same text has the same key on each of them. */
type Arrival = { key: string; changeMinor: number; fromMinor: number; printedAt: number | null; arrivesAt: number };

/** A morning of payments and withdrawals. Each text reaches some of three phones, some of them twice, each in its own time. */
const morning = (withdraws: boolean) =>
  fc
    .array(
      fc.record({
        changeMinor: fc.integer({ min: withdraws ? -30_000 : 1, max: 50_000 }).filter((change) => change !== 0),
        minutesLater: fc.integer({ min: 0, max: 20 }),
        isDated: fc.boolean(),
        late: fc.array(fc.integer({ min: 0, max: LATE_MS_MAX }), { minLength: 1, maxLength: PHONES + 2 }),
      }),
      { minLength: 1, maxLength: 25 },
    )
    .map((texts) => {
      let at = BEGAN;
      let balance = 1_000_000;
      const arrivals = texts.flatMap(({ changeMinor, minutesLater, isDated, late }, index): Arrival[] => {
        at += minutesLater * MINUTE;
        const fromMinor = balance;
        balance += changeMinor;
        const text = { key: `text-${index}`, changeMinor, fromMinor, printedAt: isDated ? at : null };
        return late.map((ms) => ({ ...text, arrivesAt: at + 4_000 + ms }));
      });
      return arrivals.toSorted((a, b) => a.arrivesAt - b.arrivesAt);
    });

/** What a till does with texts as they arrive while its phones poll, from its pure rules alone. */
function keep(arrivals: readonly Arrival[], limits: TillLimits) {
  const links = new Map<string, ChainLink>();
  const verdicts = new Map<string, boolean>();
  const ages = new Map<string, { agedMs: number; polledAt: number }>();
  let countedMinor = 0;
  let cases = 0;
  let pollAt = BEGAN;
  const pollUntil = (until: number) => {
    for (; pollAt < until; pollAt += POLL_MS)
      for (const gap of ages.values()) {
        gap.agedMs += agedBy(gap.polledAt, pollAt);
        gap.polledAt = Math.max(gap.polledAt, pollAt);
        if (gap.agedMs >= GAP_AGE_MS_MAX) cases += 1;
      }
  };
  for (const { key, changeMinor, fromMinor, printedAt, arrivesAt } of arrivals) {
    pollUntil(arrivesAt);
    if (!links.has(key)) {
      links.set(key, {
        key,
        fromMinor,
        toMinor: fromMinor + changeMinor,
        at: printedAt ?? arrivesAt,
        receivedAt: arrivesAt,
      });
      const present = new Set(gapsOf([...links.values()]).map(({ startMinor, nth }) => `${startMinor}/${nth}`));
      for (const known of [...ages.keys()]) if (!present.has(known)) ages.delete(known);
      for (const gap of present) if (!ages.has(gap)) ages.set(gap, { agedMs: 0, polledAt: arrivesAt });
    }
    if (changeMinor < 0 || verdicts.has(key)) continue;
    const day = { tillMinor: countedMinor, accountMinor: countedMinor, chainBroken: cases > 0 };
    const question = { sender: "MPESA", amountMinor: changeMinor, account: "0045MAK" };
    const verdict = assessPayment(limits, day, question);
    verdicts.set(key, verdict.allow);
    if (verdict.allow) countedMinor += changeMinor;
  }
  pollUntil(pollAt + 3 * 60 * MINUTE);
  return { gaps: gapsOf([...links.values()]), cases, countedMinor, verdicts: [...verdicts].toSorted() };
}

const limits = (caps: Partial<TillLimits["caps"]> = {}): TillLimits => ({
  senders: ["MPESA"],
  caps: { paymentMinorMax: 40_000, accountDayMinorMax: 1e9, tillDayMinorMax: 1e9, chainBreakMinorMax: 1_000, ...caps },
});

describe("a till with three phones", () => {
  it("comes to the same verdicts, and to no gap and no case, in whatever order and however often texts arrive", () => {
    fc.assert(
      fc.property(morning(true), (arrivals) => {
        const inOrder = keep(
          arrivals.toSorted((a, b) => Number(a.key.slice(5)) - Number(b.key.slice(5)) || a.arrivesAt - b.arrivesAt),
          limits(),
        );
        const asTheyCame = keep(arrivals, limits());
        expect(asTheyCame).toEqual({ ...inOrder, gaps: [], cases: 0 });
      }),
      { numRuns: RUNS },
    );
  });

  it("never lets more through by itself than its caps, in whatever order texts arrive", () => {
    fc.assert(
      fc.property(morning(false), fc.integer({ min: 1, max: 300_000 }), (arrivals, cap) => {
        expect(keep(arrivals, limits({ tillDayMinorMax: cap })).countedMinor).toBeLessThanOrEqual(cap);
        expect(keep(arrivals, limits({ accountDayMinorMax: cap })).countedMinor).toBeLessThanOrEqual(cap);
      }),
      { numRuns: RUNS },
    );
  });

  it("keeps its gaps when old links are joined, also those that print no time", () => {
    const change = fc.integer({ min: -50, max: 60 }).filter((minor) => minor !== 0);
    const steps = fc.array(fc.tuple(change, fc.boolean()), { minLength: 503, maxLength: 540 });
    fc.assert(
      fc.property(steps, fc.array(fc.nat(500), { maxLength: 3 }), (taken, missing) => {
        let balance = 5_000;
        const links = taken.flatMap(([step, isDated], index): ChainLink[] => {
          const fromMinor = balance;
          balance += step;
          const at = BEGAN + index * MINUTE;
          const link = { key: `link-${index}`, fromMinor, toMinor: balance, at, receivedAt: isDated ? at + 5 : at };
          return missing.includes(index) ? [] : [link];
        });
        const { joined, stretches } = compactLinks(links);
        const gone = new Set(joined);
        const left = [...links.filter(({ key }) => !gone.has(key)), ...stretches];
        const places = (of: ChainLink[]) => gapsOf(of).map(({ startMinor, nth }) => `${startMinor}/${nth}`);
        expect(places(left).length).toBe(places(links).length);
      }),
      { numRuns: 60 },
    );
  });
});

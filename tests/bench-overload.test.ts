import { describe, expect, it } from "vitest";
import {
  moreMbMax,
  overloadFaults,
  overloadOf,
  type Phase,
  recoveredMs,
  timesOffered,
} from "../dev/bench/overload/figures.ts";

const answer = (over: Partial<Parameters<typeof overloadOf>[0][number]>) => ({
  ...{ at: 10_000, ms: 10, status: 200, retryAfter: false, messages: 2 },
  ...over,
});
const refusals = (count: number) => Array.from({ length: count }, () => answer({ status: 503, retryAfter: true }));

describe("what phones were answered in an overload", () => {
  it("tells a refusal in order from a bare one, from a broken connection, and from another answer", () => {
    const seen = overloadOf([
      answer({ at: 10_000, ms: 100 }),
      answer({ at: 12_000, ms: 300 }),
      answer({ status: 503, retryAfter: true, ms: 5 }),
      answer({ status: 503 }),
      answer({ status: 0 }),
      answer({ status: 500 }),
    ]);
    expect(seen).toMatchObject({ requests: 6, acknowledged: 2, refused: 1, bare503: 1, other: 2 });
    expect(seen).toMatchObject({ acknowledgedSms: 4, acknowledgedP95Ms: 300, refusedP95Ms: 5 });
    expect(seen.tookMs).toBe(2_100);
  });
});

describe("whether an overload went as promised", () => {
  /** 100 SMS were served in 10 s before; of 1,000 in a second, 20 were taken. */
  const usual: Phase = {
    atOnceSms: 8,
    seen: overloadOf([answer({ at: 1_000, ms: 1_000, messages: 100 })]),
    restMs: 10_000,
    memory: { firstMb: 200, mostMb: 300 },
  };
  const over = (answers: Parameters<typeof overloadOf>[0], rest: Partial<Phase> = {}): Phase => ({
    atOnceSms: 1_000,
    seen: overloadOf(answers),
    restMs: 60_000,
    memory: { firstMb: 250, mostMb: 400 },
    ...rest,
  });
  const calm = [
    answer({ at: 20_000, ms: 1_000, messages: 20 }),
    ...refusals(490).map((each) => ({ ...each, at: 19_500 })),
  ];

  it("counts what is offered at once against what is brought to its end a second, not against what is acknowledged", () => {
    expect(timesOffered(usual, over(calm))).toBe(100);
    expect(overloadFaults(usual, over(calm), 400, moreMbMax(100))).toEqual([]);
  });

  it.each([
    ["a refusal without Retry-After", over([...calm, answer({ status: 503, at: 19_500 })]), 0, /no Retry-After/],
    ["a connection that broke", over([...calm, answer({ status: 0, at: 19_500 })]), 0, /neither/],
    [
      "memory that grew",
      over(calm, { memory: { firstMb: 300, mostMb: 301 + moreMbMax(100) } }),
      0,
      /grew by 204 MB, more than 203/,
    ],
    ["work that never ends", over(calm, { restMs: null }), 0, /rest/],
    ["a phone that is never served again", over(calm), null, /not served as before/],
    ["fewer phones than ten seconds' worth", over(calm, { atOnceSms: 90 }), 0, /no overload of 10/],
    ["a door that took all", over([answer({ at: 20_000, ms: 1_000, messages: 500 })]), 0, /nobody was refused/],
  ] as const)("is red for %s", (_, phase, recovered, fault) => {
    expect(overloadFaults(usual, phase, recovered, moreMbMax(100)).join("; ")).toMatch(fault);
  });

  it("counts as recovered from the first of three answers in a row that are as quick as before", () => {
    const probe = (at: number, ms: number, status = 200) => ({ at, ms, status });
    const during = [probe(900, 5)];
    const slow = [probe(1_300, 150), probe(1_500, 20), probe(1_700, 5, 503), probe(2_000, 90)];
    expect(recoveredMs([...during, ...slow], 1_000, 10)).toBeNull();
    expect(recoveredMs([...during, ...slow, probe(2_300, 100), probe(2_600, 9)], 1_000, 10)).toBe(1_000);
    expect(recoveredMs([probe(1_300, 150), probe(1_500, 160), probe(1_700, 5)], 1_000, 80)).toBe(300);
  });
});

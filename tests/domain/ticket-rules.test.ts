import { describe, expect, it } from "vitest";
import {
  type Finding,
  RULE_TICKETS_OPEN_MAX,
  type RuleFacts,
  roomFor,
  ruleEnd,
  silentBefore,
  TICKETS_A_LOOK_MAX,
  ticketsWanted,
} from "../../src/domain/ticket-rules.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const HOUR = 3_600_000;
const finding = (over: Partial<Finding> = {}): Finding => ({
  ...{ rule: "no_readings", site: "MAK", account: "0045MAK", meter: "23099001", since: NOW - 30 * HOUR },
  ...{ seen: String(NOW - 30 * HOUR), says: "last read 30 h ago", caseKey: null },
  ...over,
});
const many = (count: number, over: Partial<Finding> = {}) =>
  Array.from({ length: count }, (_, n) =>
    finding({
      account: `${String(n + 1).padStart(4, "0")}MAK`,
      seen: String(n),
      since: NOW - (30 + n) * HOUR,
      ...over,
    }),
  );
const site = (meters: number) => [{ site: "MAK", meters, silent: 0 }];
const ticketsToOpen = (
  findings: Finding[],
  sites: ReturnType<typeof site>,
  open: Parameters<typeof roomFor>[2],
  known: string[] = [],
) => roomFor(ticketsWanted(findings, sites, open), new Set(known), open);

describe("what a look opens", () => {
  it("is a ticket of the account, named by what was seen", () => {
    const { orders, leftOut } = ticketsToOpen([finding()], site(100), []);
    expect(leftOut).toBe(0);
    expect(orders).toMatchObject([
      { key: `data:no_readings:0045MAK:${NOW - 30 * HOUR}`, account: "0045MAK", site: "MAK", priority: "P2" },
    ]);
  });

  it.each`
    open                                                           | opened | why
    ${[]}                                                          | ${1}   | ${"none is open"}
    ${[{ rule: "no_readings", account: "0045MAK", site: "MAK" }]}  | ${0}   | ${"one of this account is open"}
    ${[{ rule: "no_readings", account: null, site: "MAK" }]}       | ${0}   | ${"one of the site is open"}
    ${[{ rule: "no_readings", account: null, site: "KET" }]}       | ${1}   | ${"one of another site is open"}
    ${[{ rule: "relay_failed", account: "0045MAK", site: "MAK" }]} | ${1}   | ${"one of another rule is open"}
  `("opens $opened where $why", ({ open, opened }) => {
    const known = open.map((each: object, n: number) => ({ ticketId: n + 1, ...each }));
    expect(ticketsToOpen([finding()], site(100), known).orders).toHaveLength(opened);
  });

  it.each`
    accounts | meters | opened | why
    ${4}     | ${4}   | ${4}   | ${"four are few, even where they are all"}
    ${5}     | ${10}  | ${1}   | ${"half a site is the site's"}
    ${5}     | ${11}  | ${5}   | ${"less than half is not"}
    ${300}   | ${300} | ${1}   | ${"a whole site is one ticket, not three hundred"}
  `("$accounts silent of $meters: $opened, for $why", ({ accounts, meters, opened }) => {
    const { orders } = ticketsToOpen(many(accounts), site(meters), []);
    expect(orders).toHaveLength(opened);
    if (opened === 1) expect(orders[0]).toMatchObject({ account: null, site: "MAK", priority: "P1" });
  });

  it("says the same of two meters of one account once", () => {
    expect(ticketsToOpen([finding(), finding({ meter: "23099002" })], site(100), []).orders).toHaveLength(1);
  });

  it("is never more than the limit of a look, the most urgent and oldest first, and says how many wait", () => {
    const drifts = many(30, { rule: "drift" });
    const { orders, leftOut } = ticketsToOpen([...drifts, finding({ account: "0999MAK" })], site(1_000), []);
    expect(orders).toHaveLength(TICKETS_A_LOOK_MAX);
    expect(orders[0]?.account).toBe("0999MAK");
    expect(orders[1]?.account).toBe("0030MAK");
    expect(leftOut).toBe(31 - TICKETS_A_LOOK_MAX);
  });

  it("is nothing where more are open than anybody reads", () => {
    const open = Array.from({ length: RULE_TICKETS_OPEN_MAX }, (_, n) => ({
      ...{ ticketId: n, rule: "drift" as const, site: "KET", account: `${n}KET` },
    }));
    expect(ticketsToOpen([finding()], site(100), open)).toEqual({ orders: [], leftOut: 1 });
    // An outage of a site is no flood.
    const { orders } = ticketsToOpen([...many(5), finding({ site: "BUT", account: "0001BUT" })], site(10), open);
    expect(orders).toMatchObject([{ site: "MAK", account: null, priority: "P1" }]);
  });

  it("leaves out what was a ticket before, and takes no room for it", () => {
    const silences = many(TICKETS_A_LOOK_MAX + 3);
    const before = ticketsToOpen(silences, site(1_000), []).orders.map(({ key }) => key);
    const { orders, leftOut } = ticketsToOpen(silences, site(1_000), [], before);
    expect([orders.length, leftOut]).toEqual([3, 0]);
    expect(before).not.toContain(orders[0]?.key);
  });
});

const facts = (over: Partial<RuleFacts>): RuleFacts => ({
  ...{ ticketId: 7, rule: "no_readings", site: "MAK", account: "0045MAK", openedAt: NOW - 5 * HOUR },
  ...{ accountStatus: "live", heardAt: null, silentBefore: silentBefore(NOW, true), commandState: null },
  ...{ caseState: null, voltage: null, now: null },
  ...over,
});

describe("what a look closes", () => {
  it.each`
    why                                   | over                                                                               | cause
    ${"nothing was heard"}                | ${{}}                                                                              | ${null}
    ${"an old reading came late"}         | ${{ heardAt: NOW - 25 * HOUR }}                                                    | ${null}
    ${"it was read again"}                | ${{ heardAt: NOW - HOUR }}                                                         | ${"readings_again"}
    ${"the account has ended"}            | ${{ accountStatus: "terminated" }}                                                 | ${"account_over"}
    ${"the command failed again"}         | ${{ rule: "relay_failed", commandState: "timed_out" }}                             | ${null}
    ${"a command waits"}                  | ${{ rule: "relay_failed", commandState: "published" }}                             | ${null}
    ${"a command was done"}               | ${{ rule: "relay_failed", commandState: "completed" }}                             | ${"relay_obeys"}
    ${"its case is open"}                 | ${{ rule: "drift", caseState: "open" }}                                            | ${null}
    ${"its case is closed"}               | ${{ rule: "drift", caseState: "closed" }}                                          | ${"case_closed"}
    ${"the voltage is only just back"}    | ${{ rule: "low_voltage", voltage: { lowestMv: 209_000, at: NOW } }}                | ${null}
    ${"a good reading is older than it"}  | ${{ rule: "low_voltage", voltage: { lowestMv: 229_000, at: NOW - 6 * HOUR } }}     | ${null}
    ${"the voltage is back"}              | ${{ rule: "low_voltage", voltage: { lowestMv: 219_000, at: NOW } }}                | ${"voltage_back"}
    ${"a third of the site is silent"}    | ${{ account: null, now: { meters: 9, heard: 9, still: 3 } }}                       | ${null}
    ${"a quarter of the site is silent"}  | ${{ account: null, now: { meters: 8, heard: 8, still: 2 } }}                       | ${"readings_again"}
    ${"nobody knows how the site stands"} | ${{ account: null, now: null }}                                                    | ${null}
    ${"a site has no meters"}             | ${{ account: null, now: { meters: 0, heard: 0, still: 0 } }}                       | ${null}
    ${"a site of low voltage is dark"}    | ${{ rule: "low_voltage", account: null, now: { meters: 9, heard: 0, still: 0 } }}  | ${null}
    ${"few of its meters are heard"}      | ${{ rule: "low_voltage", account: null, now: { meters: 9, heard: 4, still: 0 } }}  | ${null}
    ${"most are heard, and well"}         | ${{ rule: "low_voltage", account: null, now: { meters: 9, heard: 6, still: 1 } }}  | ${"voltage_back"}
    ${"a site's meters obey"}             | ${{ rule: "relay_failed", account: null, now: { meters: 9, heard: 9, still: 0 } }} | ${"relay_obeys"}
    ${"a site's cases are closed"}        | ${{ rule: "drift", account: null, now: { meters: 9, heard: 9, still: 0 } }}        | ${"case_closed"}
  `("is $cause where $why", ({ over, cause }) => {
    expect(ruleEnd(facts(over))?.cause ?? null).toBe(cause);
  });

  it("waits a day longer for meters of a platform, which tells of them late", () => {
    expect(NOW - silentBefore(NOW, true)).toBe(24 * HOUR);
    expect(NOW - silentBefore(NOW, false)).toBe(50 * HOUR);
  });
});

import { expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { OldStep } from "../../src/domain/moving-in/steps.ts";
import { err, ok } from "../../src/domain/result.ts";
import type { CommissioningFacts, NewEvent, StoredEvent } from "../../src/ports/commissioning.ts";
import { moveInSteps } from "../../src/services/move-in-steps.ts";

const NOW = Date.UTC(2026, 10, 28);
const by = { actor: "Lineo", reason: "the move-in", at: NOW };
const step = (day: string | null): OldStep => ({ step: "commissioned", day, source: "tblcustomer 7, connected" });
const page = (day: string | null) => [{ account: "0045MAK", steps: [step(day)] }];
const stored = (seq: number, event: Partial<StoredEvent>): StoredEvent => ({
  seq,
  step: "registered",
  kind: "done",
  day: null,
  refersTo: null,
  at: null,
  wasStatus: null,
  actor: null,
  reason: null,
  recordedAt: 0,
  ...event,
});

/** One account in memory; before each of the first appends somebody else says a thing of it. */
function records(others: Partial<StoredEvent>[] = []) {
  const events = [stored(1, {})];
  const facts: CommissioningFacts = {
    account: "0045MAK",
    accountId: 1,
    site: "MAK",
    customerId: 1,
    status: "live",
    openedAt: null,
    events,
    meters: [],
    charged: [],
  };
  const append = async (added: NewEvent[]) => {
    const other = others.shift();
    if (other !== undefined) events.push(stored(events.length + 1, other));
    if (added.some(({ seq }) => events.some((event) => event.seq === seq))) return err({ kind: "stale" } as const);
    for (const { seq, step: of, day, at, reason } of added) events.push(stored(seq, { step: of, day, at, reason }));
    return ok({ version: 1 });
  };
  const commissionings = { facts: async () => [{ ...facts, events: [...events] }], append };
  return { events, ports: { country: COUNTRIES.LS, commissionings } };
}

it("writes a step at its local midnight, with the old row, and the second time nothing", async () => {
  const { events, ports } = records();
  expect(await moveInSteps(ports, page("2020-05-04"), by)).toEqual({ written: 1, known: 0, left: [] });
  expect(events[1]).toMatchObject({
    at: Date.parse("2020-05-03T22:00:00Z"),
    reason: "old books: tblcustomer 7, connected",
  });
  expect(await moveInSteps(ports, page("2020-05-04"), by)).toEqual({ written: 0, known: 1, left: [] });
  expect(events).toHaveLength(2);
});

it("writes a day that nobody knows as none", async () => {
  const { events, ports } = records();
  await moveInSteps(ports, page(null), by);
  expect(events[1]).toMatchObject({ step: "commissioned", day: null, at: null });
});

it("reads again when somebody wrote meanwhile, and leaves what they said", async () => {
  const { events, ports } = records([{ step: "commissioned", day: "2026-11-01" }]);
  expect(await moveInSteps(ports, page("2020-05-04"), by)).toEqual({ written: 0, known: 1, left: [] });
  expect(events.map(({ day }) => day)).toEqual([null, "2026-11-01"]);
});

it("gives up by name when it is too late three times: the same page again goes on", async () => {
  const steps = ["airdac_connected", "readyboard_tested", "connection_fee_paid"] as const;
  const { ports } = records(steps.map((of) => ({ step: of })));
  await expect(moveInSteps(ports, page("2020-05-04"), by)).rejects.toThrow("the same page again goes on");
  expect(await moveInSteps(ports, page("2020-05-04"), by)).toMatchObject({ written: 1 });
});

it("names the account of a step that is not taken", async () => {
  const { ports } = records();
  const left = (await moveInSteps(ports, page("2026-11-29"), by)).left;
  expect(left).toMatchObject([{ account: "0045MAK", step: "commissioned", why: "it has not come yet" }]);
});

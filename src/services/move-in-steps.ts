import type { Country } from "../domain/country.ts";
import { localDay } from "../domain/local-day.ts";
import { fitSteps, type OldStep, type StepLeft } from "../domain/moving-in/steps.ts";
import type { Commissionings, NewEvent } from "../ports/commissioning.ts";
import type { Change } from "../ports/registry.ts";
import { instantOf, TRIES_MAX } from "./record-commissioning.ts";

/** Steps of one account: each at most once. */
export const OLD_STEPS_MAX = 9;

export type AccountSteps = { account: string; steps: readonly OldStep[] };
export type StepsMoved = { written: number; known: number; left: (StepLeft & { account: string })[] };
export type MoveInStepsPorts = { country: Country; commissionings: Pick<Commissionings, "facts" | "append"> };

/**
 * Brings what the old books prove of accounts that are here, a page at once in one transaction. A step of which an event is
 * there, whoever wrote it and whatever it says, is known; so the same again changes nothing. Throws when nobody knows.
 */
export async function moveInSteps(
  { country, commissionings }: MoveInStepsPorts,
  accounts: readonly AccountSteps[],
  by: Change,
): Promise<StepsMoved> {
  const today = localDay(by.at, country.utcOffsetMinutes);
  const saying = new Map(accounts.filter(({ steps }) => steps.length > 0).map((each) => [each.account, each.steps]));
  if (saying.size === 0) return { written: 0, known: 0, left: [] };
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const events: NewEvent[] = [];
    const done: StepsMoved = { written: 0, known: 0, left: [] };
    for (const facts of await commissionings.facts([...saying.keys()])) {
      const { account } = facts;
      const fitted = fitSteps({ ...facts, today }, saying.get(account) ?? []);
      done.known += fitted.known;
      done.left.push(...fitted.left.map((left) => ({ ...left, account })));
      for (const { source, ...event } of fitted.events) {
        const at = event.day === null ? null : instantOf(facts, event.day, country, by.at);
        events.push({ ...event, account, at, reason: `old books: ${source}`, status: null });
      }
    }
    if (events.length === 0) return done;
    const written = await commissionings.append(events, by);
    if (written.ok) return { ...done, written: events.length };
    if (written.error.kind !== "stale") throw new Error(`the events of a page were refused: ${written.error.detail}`);
  }
  throw new Error("somebody else writes about the same accounts; the same page again goes on");
}

import { type Ask, type CommissioningEvent, decideEvent, type Refusal, standing } from "../domain/commissioning.ts";
import type { Country } from "../domain/country.ts";
import { FEE_STEPS } from "../domain/fees/paid-step.ts";
import { dayStart, localDay } from "../domain/local-day.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { CommissioningFacts, Commissionings, NewEvent, StoredEvent } from "../ports/commissioning.ts";
import type { Change, RegistryRefusal } from "../ports/registry.ts";

export type CommissioningPorts = {
  country: Country;
  commissionings: Pick<Commissionings, "facts" | "append">;
};

/** Something a person says about an account, or the books do of a fee. */
export type Said = { account: string; ask: Ask; reason: string | null; byBooks?: boolean };

export type SaidResult = { account: string; step: Ask["step"]; act: Ask["act"] } & (
  | { status: "created" | "exists" }
  /** Good by itself, but not written, since another row is refused. */
  | { status: "not_written" }
  | { status: "refused"; because: Refusal | { kind: "unknown_account" } }
);

/** all: one bad row and nothing is written. good: the good rows are written. none: nothing is, as a look beforehand. */
export type BatchMode = "all" | "good" | "none";

/** Somebody else may write about the same accounts at the same time; what then is read again, so often. */
export const TRIES_MAX = 3;
/** Rows of one call. */
export const ROWS_MAX = 500;

export type Recorded = { written: number; results: SaidResult[]; version: number | null };

/** Records, corrects and withdraws, a result for each row. Doing it twice changes nothing more. */
export async function recordCommissioning(
  { country, commissionings }: CommissioningPorts,
  said: readonly Said[],
  mode: BatchMode,
  by: Change,
): Promise<Result<Recorded, RegistryRefusal | { kind: "busy" }>> {
  if (said.length > ROWS_MAX) throw new RangeError(`at most ${ROWS_MAX} rows`);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const facts = await commissionings.facts([...new Set(said.map(({ account }) => account))]);
    const { events, results } = decideAll(facts, said, country, by.at);
    const isGood = mode === "good" || (mode === "all" && results.every(({ status }) => status !== "refused"));
    if (!isGood || events.length === 0) return ok({ written: 0, results: results.map(unwritten), version: null });
    const written = await commissionings.append(events, by);
    if (written.ok) return ok({ written: events.length, results, version: written.value.version });
    if (written.error.kind !== "stale") return err(written.error);
  }
  return err({ kind: "busy" });
}

/** The steps of the fees that were charged here. */
export const stepsByBooks = ({ charged }: Pick<CommissioningFacts, "charged">) => charged.map((fee) => FEE_STEPS[fee]);

const unwritten = (result: SaidResult): SaidResult =>
  result.status === "created" ? { ...result, status: "not_written" } : result;

/** In their order; a row builds on those before it. */
export function decideAll(
  facts: readonly CommissioningFacts[],
  said: readonly Said[],
  country: Country,
  now: number,
): { events: NewEvent[]; results: SaidResult[] } {
  const known = new Map(facts.map((each) => [each.account, { ...each, events: [...each.events] }]));
  const today = localDay(now, country.utcOffsetMinutes);
  const events: NewEvent[] = [];
  const results = said.map(({ account, ask, reason, byBooks = false }): SaidResult => {
    const row = { account, step: ask.step, act: ask.act };
    const about = known.get(account);
    if (about === undefined) return { ...row, status: "refused", because: { kind: "unknown_account" } };
    const own = { events: about.events, today, meters: about.meters };
    const decided = decideEvent({ ...own, byBooks: byBooks ? [] : stepsByBooks(about) }, ask);
    if (!decided.ok) return { ...row, status: "refused", because: decided.error };
    if (decided.value.status === "exists") return { ...row, status: "exists" };
    const { event } = decided.value;
    const at = event.day === null ? null : instantOf(about, event.day, country, now);
    const status = statusAfter(about, event);
    events.push({ ...event, account, at, reason, status });
    const wasStatus = event.step === "terminated" && about.status !== "terminated" ? about.status : null;
    about.events.push({ ...event, at, wasStatus, actor: null, reason, recordedAt: now });
    if (status !== null) about.status = status;
    return { ...row, status: "created" };
  });
  return { events, results };
}

/** A day that is named begins at its midnight; today has come as far as now, and nothing was before the account's opening. */
export function instantOf(
  { openedAt }: Pick<CommissioningFacts, "openedAt">,
  day: string,
  { utcOffsetMinutes }: Country,
  now: number,
): number {
  const at = day === localDay(now, utcOffsetMinutes) ? now : dayStart(day, utcOffsetMinutes);
  return openedAt !== null && day === localDay(openedAt, utcOffsetMinutes) ? Math.max(at, openedAt) : at;
}

/** What the account is once this event is there; null: what it was. */
function statusAfter({ events }: CommissioningFacts, { step, kind, refersTo }: CommissioningEvent) {
  if (step === "terminated") return kind === "withdrawn" ? before(events, refersTo) : "terminated";
  if (step !== "commissioned") return null;
  if (kind === "done") return refersTo === null ? null : before(events, refersTo);
  // A return that is withdrawn leaves the account ended as it was.
  const isReturn = standing(events).some(({ seq, ends }) => seq === refersTo && ends !== null);
  return kind === "withdrawn" && isReturn ? "terminated" : null;
}

const before = (events: readonly StoredEvent[], termination: number | null) =>
  events.find(({ seq }) => seq === termination)?.wasStatus ?? "live";

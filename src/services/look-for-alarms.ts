import { ALARM_RULES, type AlarmLook, type AlarmName, FEED_LATE_MS } from "../domain/alarm.ts";
import { named } from "../domain/alarm-telling.ts";
import type { OwedOut } from "../domain/owed-out.ts";
import { ticketNumber } from "../domain/ticket.ts";

/** What objects say, also while the database is down. `null`: the one that knows did not answer. */
export type ObjectsSeen = {
  /** Phones in use that have not come for so long that they count as silent. */
  silentPhones: string[] | null;
  /** Since when the oldest SMS of each phone waits to be read; a phone of which none waits is not there. */
  waitingSms: { phoneId: string; oldestAt: number }[] | null;
  /** Since when the oldest SMS of each phone waits for the old system; a phone of which none waits is not there. */
  waitingForwards: { phoneId: string; oldestAt: number }[] | null;
  breakers: string[] | null;
  /** Of each shard that answered the longest unchanged receipt that is not at rest, if there is one. */
  openReceipts: { receipt: string; changedAt: number }[];
  /** Names of objects that did not answer in time. */
  unanswered: string[];
  /** Some shards are among them: of what they hold nothing is known. */
  lacksShards: boolean;
};

/** What Postgres says; null: it did not answer that question. */
export type BooksSeen = {
  feeds: { kind: keyof typeof FEED_LATE_MS; name: string; newestAt: number | null }[] | null;
  waiting: { kind: string; count: number; oldestAt: number | null }[] | null;
  jobs: { job: string; everyMs: number; endedAt: number | null; failedAt: number | null }[] | null;
  /** Tickets of which the O&M system lacks something, or that stand otherwise there; none where there is no such system. */
  omBehind: { ticketId: number; since: number | null; differsSince: number | null; isHistory: boolean }[] | null;
  /** What is owed to others and has not come to its end, the oldest of each kind; what waits as it should is not among them. */
  owedOut: OwedOut[] | null;
  /** Since when nothing newer is in a backup; null also: there is nothing to lose yet. */
  backupAt: number | null;
  /** Names of questions that were not answered in time; that none was is no answer at all. */
  unanswered: string[];
};

export type AlarmSources = {
  objects(): Promise<ObjectsSeen>;
  books(): Promise<BooksSeen>;
};

const MINUTE_MS = 60_000;
/** A state of the O&M system that could not be followed for so long is wrong; most are followed at the next look. */
const DIFFERS_MS_MAX = 24 * 60 * MINUTE_MS;
/** Cases which say that books and objects, or the books and their chain, differ. */
const HEADS_CASES = ["case:ledger_drift", "case:refiled_entry", "case:foreign_row", "case:audit_chain"];

/** Nothing of the books is known. */
const NO_BOOKS: BooksSeen = {
  ...{ feeds: null, waiting: null, jobs: null, omBehind: null, owedOut: null, backupAt: null },
  unanswered: [],
};

/** Nobody answered: that there is something to look at is all that is known. */
const SILENCE: ObjectsSeen = {
  ...{ silentPhones: null, waitingSms: null, waitingForwards: null, breakers: null, openReceipts: [] },
  ...{ unanswered: ["objects"], lacksShards: true },
};

/** Looks at all that an alarm may be about. What does not answer is not looked at, and that it does not is an alarm itself. */
export async function lookForAlarms(sources: AlarmSources, now: number): Promise<AlarmLook[]> {
  const [objects, answered] = await Promise.all([
    sources.objects().catch(() => SILENCE),
    sources.books().catch(() => null),
  ]);
  const books = answered ?? NO_BOOKS;
  const look = (name: AlarmName, value: number | null, subjects: readonly string[] = []): AlarmLook => ({
    name,
    value,
    subject: subjects.length === 0 ? null : named(subjects),
    subjects,
  });
  const age = (at: number | null | undefined) => (at == null ? 0 : Math.max(0, now - at));
  /** The age of the oldest, and the names of all that are over the limit: one more of them is something new. */
  const oldest = (name: AlarmName, all: readonly { name: string; at: number }[]): AlarmLook => {
    const sorted = all.toSorted((one, other) => one.at - other.at);
    const over = sorted.filter(({ at }) => age(at) > ALARM_RULES[name].limit);
    return look(
      name,
      age(sorted[0]?.at),
      // A vendor that takes nothing is one name, however many wait for it.
      [...new Set(over.map((each) => each.name))],
    );
  };
  const receipts = oldest(
    "outbox_age",
    objects.openReceipts.map(({ receipt, changedAt }) => ({ name: receipt, at: changedAt })),
  );
  const owed = (kind: OwedOut["kind"]) =>
    (books.owedOut ?? []).filter((each) => each.kind === kind).map(({ name, at }) => ({ name, at }));
  const forwards = oldest("forward_age", [
    ...(objects.waitingForwards ?? []).map(({ phoneId, oldestAt }) => ({ name: phoneId, at: oldestAt })),
    ...owed("parked"),
  ]);
  const excess = oldest("suspense_age", owed("excess"));
  const kinds = (books.waiting ?? []).filter(({ count }) => count > 0);
  const of = (...wanted: string[]) => kinds.filter(({ kind }) => wanted.includes(kind));
  const sum = (rows: readonly { count: number }[]) => rows.reduce((total, { count }) => total + count, 0);
  const suspense = { ...excess, value: Math.max(excess.value ?? 0, age(of("suspense")[0]?.oldestAt)) };
  const late = (books.feeds ?? []).filter(
    // What never came has not begun: a feed that nobody has set up is not late.
    ({ kind, newestAt }) => newestAt !== null && now - newestAt > FEED_LATE_MS[kind],
  );
  const bad = (books.jobs ?? []).filter((job) => isBad(job, now));
  const heads = of(...HEADS_CASES);
  const behind = (books.omBehind ?? []).flatMap(({ ticketId, since, differsSince, isHistory }) => {
    const differs = differsSince !== null && age(differsSince) > DIFFERS_MS_MAX ? [differsSince] : [];
    const all = isHistory ? [] : [...(since === null ? [] : [since]), ...differs];
    return all.length === 0 ? [] : [{ name: ticketNumber(ticketId), at: Math.min(...all) }];
  });
  const unanswered = [...objects.unanswered, ...books.unanswered];
  return [
    look("database_down", answered === null ? 1 : 0),
    look("objects", unanswered.length, unanswered),
    look("silent_phone", objects.silentPhones?.length ?? null, objects.silentPhones ?? []),
    objects.waitingSms === null
      ? look("sms_age", null)
      : oldest(
          "sms_age",
          objects.waitingSms.map(({ phoneId, oldestAt }) => ({ name: phoneId, at: oldestAt })),
        ),
    asFarAsKnown(receipts, !objects.lacksShards),
    books.owedOut === null ? look("wallet_age", null) : oldest("wallet_age", owed("credit")),
    asFarAsKnown(forwards, objects.waitingForwards !== null && books.owedOut !== null),
    look("breaker", objects.breakers?.length ?? null, objects.breakers ?? []),
    look(
      "feed_age",
      books.feeds === null ? null : late.length,
      late.map(({ kind, name }) => `${kind} ${name}`),
    ),
    look("dead_letters", books.waiting === null ? null : sum(of("dead_letter"))),
    look("copies_refused", books.waiting === null ? null : sum(of("case:copy_conflict"))),
    look(
      "heads",
      books.waiting === null ? null : sum(heads),
      heads.map(({ kind }) => kind.replace("case:", "")),
    ),
    look(
      "jobs",
      books.jobs === null ? null : bad.length,
      bad.map(({ job }) => job),
    ),
    asFarAsKnown(suspense, books.waiting !== null && books.owedOut !== null),
    books.omBehind === null ? look("om_mirror_age", null) : oldest("om_mirror_age", behind),
    look("backup_age", books.backupAt === null ? null : age(books.backupAt)),
  ];
}

/** That what answered holds nothing old says nothing of what did not. */
const asFarAsKnown = (look: AlarmLook, isAllKnown: boolean): AlarmLook =>
  isAllKnown || (look.value ?? 0) > ALARM_RULES[look.name].limit ? look : { ...look, value: null };

type JobEnd = NonNullable<BooksSeen["jobs"]>[number];
/** One that never ran has not begun; one that failed since its last end, or missed two turns, is bad. */
function isBad({ endedAt, failedAt, everyMs }: JobEnd, now: number): boolean {
  if (failedAt !== null && (endedAt === null || failedAt > endedAt)) return true;
  return endedAt !== null && now - endedAt > 2 * everyMs + 5 * MINUTE_MS;
}

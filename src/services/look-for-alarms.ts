import { type AlarmLook, type AlarmName, FEED_LATE_MS } from "../domain/alarm.ts";
import { named } from "../domain/alarm-telling.ts";
import { ticketNumber } from "../domain/ticket.ts";

/** What objects say, also while the database is down. `null`: they did not. */
export type ObjectsSeen = {
  /** Phones in use that have not come for so long that they count as silent. */
  silentPhones: string[];
  /** The oldest SMS that waits to be read; null: none waits. */
  oldestSmsAt: number | null;
  /** The longest unchanged receipt that is not at rest; null: all are. */
  oldestReceipt: { receipt: string; changedAt: number } | null;
  breakers: string[];
};

/** What Postgres says. */
export type BooksSeen = {
  feeds: { kind: keyof typeof FEED_LATE_MS; name: string; newestAt: number | null }[];
  waiting: { kind: string; count: number; oldestAt: number | null }[];
  jobs: { job: string; everyMs: number; endedAt: number | null; failedAt: number | null }[];
  /** Tickets of which the O&M system lacks something, the longest first; none where there is no such system. */
  omBehind: { ticketId: number; since: number | null }[];
  /** When the newest backup was taken; null: none was told here, and nothing is said of its age. */
  backupAt: number | null;
};

export type AlarmSources = {
  objects(): Promise<ObjectsSeen>;
  books(): Promise<BooksSeen>;
};

const MINUTE_MS = 60_000;
/** Cases which say that books and objects, or the books and their chain, differ. */
const HEADS_CASES = ["case:ledger_drift", "case:refiled_entry", "case:foreign_row", "case:audit_chain"];

/** Looks at all that an alarm may be about. What does not answer is not looked at; that the database does not is one itself. */
export async function lookForAlarms(sources: AlarmSources, now: number): Promise<AlarmLook[]> {
  const [objects, books] = await Promise.all([sources.objects().catch(() => null), sources.books().catch(() => null)]);
  const look = (name: AlarmName, value: number | null, subjects: readonly string[] = []): AlarmLook => ({
    name,
    value,
    subject: subjects.length === 0 ? null : named(subjects),
    subjects,
  });
  const age = (at: number | null | undefined) => (at == null ? 0 : Math.max(0, now - at));
  const kinds = (books?.waiting ?? []).filter(({ count }) => count > 0);
  const of = (...wanted: string[]) => kinds.filter(({ kind }) => wanted.includes(kind));
  const sum = (rows: readonly { count: number }[]) => rows.reduce((total, { count }) => total + count, 0);
  const late = (books?.feeds ?? []).filter(
    // What never came has not begun: a feed that nobody has set up is not late.
    ({ kind, newestAt }) => newestAt !== null && now - newestAt > FEED_LATE_MS[kind],
  );
  const bad = (books?.jobs ?? []).filter((job) => isBad(job, now));
  const heads = of(...HEADS_CASES);
  const behind = (books?.omBehind ?? []).filter(({ since }) => since !== null);
  return [
    look("database_down", books === null ? 1 : 0),
    look("silent_phone", objects?.silentPhones.length ?? null, objects?.silentPhones),
    look("sms_age", objects === null ? null : age(objects.oldestSmsAt)),
    look(
      "outbox_age",
      objects === null ? null : age(objects.oldestReceipt?.changedAt),
      objects?.oldestReceipt == null ? [] : [objects.oldestReceipt.receipt],
    ),
    look("breaker", objects?.breakers.length ?? null, objects?.breakers),
    look(
      "feed_age",
      books === null ? null : late.length,
      late.map(({ kind, name }) => `${kind} ${name}`),
    ),
    look("dead_letters", books === null ? null : sum(of("dead_letter"))),
    look("copies_refused", books === null ? null : sum(of("case:copy_conflict"))),
    look(
      "heads",
      books === null ? null : sum(heads),
      heads.map(({ kind }) => kind.replace("case:", "")),
    ),
    look(
      "jobs",
      books === null ? null : bad.length,
      bad.map(({ job }) => job),
    ),
    look("suspense_age", books === null ? null : age(of("suspense")[0]?.oldestAt)),
    look(
      "om_mirror_age",
      books === null ? null : age(behind[0]?.since),
      behind.map(({ ticketId }) => ticketNumber(ticketId)),
    ),
    look("backup_age", books?.backupAt == null ? null : age(books.backupAt)),
  ];
}

/** One that never ran has not begun; one that failed since its last end, or missed two turns, is bad. */
function isBad({ endedAt, failedAt, everyMs }: BooksSeen["jobs"][number], now: number): boolean {
  if (failedAt !== null && (endedAt === null || failedAt > endedAt)) return true;
  return endedAt !== null && now - endedAt > 2 * everyMs + 5 * MINUTE_MS;
}

import type { OutboxItem } from "../../src/domain/outbox.ts";

/** Where an object and Postgres differed, and what was done about it. Rows that are on their way are no difference. */
export type Difference = {
  what: "account" | "shard" | "phone" | "till" | "gate";
  name: string;
  /** Of shards and phones, which are compared by UTC day. */
  day: string | null;
  because:
    | "sent_again" // only the object had it
    | "adopted" // only Postgres had it
    | "moved" // both had lost a move that the accounts' entries show
    | "refiled" // both had given one place to different entries
    | "lag_over_an_hour"
    | "processed_again" // SMS whose result Postgres lacks
    | "object_not_ready"
    | "object_lacks_entries"
    | "not_registered" // Postgres does not know the account: a person registers it again
    | "conflict" // one key, two contents: nothing was changed
    | "other_content";
  postgres: unknown;
  object: unknown;
};

export type HeadsPart = { counts: Record<string, number>; differences: Difference[] };
export type HeadsPage = HeadsPart & { next: string | null };

/** Differences of one page that become cases. */
const CASES_MAX = 1_000;

/** A case for each; the same difference found again is the same case. */
export function casesOf(differences: readonly Difference[], now: number): OutboxItem[] {
  return differences.slice(0, CASES_MAX).map((difference, id) => {
    const { what, name, day, because, postgres, object } = difference;
    return {
      id,
      row: {
        kind: "case",
        caseKey: caseKeyOf(difference),
        caseKind: because === "refiled" ? "refiled_entry" : because === "conflict" ? "copy_conflict" : "ledger_drift",
        subject: name,
        detailsJson: JSON.stringify({ what, day, because, postgres, object }),
        state: "open",
        openedAt: now,
        closedAt: null,
        // Closed by hand though nothing was done, it is open again with the next run: money hangs on it.
        version: because === "not_registered" ? now : 1,
      },
    };
  });
}

const CASE_KEY_MAX = 400;

/** The name of a difference's case. */
export const caseKeyOf = ({ what, name, day, because, postgres }: Difference): string =>
  ["heads", what, name, day ?? "", because, JSON.stringify(postgres)].join(":").slice(0, CASE_KEY_MAX);

/** An account that its object knows and Postgres does not; `object`: what it says of itself. */
export const notRegistered = (name: string, object: unknown): Difference => ({
  what: "account",
  name,
  day: null,
  because: "not_registered",
  postgres: null,
  object,
});

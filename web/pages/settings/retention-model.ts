import { RETENTION, RETENTION_KINDS, type Retention, type RetentionKind } from "../../../src/domain/retention.ts";

/** As it is typed: days, each as text. */
export type RetentionTyped = Record<RetentionKind, string>;

const each = <T>(of: (kind: RetentionKind) => T) =>
  Object.fromEntries(RETENTION_KINDS.map((kind) => [kind, of(kind)])) as Record<RetentionKind, T>;

export const retentionTyped = (now: Retention): RetentionTyped => each((kind) => String(now[kind]));

/** What was typed, and what of it is no whole number of days within its bounds: the rule of the server. */
export function readRetention(typed: RetentionTyped): { setting: Retention; wrong: RetentionKind[] } {
  const setting = each((kind) => (/^\d{1,4}$/.test(typed[kind].trim()) ? Number(typed[kind]) : Number.NaN));
  const wrong = RETENTION_KINDS.filter((kind) => {
    const { min, max } = RETENTION[kind];
    return !(setting[kind] >= min && setting[kind] <= max);
  });
  return { setting, wrong };
}

/** The kinds that would be kept for another time. */
export const retentionChanges = (now: Retention, next: Retention): RetentionKind[] =>
  RETENTION_KINDS.filter((kind) => now[kind] !== next[kind]);

/** What somebody else set meanwhile, with what was typed here over it: only what was touched stays. */
export const rebasedRetention = (was: Retention, typed: RetentionTyped, latest: Retention): RetentionTyped =>
  each((kind) => (typed[kind].trim() === String(was[kind]) ? String(latest[kind]) : typed[kind]));

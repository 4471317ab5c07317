import type { CaseRow } from "./outbox.ts";

/** Something of another country in this one's database: what, which, and how much of it at least. */
export type ForeignRow = { what: string; which: string; rows: number };

/** A case of such a find, as it stands in the records. */
export type KnownCase = {
  caseKey: string;
  state: "open" | "closed";
  openedAt: number;
  version: number;
  details: { what: string; which: string; rows: number; isGone?: boolean };
};

export const foreignCaseKey = ({ what, which }: Pick<ForeignRow, "what" | "which">) => `foreign_row:${what}:${which}`;

/**
 * What a night's look changes of the cases: a new find opens one, another count is written into it, and one whose rows are gone closes
 * by itself. What a person has closed stays closed, however often it is found; what closed by itself opens again when it is back.
 */
export function isolationCases(
  found: readonly ForeignRow[],
  known: readonly KnownCase[],
  now: number,
): (CaseRow & { kind: "case" })[] {
  const keys = new Set(found.map(foreignCaseKey));
  const opened = found.flatMap(({ what, which, rows }) => {
    const was = known.find(({ caseKey }) => caseKey === foreignCaseKey({ what, which }));
    const isBack = was?.state === "closed" && was.details.isGone === true;
    if (was !== undefined && !isBack && (was.state === "closed" || was.details.rows === rows)) return [];
    return [{ what, which, rows, openedAt: was?.openedAt ?? now, version: (was?.version ?? 0) + 1, isGone: false }];
  });
  const gone = known
    .filter(({ caseKey, state }) => state === "open" && !keys.has(caseKey))
    .map(({ details: { what, which, rows }, openedAt, version }) => {
      return { what, which, rows, openedAt, version: version + 1, isGone: true };
    });
  return [...opened, ...gone].map(({ what, which, rows, openedAt, version, isGone }) => ({
    kind: "case",
    caseKey: foreignCaseKey({ what, which }),
    caseKind: "foreign_row",
    subject: `${what}:${which}`,
    detailsJson: JSON.stringify({ what, which, rows, ...(isGone ? { isGone } : {}) }),
    state: isGone ? "closed" : "open",
    openedAt,
    closedAt: isGone ? now : null,
    version,
  }));
}

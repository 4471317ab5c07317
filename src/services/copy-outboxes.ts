import type { CopyReport, OutboxItem } from "../domain/outbox.ts";
import type { Copies, CopyConflict, CopyItem } from "../ports/copies.ts";
import { log } from "../ports/log.ts";

/** Rows fetched from one object at a time. A posting counts as one. */
export const COPY_BATCH_MAX = 200;
/** Rows written in one transaction, over all objects of a queue batch. */
export const WRITE_BATCH_MAX = 2_000;

/** An object that owes Postgres rows. `name` is for the case that a disagreement opens. */
export type CopySource = {
  name: string;
  /** The account that it is; null: it is no account. What it owes is written under this account's id, or not at all. */
  account: string | null;
  /** True for an account: a disagreement stops its copying, for what follows would build on sand. */
  stopsOnConflict: boolean;
  copyBatch(max: number): Promise<OutboxItem[]>;
  copied(report: CopyReport): Promise<boolean>;
};

export type CopyPorts = {
  copies: Copies;
  /** Entries of receipts that Postgres has from now on: their claims may close. */
  recorded(entries: { receipt: string; entryKey: string }[]): Promise<void>;
  now(): number;
};

/**
 * Carries what the sources owe into Postgres, many objects in one transaction, and tells each what became of its rows.
 * Returns the sources that have more; one that did not answer asks again by itself. Run twice, nothing changes: each
 * row's key is its name.
 */
export async function copyOutboxes(ports: CopyPorts, sources: CopySource[]): Promise<CopySource[]> {
  const fetched = await Promise.all(sources.map((source) => fetchFrom(source)));
  const batches = fetched.flatMap(({ source, items }) =>
    items === null || items.length === 0 ? [] : [{ source, items }],
  );
  const origin: { batch: number; id: number }[] = [];
  const all: CopyItem[] = [];
  batches.forEach(({ source, items }, batch) => {
    for (const { id, row } of items) {
      all.push({ id: origin.length, row, owner: source.account });
      origin.push({ batch, id });
    }
  });
  const reports: CopyReport[] = batches.map(() => ({ recorded: [], refused: [], stop: null }));
  const entries: { receipt: string; entryKey: string }[] = [];
  for (let from = 0; from < all.length; from += WRITE_BATCH_MAX) {
    const slice = all.slice(from, from + WRITE_BATCH_MAX);
    const written = await ports.copies.write(slice);
    for (const index of written.recorded) {
      const place = origin[index];
      const row = all[index]?.row;
      if (place === undefined || row === undefined) continue;
      reports[place.batch]?.recorded.push(place.id);
      if (row.kind === "posting" && row.account !== null) entries.push(...receiptEntriesOf(row.rows));
    }
    for (const { id, because } of written.refused) refuse(origin[id], because);
    for (const conflict of written.conflicts) refuse(origin[conflict.id], `conflict: ${conflict.detail}`, conflict);
    const wrong = [...written.refused, ...written.conflicts].map(({ id }) => id);
    if (wrong.length > 0) await ports.copies.write(casesFor(wrong));
  }
  if (all.length > 0) noteCopied(all, reports);
  if (entries.length > 0) await ports.recorded(entries);
  const more = await Promise.all(
    batches.map(async ({ source }, batch) => ((await tell(source, reports[batch])) ? [source] : [])),
  );
  return more.flat();

  function refuse(place: { batch: number; id: number } | undefined, because: string, conflict?: CopyConflict) {
    if (place === undefined) return;
    const report = reports[place.batch];
    report?.refused.push({ id: place.id, because });
    if (conflict !== undefined && report !== undefined && batches[place.batch]?.source.stopsOnConflict)
      report.stop = because;
  }

  function casesFor(indexes: number[]): OutboxItem[] {
    return indexes.map((index) => {
      const place = origin[index];
      const source = place === undefined ? "unknown" : (batches[place.batch]?.source.name ?? "unknown");
      const at = ports.now();
      return {
        id: index,
        row: {
          kind: "case",
          caseKey: `copy:${source}:${place?.id ?? index}`,
          caseKind: "copy_conflict",
          subject: source,
          detailsJson: JSON.stringify({ row: all[index]?.row.kind ?? null, because: becauseOf(place) }),
          state: "open",
          openedAt: at,
          closedAt: null,
          // Refused again after a person closed the case, it opens once more.
          version: at,
        },
      };
    });
  }

  function becauseOf(place: { batch: number; id: number } | undefined): string | null {
    if (place === undefined) return null;
    return reports[place.batch]?.refused.find(({ id }) => id === place.id)?.because ?? null;
  }
}

/** Receipts and objects that one line names. */
const NAMED_MAX = 50;

/** The last line of a payment's way: Postgres has its rows. */
function noteCopied(items: readonly OutboxItem[], reports: readonly CopyReport[]) {
  const receipts = new Set(items.flatMap(({ row }) => receiptsOf(row)));
  log.info("copied", {
    rows: reports.reduce((sum, { recorded }) => sum + recorded.length, 0),
    refused: reports.reduce((sum, { refused }) => sum + refused.length, 0),
    receipts: [...receipts].slice(0, NAMED_MAX),
  });
}

const receiptsOf = (row: OutboxItem["row"]): string[] => {
  if (row.kind === "posting") return row.rows.flatMap(({ receipt }) => receipt ?? []);
  return "receipt" in row && row.receipt !== null ? [row.receipt] : [];
};

const receiptEntriesOf = (rows: { receipt: string | null; entryKey: string; accountId: number | null }[]) =>
  rows.flatMap(({ receipt, entryKey, accountId }) =>
    receipt === null || accountId === null ? [] : [{ receipt, entryKey }],
  );

async function fetchFrom(source: CopySource): Promise<{ source: CopySource; items: OutboxItem[] | null }> {
  try {
    return { source, items: await source.copyBatch(COPY_BATCH_MAX) };
  } catch (thrown) {
    log.warn("copy", { object: source.name, step: "fetch", error: thrown });
    return { source, items: null };
  }
}

/** A word that does not arrive changes nothing: the object still has the rows, and sends them again. */
async function tell(source: CopySource, report: CopyReport | undefined): Promise<boolean> {
  try {
    return report === undefined ? false : await source.copied(report);
  } catch (thrown) {
    log.warn("copy", { object: source.name, step: "confirm", error: thrown });
    return false;
  }
}

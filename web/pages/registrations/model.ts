import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";

type Registrations = ReturnType<typeof api>["registrations"];
type One = Registrations[":id{[0-9]+}"];
export type Batch = InferResponseType<One["$get"], 200>["batch"];
export type Row = InferResponseType<One["rows"]["$get"], 200>["rows"][number];
export type RowFilter = "all" | "problems" | "kept";

/** While one of these lasts, the page asks again by itself. */
export const isMoving = ({ state }: Batch): boolean =>
  state === "reading" || state === "committing" || state === "undoing";

/** How far the work of now has come; null: nothing is under way. */
export function progressOf({ state, rows, takesTwins }: Batch): { done: number; of: number | null } | null {
  const taken = rows.good + (takesTwins ? rows.twins : 0);
  if (state === "reading") return { done: 0, of: null };
  if (state === "committing") return { done: rows.registered, of: taken };
  if (state === "undoing") return { done: rows.undone + rows.kept, of: rows.undone + rows.registered };
  return null;
}

/** What would be taken now, and whether all or nothing is possible. */
export function choicesOf({ state, rows }: Batch, takesTwins: boolean) {
  const taken = rows.good + (takesTwins ? rows.twins : 0);
  const all = rows.good + rows.twins + rows.faulty;
  return {
    isOpen: state === "checked",
    taken,
    left: all - taken,
    canAll: state === "checked" && taken === all && all > 0,
  };
}

/** The file's own columns that are read, in its order; one that two headers name stands once. */
export function columnsOf({ columns }: Batch): { field: string; header: string }[] {
  const seen = new Set<string>();
  return columns.flatMap(({ field, header }) => {
    if (field === null || seen.has(field)) return [];
    seen.add(field);
    return [{ field, header }];
  });
}

export const unreadOf = ({ columns }: Batch): string[] =>
  columns.filter(({ field, header }) => field === null && header.trim() !== "").map(({ header }) => header);

/** What was expected of this field of the row; null: nothing is wrong with it. */
export const faultAt = ({ faults }: Row, field: string): string | null =>
  faults
    .filter((fault) => fault.field.split(/,\s*/).some((name) => name.replace(/\.\d+$/, "") === field))
    .map(({ expected }) => expected)
    .join("; ") || null;

/** Faults that stand beside none of the file's columns. */
export const faultsElsewhere = (row: Row, fields: readonly string[]) =>
  row.faults.filter((fault) => !fields.some((field) => faultAt({ ...row, faults: [fault] }, field) !== null));

/** How a row is marked: what became of it, or what stands against it. */
export function markOf({ verdict, state }: Row): { word: string; tone: "good" | "warn" | "bad" | "quiet" } {
  if (state === "registered" || state === "told") return { word: "row_registered", tone: "good" };
  if (state === "kept") return { word: "row_kept", tone: "warn" };
  if (state === "ended" || state === "undone") return { word: "row_undone", tone: "quiet" };
  if (verdict === "wrong") return { word: "row_wrong", tone: "bad" };
  return verdict === "twin" ? { word: "row_twin", tone: "warn" } : { word: "row_taken", tone: "good" };
}

import { z } from "zod";
import { BATCH_ROWS_PAGE_MAX, BATCHES_PAGE_MAX, ROW_FILTERS } from "../../src/queries/registrations.ts";
import { queryNumber } from "../query-number.ts";
import { line, reason } from "./fields.ts";

const limit = (max: number) => queryNumber(1, max).default(max);
const id = queryNumber(0, Number.MAX_SAFE_INTEGER);

export const UploadQuery = z.object({
  /** The site of the whole file; without it each row names its own. */
  site: z
    .string()
    .regex(/^[A-Za-z]{3}$/, "the three letters of a site")
    .transform((code) => code.toUpperCase())
    .optional(),
  name: line(200).optional(),
});
export const BatchesQuery = z.object({ limit: limit(BATCHES_PAGE_MAX), cursor: id.optional() });
export const RowsQuery = z.object({
  limit: limit(BATCH_ROWS_PAGE_MAX),
  cursor: queryNumber(0, 2_147_483_647).default(0),
  show: z.enum(ROW_FILTERS).default("all"),
});
export const CommitBody = z.strictObject({
  /** all: every row, or none. good: those that nothing speaks against. */
  mode: z.enum(["all", "good"]),
  /** Whether likely twins of customers who are there are other people, and taken too. */
  twins: z.enum(["refuse", "take"]).default("refuse"),
});
export const UndoBody = z.strictObject({ reason });
export const WelcomeBody = z.strictObject({ on: z.boolean() });

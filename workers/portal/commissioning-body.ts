import { z } from "zod";
import { STEPS } from "../../src/domain/commissioning-rules.ts";
import { isDay } from "../../src/domain/local-day.ts";
import { STAGE_PAGE_MAX } from "../../src/queries/commissioning.ts";
import { ROWS_MAX } from "../../src/services/record-commissioning.ts";
import { queryNumber } from "../query-number.ts";
import { accountField, reason } from "./fields.ts";

/** A local day of the site. */
export const dayField = z.string().refine(isDay, "a day, as 2026-11-03");

const ACTS = ["record", "correct", "withdraw"] as const;
const said = {
  step: z.enum(STEPS, { error: `one of ${STEPS.join(", ")}` }),
  act: z.enum(ACTS, { error: `one of ${ACTS.join(", ")}` }).default("record"),
  /** Without one it is today. */
  on: dayField.optional(),
  reason: reason.optional(),
};
type SaidShape = { act: string; step: string; on?: string | undefined; reason?: string | undefined };
const needsReason = ({ act, step, reason: why }: SaidShape) =>
  why !== undefined || (act === "record" && step !== "terminated");
const SAY_WHY = { path: ["reason"], message: "why, where something is corrected, withdrawn or ended" };
const noDay = ({ act, on }: SaidShape) => act !== "withdraw" || on === undefined;
const NO_DAY = { path: ["on"], message: "no day: what is withdrawn was on none" };

export const EventBody = z.strictObject(said).refine(needsReason, SAY_WHY).refine(noDay, NO_DAY);
/** Each row is read by itself, so that a bad one is a result and not the end of all. */
export const BulkRow = z
  .strictObject({ account: accountField, ...said })
  .refine(needsReason, SAY_WHY)
  .refine(noDay, NO_DAY);
export const BulkBody = z.strictObject({
  rows: z.array(z.unknown()).min(1, "at least one row").max(ROWS_MAX, `at most ${ROWS_MAX} rows`),
  /** all: one bad row and nothing is written. good: the good rows are written. */
  mode: z.enum(["all", "good"]).default("all"),
});
export const DecommissionBody = z.strictObject({ on: dayField.optional(), reason });

export const FunnelQuery = z.object({
  site: z
    .string()
    .regex(/^[A-Za-z]{3}$/, "the three letters of a site")
    .transform((code) => code.toUpperCase())
    .optional(),
  /** With a stage the accounts that stand at it come too, a page at a time. */
  stage: z.enum(STEPS, { error: `one of ${STEPS.join(", ")}` }).optional(),
  limit: queryNumber(1, STAGE_PAGE_MAX).default(STAGE_PAGE_MAX),
  /** The last account of the page before. */
  cursor: z
    .string()
    .regex(/^\d{4}[A-Z]{3}$/, "the `next` of the page before")
    .optional(),
});

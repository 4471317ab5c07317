import { z } from "zod";
import { isDay } from "../../src/domain/local-day.ts";
import { UPLOAD_KINDS } from "../../src/ports/uploads.ts";
import { UPLOAD_ROWS_PAGE_MAX, UPLOADS_PAGE_MAX } from "../../src/queries/uploads.ts";
import { queryNumber } from "../query-number.ts";
import { line } from "./fields.ts";

const limit = (max: number) => queryNumber(1, max).default(max);
const day = z.string().refine(isDay, "a day as 2026-04-10");
const tillId = z.string().regex(/^[a-z0-9-]{1,40}$/, "the id of a till, as npm run till:chain shows it");

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "a month as 2026-04");
const site = z
  .string()
  .regex(/^[A-Za-z]{3}$/, "the three letters of a site")
  .transform((code) => code.toUpperCase());

export const UploadQuery = z
  .object({
    kind: z.enum(UPLOAD_KINDS).default("statement"),
    name: line(200).optional(),
    till: tillId.optional(),
    site: site.optional(),
    /** The days that the file lists, where it does not say so itself. */
    from: day.optional(),
    to: day.optional(),
    /** The month of a vendor's file. */
    month: month.optional(),
    /** The day of a vendor's readings, UTC. */
    day: day.optional(),
    /** 1: every row's result is told, and nothing is kept. */
    dry: z.enum(["0", "1"]).default("0"),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), {
    path: ["to"],
    message: "both days, or none",
  });
export type UploadQuery = z.infer<typeof UploadQuery>;

export const UploadsQuery = z.object({
  limit: limit(UPLOADS_PAGE_MAX),
  cursor: queryNumber(0, Number.MAX_SAFE_INTEGER).optional(),
});
export const UploadRowsQuery = z.object({
  limit: limit(UPLOAD_ROWS_PAGE_MAX),
  cursor: queryNumber(0, 2_147_483_647).default(0),
  show: z.enum(["all", "problems"]).default("all"),
});
export const DaysQuery = z.object({
  till: tillId.optional(),
  from: day,
  to: day,
  state: z.enum(["open", "final"]).optional(),
});
export const DayParams = z.object({ till: tillId, provider: z.enum(["mpesa", "ecocash", "momo"]), day });
export const MonthsQuery = z.object({ site: site.optional(), from: month, to: month });
export const MonthParams = z.object({ site, month });

import { z } from "zod";
import { isDay } from "../../src/domain/local-day.ts";
import { queryNumber } from "../query-number.ts";
import { line } from "./fields.ts";

const day = z.string().refine(isDay, "a day as 2026-04-10");
const minor = queryNumber(0, 9_000_000_000_000);

/** What may be asked of the list of payments. Days are local. */
export const PaymentsQuery = z
  .object({
    from: day.optional(),
    to: day.optional(),
    site: z
      .string()
      .regex(/^[A-Za-z]{3}$/, "the three letters of a site")
      .transform((code) => code.toUpperCase())
      .optional(),
    provider: z.enum(["mpesa", "ecocash", "momo", "cash"]).optional(),
    holder: z.enum(["account", "split", "suspense", "treasury", "returned", "legacy"]).optional(),
    min: minor.optional(),
    max: minor.optional(),
    q: line(80).optional(),
    cursor: z
      .string()
      .regex(/^\d{1,15}:.{1,300}$/, "the `next` of the page before")
      .optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ["to"],
    message: "a day not before `from`",
  });
export type PaymentsQuery = z.infer<typeof PaymentsQuery>;

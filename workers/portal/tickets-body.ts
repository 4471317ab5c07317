import { z } from "zod";
import {
  COMMENT_CHARS_MAX,
  SUMMARY_CHARS_MAX,
  TICKET_CATEGORIES,
  TICKET_CLASSES,
  TICKET_PRIORITIES,
  TICKET_STATES,
  WORK_STATES,
} from "../../src/domain/ticket.ts";
import { isStorable } from "../body.ts";
import { queryNumber } from "../query-number.ts";
import { accountField, happenedAt, instant, line, reason } from "./fields.ts";
import { language } from "./reports-file.ts";

const site = z.string().regex(/^[A-Z]{3}$/, "a site's code, as MAK");
const phone = z.string().regex(/^\d{8,15}$/, "a phone number of 8 to 15 digits with its country's code and without +");
/** Several lines, as somebody tells what was seen. */
export const told = z
  .string()
  .refine(isStorable, "text without U+0000 and lone surrogates")
  .transform((typed) => typed.normalize("NFC").trim())
  .pipe(z.string().min(1, "at least one character").max(COMMENT_CHARS_MAX, `at most ${COMMENT_CHARS_MAX} characters`));
const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

export const OpenBody = z.strictObject({
  summary: line(SUMMARY_CHARS_MAX),
  category: z.enum(TICKET_CATEGORIES),
  /** Left out: as the category says. */
  priority: z.enum(TICKET_PRIORITIES).optional(),
  class: z.enum(TICKET_CLASSES).optional(),
  site: site.optional(),
  account: accountField.optional(),
  phone: phone.optional(),
  failedAt: happenedAt.optional(),
  caseKey: line(400).optional(),
});
export const CommentBody = z.strictObject({ text: told });
export const AssignBody = z.strictObject({ staffId: id.nullable() });
export const ChangeBody = z.strictObject({
  version: z.number().int().min(0),
  reason: reason.optional(),
  set: z.strictObject({
    state: z.enum(WORK_STATES).optional(),
    class: z.enum(TICKET_CLASSES).optional(),
    category: z.enum(TICKET_CATEGORIES).optional(),
    priority: z.enum(TICKET_PRIORITIES).optional(),
    site: site.nullable().optional(),
    account: accountField.nullable().optional(),
    summary: line(SUMMARY_CHARS_MAX).optional(),
    failedAt: happenedAt.nullable().optional(),
  }),
});
export const ResolveBody = z.strictObject({ cause: line(SUMMARY_CHARS_MAX), resolution: told });
export const ReopenBody = z.strictObject({ reason });

const filters = {
  state: z.enum([...TICKET_STATES, "unresolved"]).optional(),
  mine: z.enum(["yes"]).optional(),
  site: site.optional(),
  class: z.enum(TICKET_CLASSES).optional(),
  category: z.enum(TICKET_CATEGORIES).optional(),
  priority: z.enum(TICKET_PRIORITIES).optional(),
  account: accountField.optional(),
  customer: queryNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  q: line(100).optional(),
  from: instant.optional(),
  to: instant.optional(),
};
export const FileQuery = z.object({ ...filters, language });
export const ListQuery = z.object({
  ...filters,
  cursor: queryNumber(1, Number.MAX_SAFE_INTEGER).optional(),
});

import { z } from "zod";
import { TARIFF_SCOPES } from "../../src/domain/tariff.ts";
import { queryNumber } from "../query-number.ts";
import { accountField, instant, reason } from "./fields.ts";

export const PAGE_MAX = 200;

const site = z
  .string()
  .regex(/^[A-Za-z]{3}$/, "the three letters of a site")
  .transform((code) => code.toUpperCase());
const scope = z.enum(TARIFF_SCOPES, "account, site or global");
const limit = queryNumber(1, PAGE_MAX).default(PAGE_MAX);

/** Ten-thousandths of a currency unit per kWh; 0 or null: nothing is vended. Left out where `ends` says that the scope has no say any more. */
const rateE4PerKwh = z
  .number()
  .int("whole ten-thousandths of a currency unit per kWh")
  .nonnegative("whole ten-thousandths of a currency unit per kWh")
  .max(1_000_000_000_000, "at most 1000000000000")
  .nullable()
  .optional();

const wanted = {
  scope,
  site: site.optional(),
  account: accountField.optional(),
  rateE4PerKwh,
  ends: z.literal(true).optional(),
  validFrom: instant.optional(),
};
type Wanted = {
  scope: (typeof TARIFF_SCOPES)[number];
  site?: string | undefined;
  account?: string | undefined;
  rateE4PerKwh?: number | null | undefined;
  ends?: true | undefined;
};

const subjectOf = (body: Wanted) => ({ site: body.scope === "site", account: body.scope === "account" });
/** What names another scope's subject, or none, or says two things at once. */
function check(body: Wanted, context: { addIssue(issue: { code: "custom"; path: string[]; message: string }): void }) {
  const needs = subjectOf(body);
  for (const field of ["site", "account"] as const)
    if (needs[field] !== (body[field] !== undefined))
      context.addIssue({
        code: "custom",
        path: [field],
        message: needs[field] ? `the ${field} it is for` : `none with scope ${body.scope}`,
      });
  if ((body.ends === true) === (body.rateE4PerKwh !== undefined))
    context.addIssue({ code: "custom", path: ["rateE4PerKwh"], message: "a rate, or ends: true, and not both" });
  if (body.ends === true && body.scope === "global")
    context.addIssue({
      code: "custom",
      path: ["ends"],
      message: "a site or an account: behind the country's rate is none",
    });
}

export const ScheduleBody = z
  .strictObject({
    ...wanted,
    reason,
    confirm: z
      .array(z.enum(["stops_vending", "jump"]))
      .max(2)
      .default([]),
  })
  .superRefine(check);
export const DryRunBody = z.strictObject(wanted).superRefine(check);
export const CancelBody = z.strictObject({ reason });
export const TellBody = z.strictObject({ cursor: accountField.nullish() });

export const ListQuery = z.object({ at: instant.optional(), cursor: accountField.optional(), limit });
export const AtQuery = z.object({ at: instant.optional() });
export const HistoryQuery = z.object({
  scope: scope.optional(),
  site: site.optional(),
  account: accountField.optional(),
  /** The last row of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "the `next` of the page before")
    .transform(Number)
    .optional(),
  limit,
});
export const CheckQuery = z.object({ cursor: accountField.optional() });
export const PricedQuery = z.object({ since: instant.optional() });

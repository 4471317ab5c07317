import { z } from "zod";
import { PHONES_MAX, ROOMS_MAX, TEXT_MAX } from "../../src/domain/customer.ts";
import { QUESTION_CHARS_MAX } from "../../src/domain/customer-question.ts";
import { SEARCH_PAGE_MAX } from "../../src/queries/customer-search.ts";
import { TWINS_PAGE_MAX } from "../../src/queries/customer-twins.ts";
import { queryNumber } from "../query-number.ts";
import { accountField, happenedAt, line, meterField, reason, registerWhField } from "./fields.ts";

const limit = (max: number) => queryNumber(1, max).default(max);

export const SearchQuery = z.object({
  /** Without it: everybody, by name. */
  q: line(QUESTION_CHARS_MAX).optional(),
  /** Whoever lives there or has an account there. */
  site: z
    .string()
    .regex(/^[A-Za-z]{3}$/, "the three letters of a site")
    .transform((code) => code.toUpperCase())
    .optional(),
  limit: limit(SEARCH_PAGE_MAX),
  /** Rank and customer of the last one of the page before. */
  cursor: z
    .string()
    .regex(/^[0-3]\.\d{1,15}$/, "the `next` of the page before")
    .transform((text) => {
      const [rank, customerId] = text.split(".").map(Number);
      return { rank: rank ?? 0, customerId: customerId ?? 0 };
    })
    .optional(),
});
export const TwinsQuery = z.object({
  limit: limit(TWINS_PAGE_MAX),
  /** Both customers of the last pair of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,15}\.\d{1,15}$/, "the `next` of the page before")
    .transform((text) => {
      const [one, other] = text.split(".").map(Number);
      return { one: one ?? 0, other: other ?? 0 };
    })
    .optional(),
});
/** Somebody who is about to be registered. What is no phone yet is not looked for. */
export const AlikeQuery = z.object({
  name: line(TEXT_MAX.name),
  phones: z
    .string()
    .max(TEXT_MAX.phone * PHONES_MAX)
    .transform((text) => text.split(/[\n,;]/).filter((each) => each.trim() !== ""))
    .optional(),
  nationalId: line(TEXT_MAX.nationalId).optional(),
  plotNumber: line(TEXT_MAX.plotNumber).optional(),
});

/** Null takes a field away; what is not named stays, or is missing. */
const fields = {
  name: line(TEXT_MAX.name).optional(),
  givenName: line(TEXT_MAX.givenName).nullish(),
  familyName: line(TEXT_MAX.familyName).nullish(),
  /** In any spelling. */
  phones: z.array(line(TEXT_MAX.phone)).max(PHONES_MAX, `at most ${PHONES_MAX}`).optional(),
  email: z.email("an e-mail address").max(TEXT_MAX.email).nullish(),
  language: z.enum(["en", "fr", "st"]).nullish(),
  nationalId: line(TEXT_MAX.nationalId).nullish(),
  gender: line(TEXT_MAX.gender).nullish(),
  customerType: line(TEXT_MAX.customerType).nullish(),
  site: line(TEXT_MAX.site).nullish(),
  plotNumber: line(TEXT_MAX.plotNumber).nullish(),
  /** Degrees, south and west negative. */
  latitude: z.number().min(-90).max(90).nullish(),
  longitude: z.number().min(-180).max(180).nullish(),
  street: line(TEXT_MAX.street).nullish(),
  place: line(TEXT_MAX.place).nullish(),
  district: line(TEXT_MAX.district).nullish(),
  note: line(TEXT_MAX.note).nullish(),
  rooms: z.number().int().min(0).max(ROOMS_MAX, `a whole number from 0 to ${ROOMS_MAX}`).nullish(),
  legacyId: z.number().int().positive().max(2_147_483_647).nullish(),
};

/** A number somebody chose names its site; without one the site gives its next. */
export const OpeningBody = z
  .strictObject({
    site: z
      .string()
      .regex(/^[A-Za-z]{3}$/, "the three letters of a site")
      .transform((code) => code.toUpperCase())
      .optional(),
    account: accountField.optional(),
    status: z.enum(["live", "postpaid"]).default("live"),
    openedAt: happenedAt.optional(),
  })
  .transform((opening, context) => {
    const site = opening.account?.slice(4) ?? opening.site;
    if (site !== undefined && (opening.site === undefined || opening.site === site))
      return { site, account: opening.account ?? null, status: opening.status, openedAt: opening.openedAt ?? null };
    context.addIssue({ code: "custom", path: ["site"], message: "a site, or an account number of that site" });
    return z.NEVER;
  });

export const NewCustomerBody = z
  .strictObject({
    ...fields,
    account: OpeningBody.nullish(),
    /** The account's first meter, hung in the same act. */
    meter: z
      .strictObject({
        number: meterField,
        from: happenedAt.optional(),
        baseRegisterWh: registerWhField.nullish(),
        thing: line(64).nullish(),
        ratingW: z.number().int().positive().max(10_000_000).nullish(),
      })
      .nullish(),
    /** Whether a readyboard goes into the house, whose fee is owed then. */
    readyboard: z.boolean().optional(),
  })
  .refine(({ account, meter }) => meter == null || account != null, {
    path: ["meter"],
    message: "an account to hang it on",
  })
  .refine(({ account, readyboard }) => readyboard !== true || account != null, {
    path: ["readyboard"],
    message: "an account that owes its fee",
  });
export const ChangeBody = z.strictObject({
  /** The version that was read: whoever changed the customer since is not overwritten. */
  version: z.number().int().nonnegative(),
  ...fields,
});
export const TerminateBody = z.strictObject({ at: happenedAt.optional(), reason });
export const SwapBody = z
  .strictObject({
    old: meterField,
    new: meterField,
    at: happenedAt,
    finalRegisterWh: registerWhField.nullish(),
    baseRegisterWh: registerWhField.nullish(),
    /** The new meter's gateway name, and the most it can carry. */
    thing: line(64).nullish(),
    ratingW: z.number().int().positive().max(10_000_000).nullish(),
    reason,
  })
  .refine((swap) => swap.old !== swap.new, { path: ["new"], message: "another meter than the old one" });

import { z } from "zod";
import { readPicture } from "../../src/domain/picture.ts";
import { dayField } from "./commissioning-body.ts";
import { happenedAt, line, meterField, reason, registerWhField } from "./fields.ts";

const picture = z.string().transform((text, context) => {
  const read = readPicture(text);
  if (read.ok) return read.value.bytes;
  context.addIssue({ code: "custom", message: `${read.error.expected}; found ${read.error.found}` });
  return z.NEVER;
});

export const CommissionBody = z.strictObject({
  connectedOn: dayField,
  servicePhase: z
    .string()
    .transform((text) => text.trim().toLowerCase())
    .pipe(z.enum(["single", "three"], { error: "single or three" })),
  /** Amperes, or the site's standard. */
  ampacity: z.union([z.literal("standard"), z.number().int().min(1).max(1_000)], {
    error: '"standard", or whole amperes from 1 to 1000',
  }),
  /** May be left out where the customer's is known. */
  nationalId: line(40).optional(),
  /** Checked against the records, where they are given. */
  customerId: z.number().int().positive().optional(),
  site: z
    .string()
    .regex(/^[A-Za-z]{3}$/, "the three letters of a site")
    .transform((code) => code.toUpperCase())
    .optional(),
  customerType: line(10).optional(),
  phones: z.array(line(40)).min(1).max(10).optional(),
  /** Degrees, south and west negative; both or neither. */
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
  /** A meter that is put up in the same act; without it one stands there already. */
  meter: z
    .strictObject({
      meterNumber: meterField,
      thing: line(64).nullish(),
      ratingW: z.number().int().positive().max(10_000_000).nullish(),
      role: z.enum(["primary", "check", "backup"]).default("primary"),
      /** Without one it is the beginning of the day of the connection. */
      from: happenedAt.optional(),
      baseRegisterWh: registerWhField.nullish(),
    })
    .optional(),
  staffName: line(100),
  customerSignature: picture,
  staffSignature: picture.nullish(),
  reason: reason.optional(),
});

export const LinkBody = z.strictObject({
  days: z.number().int().min(1).max(365).default(90),
  /** Also sent to the customer, in the customer's language. */
  sms: z.boolean().default(false),
});

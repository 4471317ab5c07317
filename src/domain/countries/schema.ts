import { z } from "zod";

const MINOR_MAX = 9_000_000_000_000;
const OFFSET_MINUTES_MAX = 14 * 60;
const PHONE_DIGITS_MAX = 12;
const WH_MAX = 10_000_000;

const whole = (least: number, most: number) => {
  const said = `a whole number from ${least} to ${most}`;
  return z.int(said).min(least, said).max(most, said);
};
const like = (pattern: RegExp, said: string) => z.string(said).regex(pattern, said);
const list = <T extends z.ZodType>(of: T) => z.array(of, "a list").readonly();
const one = <const T extends readonly [string, ...string[]]>(names: T) => z.enum(names, `one of ${names.join(", ")}`);
const words = (most: number) => z.string(`text of 1 to ${most} letters`).min(1).max(most);
const yes = z.boolean("true or false");
const minor = whole(0, MINOR_MAX);
const energyWh = whole(1, WH_MAX);
const degrees = (most: number) => z.number(`degrees from -${most} to ${most}`).min(-most).max(most);

const siteCode = like(/^[A-Z]{3}$/, "three capital letters");
const site = z.strictObject({ code: siteCode, name: words(60).nullable(), district: words(60).nullable() });

const senders = list(words(40)).optional();

/** Ids of the country's organisations at a vendor. None: none is known yet, and none is taken; what is not in the list is refused. */
const organisations = list(like(/^[\w.:-]{1,100}$/, "an id of letters, digits and .:-_"));
const vendors = z.strictObject({
  koios: z
    .strictObject({
      /** Pages for people count from 1 in some organisations and from 0 in others. */
      firstWebPage: z.literal([0, 1], "0 or 1"),
      /** What the old system calls it in its status; null: it does not know it. */
      oldName: like(/^koios_[A-Z]{2}$/, "koios_ and two capital letters").nullable(),
      organisations,
    })
    .optional(),
  thundercloud: z.strictObject({ organisations }).optional(),
  steama: z.strictObject({ organisations }).optional(),
});

/** All that a country differs in. One file a country, checked when the Worker starts. */
export const countrySchema = z.strictObject({
  code: like(/^[A-Z]{2}$/, "two capital letters (ISO 3166)"),
  name: words(60),
  currency: like(/^[A-Z]{3}$/, "three capital letters (ISO 4217)"),
  /** Decimals of the currency. */
  minorDigits: z.literal([0, 2], "0 or 2"),
  money: z.strictObject({
    symbol: like(/^[A-Za-z]{1,5}$/, "1 to 5 letters from A to Z"),
    place: one(["before", "after"]),
    /** A space between the symbol and the number. */
    spaced: yes,
    groupBy: one([",", " "]),
    /** As operators write it beside an amount; a space in it may be missing there. */
    written: z
      .array(like(/^[A-Z]{1,4}(?: [A-Z]{1,4})?$/, "capital letters, at most one space"))
      .min(1)
      .readonly(),
  }),
  dialCode: like(/^[1-9]\d{0,2}$/, "1 to 3 digits without +"),
  phone: z.strictObject({
    /** Digits behind the dial code. */
    lengths: z.array(whole(4, PHONE_DIGITS_MAX)).min(1).readonly(),
    /** What a number begins with; null: anything. */
    prefixes: z
      .array(like(/^\d{1,4}$/, "1 to 4 digits"))
      .min(1)
      .readonly()
      .nullable(),
    /** Dialled before a number inside the country only. */
    trunk: like(/^\d?$/, "one digit, or nothing"),
    /** Numbers of so many digits are old spellings: this belongs before them. */
    renewals: list(z.strictObject({ digits: whole(4, PHONE_DIGITS_MAX), prefix: like(/^\d{1,4}$/, "1 to 4 digits") })),
    /** How people write a number, with its trunk digit: digits a group. */
    groups: z.array(whole(1, PHONE_DIGITS_MAX)).min(1).readonly(),
  }),
  timeZone: like(/^[A-Za-z]+\/[A-Za-z_/-]+$/, "a zone of the IANA list, as Africa/Maseru"),
  /** Minutes the zone is ahead of UTC, all year: a country with summer time needs more than this. */
  utcOffsetMinutes: whole(-OFFSET_MINUTES_MAX, OFFSET_MINUTES_MAX),
  /** The customer's, best first. */
  languages: z
    .tuple([one(["en", "fr", "st"])])
    .rest(one(["en", "fr", "st"]))
    .readonly(),
  /** Null: nobody has said. */
  sites: list(site),
  /** Sites of the past, which the old books name: their accounts and customers are kept, and nobody is registered there. */
  closedSites: list(siteCode),
  /** Operator formats to try on a text, in this order. */
  operators: list(one(["mpesa", "ecocash", "momo"])),
  /** From whom an operator's texts come, where that is known: a till that names no sender believes these. */
  senders: z.strictObject({ mpesa: senders, ecocash: senders, momo: senders }),
  /** Default rate in ten-thousandths of a currency unit per kWh; null: unset, nothing is vended by default. */
  defaultRateE4PerKwh: whole(1, MINOR_MAX).nullable(),
  /** What a connection costs once. Null: there is no such fee. */
  fees: z.strictObject({ connectionMinor: minor, readyboardMinor: minor }).nullable(),
  /** What to do when the old system never answered a forwarded SMS. */
  onAmbiguousForward: one(["retry", "park"]),
  /** The customer is told at `warnWh`, and again only after the balance has been at `clearWh`. */
  lowBalance: z.strictObject({ warnWh: energyWh, clearWh: energyWh }),
  /** A site's disconnects stop, until a person has looked, above so many in ten minutes or this share of it in an hour. */
  breaker: z.strictObject({
    perTenMinutesMax: whole(1, 1_000),
    sharePctMax: whole(1, 100),
    accountsMin: whole(1, 1_000),
  }),
  /** Most that credits by itself, in minor units; above it a person looks. */
  caps: z.strictObject({
    paymentMinorMax: minor,
    accountDayMinorMax: minor,
    tillDayMinorMax: minor,
    chainBreakMinorMax: minor,
  }),
  /**
   * Up to so much may be ordered for an account within 24 hours by one person alone, all orders together; above it a second
   * one has to approve. A country's setting `correction_limit_minor` takes its place.
   */
  correctionLimitMinor: minor,
  /** The country with a little around it: a swapped or mistyped coordinate lies outside. */
  box: z.strictObject({ south: degrees(90), north: degrees(90), west: degrees(180), east: degrees(180) }),
  /** The meter vendors that the country has at all. */
  vendors,
  /** What is switched off does not happen. */
  features: z.strictObject({
    /** Off: no payment credits by itself; whatever machine brings it, it waits in suspense. */
    paymentAutomation: yes,
    /** Off: no vendor's wallet is credited. */
    meterCredit: yes,
    /** Off: no command goes to any meter. */
    relay: yes,
    /** Off: no fee is charged to any account, and whatever an account owes, a payment is energy, all of it. */
    fees: yes,
  }),
});

export type CountryData = z.infer<typeof countrySchema>;

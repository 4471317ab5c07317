/** What differs between countries, as data. One deployment serves one country; nothing below reads a global. */

export type CountryCode = "LS" | "BJ" | "ZM";
export type Currency = "LSL" | "XOF" | "ZMW";
export type Language = "en" | "fr" | "st";
export type Operator = "mpesa" | "ecocash" | "momo";

export type Country = {
  code: CountryCode;
  name: string;
  currency: Currency;
  /** Decimals of the currency: 2 for LSL and ZMW, 0 for XOF. */
  minorDigits: 0 | 2;
  dialCode: string;
  timeZone: string;
  /** Minutes the zone is ahead of UTC. None of the three countries has summer time. */
  utcOffsetMinutes: number;
  languages: readonly [Language, ...Language[]];
  siteCodes: readonly string[];
  /** Sites of the past, which the old books name: their accounts and customers are kept, and nobody is registered there. */
  closedSiteCodes: readonly string[];
  /** Operator formats to try on a text, in this order. */
  operators: readonly Operator[];
  /** Default rate in ten-thousandths of a currency unit per kWh; null: unset, nothing is vended by default. */
  defaultRateE4PerKwh: number | null;
  /** What to do when the old system never answered a forwarded SMS. */
  onAmbiguousForward: "retry" | "park";
  /** The customer is told at `warnWh`, and again only after the balance has been at `clearWh`. */
  lowBalance: { warnWh: number; clearWh: number };
  /** A site's disconnects stop, until a person has looked, above so many in ten minutes or this share of it in an hour. */
  breaker: { perTenMinutesMax: number; sharePctMax: number; accountsMin: number };
  /** Most that credits by itself, in minor units; above it a person looks. */
  caps: { paymentMinorMax: number; accountDayMinorMax: number; tillDayMinorMax: number; chainBreakMinorMax: number };
};

export const COUNTRIES: Record<CountryCode, Country> = {
  LS: {
    code: "LS",
    name: "Lesotho",
    currency: "LSL",
    minorDigits: 2,
    dialCode: "266",
    timeZone: "Africa/Maseru",
    utcOffsetMinutes: 120,
    languages: ["st", "en"],
    siteCodes: "MAK MAS SHG LEB SEH MAT TLH TOS SEB RIB KET LSB NKU MET BOB MAN LAB".split(" "),
    closedSiteCodes: "FSI KIT MTK PTA RTE".split(" "),
    operators: ["mpesa", "ecocash"],
    defaultRateE4PerKwh: 50_000,
    onAmbiguousForward: "retry",
    lowBalance: { warnWh: 2_000, clearWh: 4_000 },
    breaker: { perTenMinutesMax: 10, sharePctMax: 25, accountsMin: 3 },
    caps: {
      paymentMinorMax: 2_000_000,
      accountDayMinorMax: 3_000_000,
      tillDayMinorMax: 50_000_000,
      chainBreakMinorMax: 20_000,
    },
  },
  BJ: {
    code: "BJ",
    name: "Benin",
    currency: "XOF",
    minorDigits: 0,
    dialCode: "229",
    timeZone: "Africa/Porto-Novo",
    utcOffsetMinutes: 60,
    languages: ["fr", "en"],
    siteCodes: ["GBO", "SAM"],
    closedSiteCodes: [],
    operators: ["momo"],
    defaultRateE4PerKwh: 1_600_000,
    onAmbiguousForward: "retry",
    lowBalance: { warnWh: 5_000, clearWh: 12_000 },
    breaker: { perTenMinutesMax: 10, sharePctMax: 25, accountsMin: 3 },
    caps: {
      paymentMinorMax: 500_000,
      accountDayMinorMax: 1_000_000,
      tillDayMinorMax: 20_000_000,
      chainBreakMinorMax: 20_000,
    },
  },
  ZM: {
    code: "ZM",
    name: "Zambia",
    currency: "ZMW",
    minorDigits: 2,
    dialCode: "260",
    timeZone: "Africa/Lusaka",
    utcOffsetMinutes: 120,
    languages: ["en"],
    siteCodes: [],
    closedSiteCodes: [],
    operators: ["momo"],
    defaultRateE4PerKwh: null,
    onAmbiguousForward: "retry",
    lowBalance: { warnWh: 10_000, clearWh: 20_000 },
    breaker: { perTenMinutesMax: 10, sharePctMax: 25, accountsMin: 3 },
    caps: {
      paymentMinorMax: 500_000,
      accountDayMinorMax: 1_000_000,
      tillDayMinorMax: 20_000_000,
      chainBreakMinorMax: 20_000,
    },
  },
};

/** The same country with its closed sites among the others: what is registered there already may say so. */
export const withClosedSites = (country: Country): Country => ({
  ...country,
  siteCodes: [...country.siteCodes, ...country.closedSiteCodes],
});

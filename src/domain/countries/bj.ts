import type { CountryData } from "./schema.ts";

export const BJ = {
  code: "BJ",
  name: "Benin",
  currency: "XOF",
  minorDigits: 0,
  money: { symbol: "FCFA", place: "after", spaced: true, groupBy: " ", written: ["F CFA", "XOF", "CFA"] },
  dialCode: "229",
  // Every old number of 8 digits got 01 before it; both spellings are one person.
  phone: {
    lengths: [10],
    prefixes: ["01"],
    trunk: "",
    renewals: [{ digits: 8, prefix: "01" }],
    groups: [2, 2, 2, 2, 2],
  },
  timeZone: "Africa/Porto-Novo",
  utcOffsetMinutes: 60,
  languages: ["fr", "en"],
  sites: [
    { code: "GBO", name: "Gbo", district: "Zou" },
    { code: "SAM", name: "Sam", district: "Zou" },
  ],
  closedSites: [],
  operators: ["momo"],
  senders: { momo: ["MTN", "MobileMoney", "MTN MoMo"] },
  defaultRateE4PerKwh: 1_600_000,
  fees: null,
  onAmbiguousForward: "retry",
  lowBalance: { warnWh: 5_000, clearWh: 12_000 },
  breaker: { perTenMinutesMax: 10, sharePctMax: 25, accountsMin: 3 },
  caps: {
    paymentMinorMax: 500_000,
    accountDayMinorMax: 1_000_000,
    tillDayMinorMax: 20_000_000,
    chainBreakMinorMax: 20_000,
  },
  correctionLimitMinor: 15_000,
  box: { south: 6.0, north: 12.6, west: 0.6, east: 4.0 },
  // The old system's name of Benin; its organisation's pages for people count from 0.
  vendors: { koios: { firstWebPage: 0, oldName: "koios_BN", organisations: [] } },
  features: { paymentAutomation: true, meterCredit: true, relay: true, fees: false },
} as const satisfies CountryData;

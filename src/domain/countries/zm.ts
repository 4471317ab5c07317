import type { CountryData } from "./schema.ts";

/** Not open yet: no site, no tariff, and nothing happens by itself. Money that comes all the same waits in suspense. */
export const ZM = {
  code: "ZM",
  name: "Zambia",
  currency: "ZMW",
  minorDigits: 2,
  money: { symbol: "K", place: "before", spaced: false, groupBy: ",", written: ["K", "ZMW"] },
  dialCode: "260",
  phone: { lengths: [9], prefixes: null, trunk: "0", renewals: [], groups: [3, 7] },
  timeZone: "Africa/Lusaka",
  utcOffsetMinutes: 120,
  languages: ["en"],
  sites: [],
  closedSites: [],
  operators: ["momo"],
  senders: {},
  defaultRateE4PerKwh: null,
  fees: null,
  onAmbiguousForward: "retry",
  lowBalance: { warnWh: 10_000, clearWh: 20_000 },
  breaker: { perTenMinutesMax: 10, sharePctMax: 25, accountsMin: 3 },
  caps: {
    paymentMinorMax: 500_000,
    accountDayMinorMax: 1_000_000,
    tillDayMinorMax: 20_000_000,
    chainBreakMinorMax: 20_000,
  },
  correctionLimitMinor: 10_000,
  box: { south: -18.2, north: -8.1, west: 21.8, east: 33.8 },
  vendors: {},
  features: { paymentAutomation: false, meterCredit: false, relay: false, fees: false },
} as const satisfies CountryData;

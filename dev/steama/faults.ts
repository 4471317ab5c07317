import type { FaultCatalogue } from "../vendors/faults.ts";

/** What can go wrong at SteamaCo, each switched by `POST /faults`. */
export const STEAMA_FAULTS = {
  token_expired: { about: "all tokens end", params: {} },
  numbers: { about: "readings as numbers instead of texts", params: {} },
  register_reset: {
    about: "the registers began at zero again at midnight UTC: that hour's use is below zero",
    params: {},
  },
  storm: { about: "an answer of the gateway to anything", params: { status: 502 } },
  html: { about: "an HTML page with 200 instead of an answer", params: {} },
  slow: { about: "an answer takes long", params: { seconds: 60 } },
} as const satisfies FaultCatalogue;

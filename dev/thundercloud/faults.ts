import type { FaultCatalogue, FaultParams } from "../vendors/faults.ts";

/** What can go wrong at ThunderCloud, each switched by `POST /faults`. What it always does is not in here. */
export const THUNDERCLOUD_FAULTS = {
  stale_token: { about: "tokens are no longer taken until somebody signs in", params: {} },
  base_offline: { about: "the base station has not synced: credits wait until it does", params: { hours: 30 } },
  delay: { about: "how long after it is taken a credit is processed at the site", params: { seconds: 180 } },
  cut_before: { about: "the line breaks before a credit is taken", params: {} },
  cut_after: { about: "the line breaks after a credit was taken", params: {} },
  empty: { about: "a credit is taken and answered with an empty body", params: {} },
  failure_in_200: {
    about: "a credit is refused with 200 and status failure; `path`: of this customer's code alone",
    params: { error: "wallet is locked" },
  },
  html: { about: "an HTML page with 200 instead of an answer", params: {} },
  storm: { about: "502 and 504 to anything", params: { status: 0 } },
  slow: { about: "an answer takes long", params: { seconds: 60 } },
  session_lost: { about: "web sessions end: the login page with 200 instead of data", params: {} },
  late: { about: "a day's file is there only so many days after", params: { days: 4 } },
  renamed_columns: { about: "parquet columns have the names of another release", params: { release: 2 } },
  text_times: { about: "parquet timestamps are ISO texts", params: {} },
  text_meters: { about: "parquet meters are texts", params: {} },
  missing_code: { about: "parquet rows without the customer's code", params: {} },
  duplicates: { about: "heartbeats repeated in the file", params: { times: 3 } },
  garbage: { about: "impossible energies beside the true ones", params: { perMille: 5 } },
  gaps: {
    about: "some hours of a meter's day never come, though its wallet falls",
    params: { hours: 3, permille: 100, meters: "" },
  },
  future_row: { about: "a row dated days ahead", params: {} },
  tiny_file: { about: "a file of fewer than 100 bytes: no data", params: {} },
  kilowatts: { about: "avg_true_power in kW for some meters", params: { permille: 500 } },
  cumulative_reset: {
    about: "total_cycle_energy began at zero again at midnight for some meters",
    params: { permille: 300 },
  },
} as const satisfies FaultCatalogue;

/** All that mends itself, at the rates of a bad month. */
export const THUNDERCLOUD_WEATHER: { readonly [name in keyof typeof THUNDERCLOUD_FAULTS]?: FaultParams } = {
  cut_before: { permille: 30 },
  cut_after: { permille: 30 },
  empty: { permille: 30 },
  failure_in_200: { permille: 30 },
  html: { permille: 10 },
  storm: { permille: 50 },
  slow: { permille: 3, seconds: 60 },
  session_lost: { permille: 30 },
  late: { permille: 250, days: 4 },
  renamed_columns: { permille: 500, release: 3 },
  text_times: { permille: 200 },
  text_meters: { permille: 300 },
  missing_code: { permille: 200 },
  duplicates: { permille: 400, times: 3 },
  garbage: { permille: 300, perMille: 3 },
  future_row: { permille: 200 },
  kilowatts: { permille: 500 },
};

/** One country's process: `run.ts` starts it and tells it what to do. */
import { liveCountry } from "./country.ts";
import type { CountryOptions, FromCountry } from "./options.ts";

const tell = (message: FromCountry) => process.send?.(message);

process.once("message", (options) => {
  // What the Worker says of faults it meets would drown the figures.
  if (process.env.TRUTH_LOG === undefined) for (const name of ["log", "warn"] as const) console[name] = () => undefined;
  liveCountry(options as CountryOptions, (progress) => tell({ progress })).then(
    (truth) => process.send?.({ truth }, () => process.exit(0)),
    (thrown) => {
      console.error(thrown);
      process.exit(1);
    },
  );
});

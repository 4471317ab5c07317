import type { Call } from "../move-in.ts";
import type { OldRate } from "./migrate.ts";

/** The old system's rate, from the day it was set. One that begins at that instant already and is another one stays. */
export async function writeRate(call: Call, rate: OldRate | null, print: (line: string) => void): Promise<void> {
  if (rate === null)
    return print("rate      the old settings do not say one, or not since when: set it with POST /api/ops/rates");
  const validFrom = new Date(rate.from).toISOString();
  const { rateE4PerKwh } = rate;
  try {
    await call("POST", "/rates", { rates: [{ scope: "global", subject: null, rateE4PerKwh, validFrom }] });
    print(`rate      ${rateE4PerKwh} ten-thousandths a kWh from ${validFrom}`);
  } catch (thrown) {
    if (!String(thrown).includes(" answered 409")) throw thrown;
    print(`rate      another one begins at ${validFrom} here, and stays`);
  }
}

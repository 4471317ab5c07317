import type { Call } from "../move-in.ts";
import { patiently } from "../move-in.ts";

const ANSWER_CHARS_MAX = 300;

/** What a kWh cost by the old books, and since when. */
export type OldRate = { rateE4PerKwh: number; from: number };
export type RateWritten = OldRate & { outcome: "set" | "refused"; because: string | null };

/**
 * Sets the rate for the whole country from its day. Again it changes nothing; where another rate begins at that instant, or
 * payments are priced already, it is refused, and a person decides.
 */
export async function postRate(call: Call, { rateE4PerKwh, from }: OldRate): Promise<RateWritten> {
  const rate = { scope: "global", subject: null, rateE4PerKwh, validFrom: new Date(from).toISOString() };
  try {
    await patiently(() => call("POST", "/rates", { rates: [rate] }));
    return { rateE4PerKwh, from, outcome: "set", because: null };
  } catch (thrown) {
    const said = thrown instanceof Error ? / answered (?:409|422): (.*)$/s.exec(thrown.message)?.[1] : undefined;
    if (said === undefined) throw thrown;
    return { rateE4PerKwh, from, outcome: "refused", because: messageOf(said) };
  }
}

/** The sentence of an answer; what is no answer of the door's shape, as it came. */
function messageOf(answer: string): string {
  try {
    const { error } = JSON.parse(answer) as { error?: { message?: unknown } };
    if (typeof error?.message === "string") return error.message;
  } catch {
    // A gateway in between answers in its own way.
  }
  return answer.slice(0, ANSWER_CHARS_MAX);
}

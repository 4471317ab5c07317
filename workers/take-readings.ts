import { type MessageFault, type MeterMessage, readMeterMessage } from "../src/domain/meter-message.ts";
import type { Reading, ReadingSource } from "../src/domain/reading.ts";
import { type Recorded, recordReadings } from "../src/services/record-readings.ts";
import type { Env } from "./env.ts";
import { clockOf, countryOf, recordPortsOf } from "./ports.ts";

/** What a message is answered: the same in a batch and alone. */
export type Item =
  | {
      status: "accepted" | "quarantined" | "unmapped" | "dropped";
      meter_id: string;
      account: string | null;
      /** What the difference comes to is settled in the account, in order, and not known here. */
      delta_kwh: null;
      because: string | null;
    }
  | ({ status: "rejected"; meter_id: string | null } & MessageFault);

const TOO_MANY_METERS = "a meter that is placed: too many without a place are kept already";

/** Whoever brings them: one answer a message, in their order; or the meters whose readings nobody could take. */
export async function takeReadings(
  env: Env,
  messages: unknown[],
  source: ReadingSource,
): Promise<Item[] | { meters: string[] }> {
  const { utcOffsetMinutes } = countryOf(env);
  const read = messages.map((message) => readMeterMessage(message, { utcOffsetMinutes, source }));
  const own = read.flatMap((message) => (message.kind === "reading" ? [message.reading] : []));
  const recorded = own.length === 0 ? [] : await recordReadings(recordPortsOf(env), own, clockOf(env).now());
  const meters = own.filter((_, index) => recorded[index]?.status === "later").map(({ meterNumber }) => meterNumber);
  if (meters.length > 0) return { meters: [...new Set(meters)] };
  let nth = 0;
  return read.map((message) => itemOf(message, message.kind === "reading" ? recorded[nth++] : undefined));
}

function itemOf(message: MeterMessage, recorded: Recorded | undefined): Item {
  if (message.kind === "rejected") {
    const { meterNumber, field, value, expected } = message;
    return { status: "rejected", meter_id: meterNumber, field, value, expected };
  }
  if (message.kind === "dropped") return taken("dropped", message.meterNumber, null, message.because);
  const { meterNumber }: Reading = message.reading;
  if (recorded === undefined || recorded.status === "later") throw new Error("a reading was left without an answer");
  if (recorded.status === "no_room")
    return {
      status: "rejected",
      meter_id: meterNumber,
      field: "meter_id",
      value: meterNumber,
      expected: TOO_MANY_METERS,
    };
  return taken(recorded.status, meterNumber, recorded.account, recorded.because);
}

const taken = (
  status: Exclude<Item["status"], "rejected">,
  meterNumber: string,
  account: string | null,
  because: string | null,
): Item => ({ status, meter_id: meterNumber, account, delta_kwh: null, because });

export function countsOf(items: readonly Item[]): Record<Item["status"], number> {
  const counts: Record<Item["status"], number> = { accepted: 0, quarantined: 0, unmapped: 0, dropped: 0, rejected: 0 };
  for (const { status } of items) counts[status] += 1;
  return counts;
}

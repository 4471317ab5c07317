import type { SampledMeter, SampleProgress, Samples } from "../ports/samples.ts";

/**
 * Samples are asked for again from so long before the newest one brought over: some are stored late, and what was brought
 * already changes nothing.
 */
export const OVERLAP_MS = 2 * 3_600_000;
/** A meter that was never synced but is known by another road: this far back from where it was last heard. */
export const FIRST_OVERLAP_MS = 2 * 86_400_000;

export type SyncPorts = {
  samples: Samples;
  progress: Pick<SampleProgress, "advance">;
  /** Commits samples by the road of live readings; how many ended how, or "later": not everything was stored. */
  record(samples: Record<string, unknown>[]): Promise<Record<string, number> | "later">;
  utcOffsetMinutes: number;
  now(): number;
};
export type SyncedPage = { read: number; counts: Record<string, number>; next: string | null };

/**
 * Brings one page of a meter's samples over; `next` names the page after it, null when the meter is up to date. The
 * progress never passes the present: a clock that runs hours ahead would hide what comes until then. What was brought
 * while it lay in the future is not brought again: once that time has come nobody would see that its clock was wrong.
 */
export async function syncSamples(
  ports: SyncPorts,
  meter: SampledMeter,
  after: string | null,
): Promise<SyncedPage | "later"> {
  const from = after ?? startOf(meter, ports.utcOffsetMinutes);
  const { samples: found, next } = await ports.samples.page(meter.meterNumber, from);
  const samples = found.filter((sample) => !meter.ahead.includes(timeOf(sample)));
  if (samples.length === 0) return { read: 0, counts: {}, next };
  const counts = await ports.record(samples);
  if (counts === "later") return "later";
  const present = wallClock(ports.now(), ports.utcOffsetMinutes);
  const times = samples.map(timeOf).filter((time) => time !== "");
  const sampleTime = times.filter((time) => time <= present).at(-1) ?? null;
  const ahead = times.filter((time) => time > present);
  const forgetUpTo = overlapBefore(sampleTime ?? meter.sampleTime) ?? "";
  if (times.length > 0) await ports.progress.advance(meter.meterNumber, { sampleTime, ahead, forgetUpTo }, ports.now());
  return { read: samples.length, counts, next };
}

/** After which time a meter's first page begins; null: with its first sample. */
function startOf({ sampleTime, seenAt }: SampledMeter, utcOffsetMinutes: number): string | null {
  const again = overlapBefore(sampleTime);
  if (again !== null) return again;
  return seenAt === null ? null : wallClock(seenAt - FIRST_OVERLAP_MS, utcOffsetMinutes);
}

function overlapBefore(sampleTime: string | null): string | null {
  const synced = sampleTime === null ? null : instantOf(sampleTime);
  return synced === null ? null : wallClock(synced - OVERLAP_MS, 0);
}

/** YYYYMMDDHHMM of a wall clock that is so far ahead of UTC. */
export const wallClock = (at: number, utcOffsetMinutes: number): string =>
  new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 16).replaceAll(/[-T:]/g, "");

/** A wall clock's time on its own axis, only to go back from it; null: not of that form. */
function instantOf(time: string): number | null {
  const [, year, month, day, hour, minute] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(time) ?? [];
  return year === undefined
    ? null
    : Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
}

/** A sample's key; "" where it has none, which sorts before everything. */
function timeOf(sample: Record<string, unknown>): string {
  const time = sample.sample_time;
  const text = typeof time === "object" && time !== null && "S" in time ? time.S : time;
  return typeof text === "string" ? text : "";
}

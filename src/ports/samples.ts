/** `next`: the time of the last sample of a page that is not the last one; null: there are no more. */
export type SamplePage = { samples: Record<string, unknown>[]; next: string | null };

/** The table did not answer, or refused; the message says with what. */
export class SamplesUnavailable extends Error {}

/** The table in which the bridge stores every message of every meter, by the meter's own clock (YYYYMMDDHHMM). */
export interface Samples {
  /** Samples of a meter after a time, oldest first; null: from the first. Throws SamplesUnavailable. */
  page(meterNumber: string, after: string | null): Promise<SamplePage>;
}

/** A meter whose samples are brought over. */
export type SampledMeter = {
  id: number;
  meterNumber: string;
  /** The newest sample brought over so far, by the meter's clock; null: none yet. */
  sampleTime: string | null;
  /** Times of samples that were brought over while they lay in the future: the meter's clock was wrong. */
  ahead: string[];
  /** When it was last heard of by any road, UTC ms; null: never. */
  seenAt: number | null;
};

export type SampleStep = { sampleTime: string | null; ahead: string[]; forgetUpTo: string };

/** How far each meter's samples were brought over. Throws when nobody knows. */
export interface SampleProgress {
  /** Meters of ours, by rising id, after this one. */
  metersAfter(id: number, max: number): Promise<SampledMeter[]>;
  /** `sampleTime` only ever forward. `ahead` is added to what is there; of all, those up to `forgetUpTo` are forgotten. */
  advance(meterNumber: string, step: SampleStep, at: number): Promise<void>;
}

import { progressBar } from "../backfill/report.ts";
import { progressLine } from "../progress-line.ts";

/** Hears how far a long step has come. */
export type Progress = (what: string, done: number, of: number) => void;

export function drawnProgress(): Progress {
  const draw = progressLine();
  return (what, done, of) => draw(() => progressBar(done, of, what));
}

import type { Tone } from "../../parts/badge.tsx";

export const VERDICTS = ["differ", "waits", "agree", "unknown"] as const;
export type Verdict = (typeof VERDICTS)[number];
export const TONES: Record<Verdict, Tone> = { differ: "bad", waits: "warn", agree: "good", unknown: "quiet" };

type Cause = {
  cause: string;
  explainsWh?: number | undefined;
  exact?: boolean | undefined;
  names?: string[] | undefined;
};

/** The causes by how much of the difference they explain, the largest first. */
export const rankedCauses = (causes: readonly Cause[]): Cause[] =>
  causes.toSorted((a, b) => Math.abs(b.explainsWh ?? 0) - Math.abs(a.explainsWh ?? 0));

/** How much of the difference the causes leave unexplained; null: the wallet was not seen. */
export const unexplainedWh = (deltaWh: number | null, causes: readonly Cause[]): number | null =>
  deltaWh === null ? null : deltaWh - causes.reduce((sum, { explainsWh = 0 }) => sum + explainsWh, 0);

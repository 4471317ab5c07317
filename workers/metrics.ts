/** What is needed of a deployment to count: its country and its dataset, if it has one. */
export type Counting = {
  COUNTRY: string;
  METRICS?: { writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void };
};

/** What is counted, and what `name` and `outcome` are of each. Never a person, an account or a receipt. */
export type Measured = {
  /** request: route and status. job: job and good, failed or database_down. copy: rows written. forward: what the old system said. alarm: which, raised or cleared. */
  kind: "request" | "job" | "copy" | "forward" | "alarm";
  name: string;
  outcome: string;
  /** How many; 1 where nothing else is said. */
  count?: number;
  /** How long it took; null: it has no length. */
  ms?: number | null;
};

/**
 * Writes one point of the deployment's metrics (docs/operations.md says how to ask for them). They are sampled, and no figure of
 * money comes from them. Never in anybody's way: without the binding, or when it fails, nothing is written.
 */
export function measure(env: Counting, { kind, name, outcome, count = 1, ms = null }: Measured) {
  try {
    env.METRICS?.writeDataPoint({
      indexes: [kind],
      blobs: [env.COUNTRY, kind, name, outcome],
      doubles: [count, ms ?? -1],
    });
  } catch {
    // A metric is worth nobody's payment.
  }
}

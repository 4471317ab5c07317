/** List prices in US dollars, what comes free left out, and limits of the platform; as their pages stood in November 2026. */
export const PRICES = {
  /** A million requests that reach the Worker. developers.cloudflare.com/workers/platform/pricing */
  requestsMillion: 0.3,
  /** A million milliseconds of its CPU; the same page. */
  cpuMsMillion: 0.02,
  /** A million calls and alarms of objects. developers.cloudflare.com/durable-objects/platform/pricing */
  objectCallsMillion: 0.15,
  /** A million GB-seconds that objects are at work, 128 MB each; the same page. */
  objectGbSecondsMillion: 12.5,
  /** A million rows that objects write, rows of indexes and alarms among them; the same page. */
  objectRowsMillion: 1,
  /** A GB of objects a month; the same page. */
  objectGb: 0.2,
  /** A million operations of a queue. developers.cloudflare.com/queues/platform/pricing */
  queueOperationsMillion: 0.4,
  /** An hour of a compute unit of PostgreSQL, plan Scale. neon.com/docs/introduction/plans */
  neonComputeHour: 0.222,
  /** A GB of PostgreSQL a month; the same page. */
  neonGb: 0.35,
  /** A million writes to R2, and a GB of it a month. developers.cloudflare.com/r2/pricing */
  r2WritesMillion: 4.5,
  r2Gb: 0.015,
} as const;

export const PRICES_AS_OF = "November 2026";

export const LIMITS = {
  /** Calls a second of one object that writes: 200 to 500 by its documentation. developers.cloudflare.com/durable-objects/platform/limits */
  objectCallsASecond: 200,
  /** Bytes of one object; the same page. */
  objectBytes: 10e9,
  /** Messages a second of one queue. developers.cloudflare.com/queues/platform/limits */
  queueMessagesASecond: 5_000,
  /** Bytes of one branch of a database. neon.com/docs/introduction/plans */
  neonBytes: 16e12,
  /** Compute units of one database, as many as are planned for; larger ones exist. */
  neonComputeUnits: 8,
} as const;

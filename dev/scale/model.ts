/** What so many accounts ask of the platform a month, what it costs, and which limit is met first. Pure. */
import { LIMITS, PRICES } from "./prices.ts";

/** What one event asks for. */
export type Asked = {
  /** Requests that reach the Worker. */
  requests: number;
  /** Calls of objects, and their alarms. */
  objectCalls: number;
  /** Rows that objects write, those of indexes, of alarms that are set and of what is pruned later among them. */
  objectRows: number;
  queueMessages: number;
  workerCpuMs: number;
  postgresCpuMs: number;
  /** Bytes that stay in objects, and bytes that are pruned from them after `PRUNED_MONTHS`. */
  objectBytes: number;
  objectBytesPruned: number;
  postgresBytes: number;
  r2Writes: number;
  r2Bytes: number;
};

export const NOTHING: Asked = {
  ...{ requests: 0, objectCalls: 0, objectRows: 0, queueMessages: 0, workerCpuMs: 0, postgresCpuMs: 0 },
  ...{ objectBytes: 0, objectBytesPruned: 0, postgresBytes: 0, r2Writes: 0, r2Bytes: 0 },
};

export const EVENTS = ["payment", "reading", "night", "view"] as const;
export type Event = (typeof EVENTS)[number];
/** How often an account has each in a month. */
export type Usage = Record<Event, number>;
export type Counted = Record<Event, Asked>;

/** Objects that many accounts share, and what an event asks of all of them together. */
export type Shared = {
  name: string;
  /** How many there are in a country. */
  count: number;
  calls: Partial<Record<Event, number>>;
  /** Bytes that stay in them. */
  bytes: Partial<Record<Event, number>>;
  /** What changes where it bites. */
  change: string;
};

/** By how much the busiest second is over the month's mean: the evening of a pay day; readings all come at the quarter of an hour, spread over minutes. */
export const PEAK: Usage = { payment: 10, reading: 5, night: 6, view: 10 };
export const MONTHS_KEPT = 12;
/** Readings leave objects after 40 days, SMS after 35; both are taken as 40. */
const PRUNED_MONTHS = 40 / 30;
const MONTH_HOURS = 24 * 30;
const MONTH_SECONDS = MONTH_HOURS * 3_600;
const GB = 1e9;
/** How long a call keeps an object at work, mostly waiting for others; supposed, for no local machine can tell. Seconds at 128 MB. */
const CALL_SECONDS = 0.02;
const OBJECT_GB = 0.128;
/** A message is written, read and deleted. */
export const OPERATIONS_A_MESSAGE = 3;
/** A compute unit is about one processor; busier than this its answers wait. */
const COMPUTE_BUSY_SHARE = 0.3;
/** Of each database: none sleeps, a report would wait for it. */
const COMPUTE_UNITS_MIN = 1;

export type Cost = Record<
  | "requests"
  | "Worker CPU"
  | "object calls"
  | "object time"
  | "object rows"
  | "object storage"
  | "queues"
  | "database compute"
  | "database storage"
  | "R2",
  number
>;
export type Month = {
  accounts: number;
  asked: Asked;
  /** Bytes after `MONTHS_KEPT`. */
  objectBytes: number;
  postgresBytes: number;
  computeUnits: number;
  /** Databases that its bytes, or the units that compute, need. */
  databases: number;
  /** US dollars. */
  cost: Cost;
  total: number;
  /** US dollars an account. */
  each: number;
};

/** All that a month asks for, of all accounts. */
export function askedBy(accounts: number, usage: Usage, counted: Counted): Asked {
  const sum = (key: keyof Asked) =>
    EVENTS.reduce((all, event) => all + accounts * usage[event] * counted[event][key], 0);
  return Object.fromEntries(Object.keys(NOTHING).map((key) => [key, sum(key as keyof Asked)])) as Asked;
}

/** A month of a country that has been at work for `MONTHS_KEPT`. */
export function monthOf(accounts: number, usage: Usage, counted: Counted): Month {
  const asked = askedBy(accounts, usage, counted);
  const objectBytes = asked.objectBytes * MONTHS_KEPT + asked.objectBytesPruned * PRUNED_MONTHS;
  const postgresBytes = asked.postgresBytes * MONTHS_KEPT;
  const busy = asked.postgresCpuMs / 1_000 / MONTH_SECONDS;
  const busyUnits = Math.ceil(busy / COMPUTE_BUSY_SHARE);
  const databases = Math.max(
    1,
    Math.ceil(postgresBytes / LIMITS.neonBytes),
    Math.ceil(busyUnits / LIMITS.neonComputeUnits),
  );
  const computeUnits = Math.max(busyUnits, databases * COMPUTE_UNITS_MIN);
  const million = (count: number, price: number) => (count / 1e6) * price;
  const cost: Cost = {
    requests: million(asked.requests, PRICES.requestsMillion),
    "Worker CPU": million(asked.workerCpuMs, PRICES.cpuMsMillion),
    "object calls": million(asked.objectCalls, PRICES.objectCallsMillion),
    "object time": million(asked.objectCalls * CALL_SECONDS * OBJECT_GB, PRICES.objectGbSecondsMillion),
    "object rows": million(asked.objectRows, PRICES.objectRowsMillion),
    "object storage": (objectBytes / GB) * PRICES.objectGb,
    queues: million(asked.queueMessages * OPERATIONS_A_MESSAGE, PRICES.queueOperationsMillion),
    "database compute": computeUnits * MONTH_HOURS * PRICES.neonComputeHour,
    "database storage": (postgresBytes / GB) * PRICES.neonGb,
    R2: million(asked.r2Writes, PRICES.r2WritesMillion) + ((asked.r2Bytes * MONTHS_KEPT) / GB) * PRICES.r2Gb,
  };
  const total = Object.values(cost).reduce((sum, each) => sum + each, 0);
  return {
    ...{ accounts, asked, objectBytes, postgresBytes, computeUnits, databases },
    ...{ cost, total, each: total / accounts },
  };
}

export type Bite = {
  limit: string;
  /** Accounts of a country at which it is met. */
  atAccounts: number;
  change: string;
};

/** The nightly comparison of objects with PostgreSQL goes page after page; seconds of a page are supposed, twenty calls at once. */
const NIGHT_PAGE_ACCOUNTS = 200;
const NIGHT_PAGE_SECONDS = 1;
const NIGHT_SECONDS = 6 * 3_600;

const CHANGES = {
  night: "a comparison for each site, beside each other",
  queue: "two queues that copy, and then more: which one, an account's number says",
  bytes:
    "raw readings go to R2 as files and leave PostgreSQL after a quarter; then a database for some sites of the country",
  compute: "a replica for reports and pages; then a database for some sites of the country",
};

/** The limits in the order in which a growing country meets them; one that is never met is not among them. */
export function bitesOf(usage: Usage, counted: Counted, shared: readonly Shared[]): Bite[] {
  const aSecond = (of: (event: Event) => number) =>
    EVENTS.reduce((sum, event) => sum + (usage[event] * PEAK[event] * of(event)) / MONTH_SECONDS, 0);
  const one = monthOf(1, usage, counted);
  const bites: Bite[] = shared.flatMap(({ name, count, calls, bytes, change }) => {
    const yearly = EVENTS.reduce((sum, event) => sum + usage[event] * (bytes[event] ?? 0), 0) * MONTHS_KEPT;
    return [
      {
        limit: `calls a second of ${name}`,
        atAccounts: (LIMITS.objectCallsASecond * count) / aSecond((event) => calls[event] ?? 0),
        change,
      },
      { limit: `bytes of ${name} in a year`, atAccounts: (LIMITS.objectBytes * count) / yearly, change },
    ];
  });
  bites.push(
    {
      limit: "messages a second of the queues, were they one",
      atAccounts: LIMITS.queueMessagesASecond / aSecond((event) => counted[event].queueMessages),
      change: CHANGES.queue,
    },
    {
      limit: `${NIGHT_SECONDS / 3_600} hours of a night, for the comparison`,
      atAccounts: (NIGHT_SECONDS / NIGHT_PAGE_SECONDS) * NIGHT_PAGE_ACCOUNTS,
      change: CHANGES.night,
    },
    {
      limit: "bytes of one database in a year",
      atAccounts: LIMITS.neonBytes / one.postgresBytes,
      change: CHANGES.bytes,
    },
    {
      limit: `${LIMITS.neonComputeUnits} compute units of one database`,
      atAccounts: (LIMITS.neonComputeUnits * COMPUTE_BUSY_SHARE * MONTH_SECONDS * 1_000) / one.asked.postgresCpuMs,
      change: CHANGES.compute,
    },
  );
  return bites.filter(({ atAccounts }) => Number.isFinite(atAccounts)).toSorted((a, b) => a.atAccounts - b.atAccounts);
}

/** Accounts of a site that one object would hold. */
export const ACCOUNTS_AN_OBJECT = 200;
const READINGS_AN_HOUR = 4;
/** One for the hour, one for its entry and balance. */
const ROWS_AN_ACCOUNT_HOUR = 2;

/**
 * The same events where a site's accounts share an object, its meters' readings come in one call and are kept as hours, and what
 * was read goes to R2. A plan, not counted: what a batch costs is the counted cost of a batch, the rest follows from its shape.
 */
export function packed(
  counted: Counted,
  batched: Pick<Asked, "workerCpuMs" | "postgresCpuMs">,
  hourBytes: number,
): Counted {
  const { reading } = counted;
  return {
    ...counted,
    reading: {
      ...reading,
      ...batched,
      objectCalls: 1 / ACCOUNTS_AN_OBJECT,
      objectRows: ROWS_AN_ACCOUNT_HOUR / READINGS_AN_HOUR,
      queueMessages: 1 / ACCOUNTS_AN_OBJECT,
      postgresBytes: hourBytes / READINGS_AN_HOUR,
      r2Writes: 1 / (ACCOUNTS_AN_OBJECT * READINGS_AN_HOUR),
      r2Bytes: reading.postgresBytes,
    },
    night: { ...counted.night, objectCalls: counted.night.objectCalls / ACCOUNTS_AN_OBJECT },
  };
}

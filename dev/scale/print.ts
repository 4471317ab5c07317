/** The tables of docs/scale.md, computed. */
import { grouped, table } from "../bench/figures.ts";
import { BATCHED_READING, COUNTED, COUNTED_AS_OF, HOUR_ROW_BYTES, SHARED, USAGE } from "./counted.ts";
import {
  ACCOUNTS_AN_OBJECT,
  type Asked,
  bitesOf,
  type Cost,
  type Counted,
  EVENTS,
  MONTHS_KEPT,
  type Month,
  monthOf,
  OPERATIONS_A_MESSAGE,
  PEAK,
  packed,
} from "./model.ts";
import { PRICES_AS_OF } from "./prices.ts";

const SIZES = [10_000, 1_000_000, 100_000_000] as const;

const short = (value: number) => {
  if (value >= 1e9) return `${value >= 1e11 ? grouped(value / 1e9) : (value / 1e9).toFixed(1)} billion`;
  if (value >= 1e6) return `${value >= 1e8 ? grouped(value / 1e6) : (value / 1e6).toFixed(1)} million`;
  return value >= 1e4 ? grouped(Math.round(value / 1e3) * 1e3) : grouped(value);
};
const dollars = (value: number) => (value < 10 ? value.toFixed(2) : grouped(value));
const bytesOf = (bytes: number) => {
  if (bytes >= 1e14) return `${grouped(bytes / 1e12)} TB`;
  return bytes >= 1e12 ? `${(bytes / 1e12).toFixed(1)} TB` : `${few(bytes / 1e9)} GB`;
};
const few = (value: number) =>
  value === 0 ? "–" : value >= 100 ? grouped(value) : String(Number(value.toPrecision(2)));

const NAMES: Record<(typeof EVENTS)[number], string> = {
  payment: "a payment",
  reading: "a reading",
  night: "a night, an account",
  view: "a page that somebody looks at",
};

const row = (name: string, months: readonly Month[], of: (month: Month) => string) => [name, ...months.map(of)];
const sized = (first: string) => [first, ...SIZES.map((size) => `${short(size)} accounts`)];

function countedTable(counted: Counted): string {
  const cells = (asked: Asked) => [
    ...[asked.requests, asked.objectCalls, asked.objectRows, asked.queueMessages].map(few),
    `${few(asked.workerCpuMs)} / ${few(asked.postgresCpuMs)}`,
    `${few(asked.objectBytes + asked.objectBytesPruned)} / ${few(asked.postgresBytes)}`,
  ];
  return table(
    [
      ...["asks for", "requests", "calls and alarms of objects", "rows written by objects", "queue messages"],
      ...["CPU ms: Worker / PostgreSQL", "bytes: objects / PostgreSQL"],
    ],
    EVENTS.map((event) => [NAMES[event], ...cells(counted[event])]),
  );
}

function askedTable(months: readonly Month[]): string {
  return table(sized("in a month"), [
    row("requests", months, ({ asked }) => short(asked.requests)),
    row("calls and alarms of objects", months, ({ asked }) => short(asked.objectCalls)),
    row("rows written by objects", months, ({ asked }) => short(asked.objectRows)),
    row("operations of queues", months, ({ asked }) => short(asked.queueMessages * OPERATIONS_A_MESSAGE)),
    row(`bytes of objects after ${MONTHS_KEPT} months`, months, ({ objectBytes }) => bytesOf(objectBytes)),
    row(`bytes of PostgreSQL after ${MONTHS_KEPT} months`, months, ({ postgresBytes }) => bytesOf(postgresBytes)),
    row("compute units of PostgreSQL", months, ({ computeUnits }) => grouped(computeUnits)),
    row("databases", months, ({ databases }) => grouped(databases)),
  ]);
}

function costTable(months: readonly Month[]): string {
  const names = Object.keys(months[0]?.cost ?? {}) as (keyof Cost)[];
  return table(sized("US dollars a month"), [
    ...names.map((name) => row(name, months, ({ cost }) => dollars(cost[name]))),
    row("**all**", months, ({ total }) => `**${dollars(total)}**`),
    row("an account", months, ({ each }) => each.toFixed(4)),
  ]);
}

/** Everything of docs/scale.md that is computed, a part after another. */
export function scaleTables(): string {
  const now = SIZES.map((accounts) => monthOf(accounts, USAGE, COUNTED));
  const plan = packed(COUNTED, BATCHED_READING, HOUR_ROW_BYTES);
  const then = SIZES.map((accounts) => monthOf(accounts, USAGE, plan));
  const bites = bitesOf(USAGE, COUNTED, SHARED).map((bite) => [bite.limit, short(bite.atAccounts), bite.change]);
  return [
    "## What is asked for",
    `Counted ${COUNTED_AS_OF}. An account a month: ${USAGE.payment} payments, ${grouped(USAGE.reading)} readings, ${USAGE.night} nights, ${USAGE.view} pages.`,
    countedTable(COUNTED),
    "## As it is built",
    askedTable(now),
    `List prices of ${PRICES_AS_OF}, what comes free left out.`,
    costTable(now),
    "## Where each limit bites",
    `The busiest second is taken as ${PEAK.payment} times the month's mean of payments, ${PEAK.reading} times that of readings.`,
    table(["limit", "a country meets it at so many accounts", "what changes then"], bites),
    "## With a site's accounts in one object, and readings in R2",
    `${ACCOUNTS_AN_OBJECT} accounts an object, a batch of readings a call, hours and not readings kept in PostgreSQL. A plan: nothing of it is built.`,
    askedTable(then),
    costTable(then),
  ].join("\n\n");
}

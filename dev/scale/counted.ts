/** What was counted and measured, each with the command that does it again; what is supposed is named so. */
import { type Asked, type Counted, NOTHING, type Shared, type Usage } from "./model.ts";

export const COUNTED_AS_OF = "30 November 2026";

/** `npm run bench:sms -- --only load --old fast --count --sms 800 --warm 200 --accounts 200`: 864 SMS, 640 of them payments, ten a request. */
const SMS = {
  requests: 0.2,
  calls: 5.1,
  alarms: 1.27,
  alarmsSet: 2.96,
  rows: 78.61,
  /** Of the rows: those of Mailboxes, which are pruned later; each may be a row again. */
  rowsPruned: 22.43,
  queueMessages: 0.84,
  postgresBytes: 4_447,
};
const SMS_A_PAYMENT = 864 / 640;
/** Supposed: a real phone hands over one SMS a request, so what ten shared there is its own: receiving, leasing and confirming its forward, the rows and the message of it. */
const ALONE_SMS = { requests: 0.9, calls: 2.7, rows: 6, queueMessages: 0.9 };
/** docs/bench.md, `--only load` on a quiet machine, and `--only bytes`. */
const SMS_CPU_MS = { worker: 4.01, postgres: 0.73 };
const MAILBOX_BYTES = 1_267;
const PAYMENT_BYTES = 2_884 + 1_459;

/** `npm run bench:meters -- --only live --count --meters 150`: 3,600 readings, 24 of each meter one after the other. */
const READING = {
  calls: 1.17,
  alarms: 0.04,
  alarmsSet: 0.11,
  rows: 7.7,
  queueMessages: 0.04,
  postgresBytes: 439,
};
const READINGS_A_POST = 1_000;
/** Supposed: a quarter of an hour apart no reading has another's company on its way to PostgreSQL, and is pruned with its index. */
const ALONE_READING = { calls: 2.88, rows: 3, queueMessages: 0.96 };
/** docs/bench.md, the live shape; and the day, in batches. */
const READING_CPU_MS = { worker: 0.59, postgres: 0.154 };
export const BATCHED_READING = { workerCpuMs: 0.15, postgresCpuMs: 0.089 };
/** `npm run bench:growth`: a reading in PostgreSQL, as which it is taken in an object too; and an hour. */
const READING_ROW_BYTES = 155;
export const HOUR_ROW_BYTES = 120;

const PAYMENT: Asked = {
  ...NOTHING,
  requests: SMS_A_PAYMENT * (SMS.requests + ALONE_SMS.requests),
  objectCalls: SMS_A_PAYMENT * (SMS.calls + SMS.alarms + ALONE_SMS.calls),
  objectRows: SMS_A_PAYMENT * (SMS.rows + SMS.alarmsSet + SMS.rowsPruned + ALONE_SMS.rows),
  queueMessages: SMS_A_PAYMENT * (SMS.queueMessages + ALONE_SMS.queueMessages),
  workerCpuMs: SMS_A_PAYMENT * SMS_CPU_MS.worker,
  postgresCpuMs: SMS_A_PAYMENT * SMS_CPU_MS.postgres,
  objectBytes: PAYMENT_BYTES,
  objectBytesPruned: SMS_A_PAYMENT * MAILBOX_BYTES,
  postgresBytes: SMS_A_PAYMENT * SMS.postgresBytes,
};

export const COUNTED: Counted = {
  payment: PAYMENT,
  reading: {
    ...NOTHING,
    requests: 1 / READINGS_A_POST,
    objectCalls: READING.calls + READING.alarms + ALONE_READING.calls,
    objectRows: READING.rows + READING.alarmsSet + ALONE_READING.rows,
    queueMessages: READING.queueMessages + ALONE_READING.queueMessages,
    workerCpuMs: READING_CPU_MS.worker,
    postgresCpuMs: READING_CPU_MS.postgres,
    objectBytesPruned: READING_ROW_BYTES,
    postgresBytes: READING.postgresBytes,
  },
  /** The comparison with PostgreSQL asks each account once; what it costs the database is a page of `npm run bench:growth`, shared. */
  night: { ...NOTHING, objectCalls: 1, workerCpuMs: 0.5, postgresCpuMs: 0.2 },
  /** Supposed. */
  view: { ...NOTHING, requests: 1, workerCpuMs: 5, postgresCpuMs: 20 },
};

/** Four payments; a reading each quarter of an hour. */
export const USAGE: Usage = { payment: 4, reading: 96 * 30, night: 30, view: 10 };

/** The calls that were counted by object, for an SMS that comes alone; what pages ask is supposed. */
export const SHARED: readonly Shared[] = [
  {
    name: "a till, were it the only one",
    count: 1,
    calls: { payment: 2 * SMS_A_PAYMENT },
    bytes: {},
    change:
      "a till for each site or shop, as it is meant; a paybill of the whole country becomes several by the account's number",
  },
  {
    name: "a phone's Mailbox, were it the only one",
    count: 1,
    calls: { payment: 6 * SMS_A_PAYMENT },
    bytes: {},
    change: "a phone for each till, as it is meant; receipts from the operator come by webhook, without a phone",
  },
  {
    name: "the 16 shards of receipts",
    count: 16,
    calls: { payment: 4 * SMS_A_PAYMENT },
    bytes: { payment: 1_459 },
    change: "more shards: a receipt's number and day say which, those that are there stay",
  },
  {
    name: "the Directory",
    count: 1,
    calls: { reading: 1 / READINGS_A_POST, payment: 0.1, view: 1 },
    bytes: {},
    change: "what is asked of it is kept in the isolate for a while; then one for each site",
  },
  {
    name: "the gate before disconnects",
    count: 1,
    calls: { payment: 0.3 },
    bytes: {},
    change: "a gate for each site: permits are counted by site already",
  },
];

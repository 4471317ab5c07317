import { COUNTRIES } from "../../src/domain/country.ts";
import { dayStart, localDay } from "../../src/domain/local-day.ts";
import type { StoredTillDay } from "../../src/queries/till-days.ts";
import type { Upload, UploadRow } from "../../src/queries/uploads.ts";
import { copyOutboxes } from "../../src/services/copy-outboxes.ts";
import { copyPortsOf, sourceOf } from "../../workers/copy.ts";
import type { Env, JobMessage } from "../../workers/env.ts";
import { app } from "../../workers/index.ts";
import { tillDaysJob } from "../../workers/jobs/till-days.ts";
import { uploadsJob } from "../../workers/jobs/uploads.ts";
import { RECEIPT_SHARDS, receiptBookOf, tillOf } from "../../workers/objects/locate.ts";
import { type PortalRow, portalCsv, portalRow } from "../domain/statements/files.ts";
import { KEYS, openCountry } from "../workers/country.ts";
import { country, ops, rows } from "./country.ts";

/** Tills, texts and operators' statements about them, and the queue that works at them. */

export const DAY = 86_400_000;
export const OFFSET = 120;
export const yesterday = localDay(Date.now() - DAY, OFFSET);
export const noon = dayStart(yesterday, OFFSET) + DAY / 2;

/** Messages wait here until a test lets the job have them, as a queue would hand them over. */
export const queue: JobMessage[] = [];
export const env: Env = {
  ...country,
  JOBS: { send: async (message: JobMessage) => void queue.push(message) } as unknown as Env["JOBS"],
};
export async function work() {
  for (let n = 0; n < 50; n++) {
    const message = queue.shift();
    if (message === undefined) break;
    const more = await uploadsJob(env, message.page);
    if (more !== null) queue.push({ job: message.job, page: more.next });
    await copied();
  }
}
/** What the objects owe is in the database. */
export async function copied() {
  const shards = Array.from({ length: RECEIPT_SHARDS }, (_, n) => `shard-${String(n).padStart(2, "0")}`);
  const sources = [
    ...shards.map((name) => ({ object: "receipt_book" as const, name })),
    ...ACCOUNTS.map((name) => ({ object: "account_ledger" as const, name })),
  ];
  await copyOutboxes(
    copyPortsOf(env),
    sources.map((source) => sourceOf(env, source)),
  );
}

const ACCOUNTS = ["0145SHG", "0146SHG"];
export let receipts = 0;
export const receipt = () => `QK7S${crypto.randomUUID().slice(0, 4).toUpperCase()}${++receipts}A`;
let tills = 0;
export async function till() {
  const tillId = `till-statement-${++tills}`;
  // Objects of a test live in a deployment without a database: a till made a moment ago has nothing to load.
  await tillOf(env, tillId).configure({
    tillId,
    name: tillId,
    currency: "LSL",
    senders: ["MPESA"],
    caps: COUNTRIES.LS.caps,
    utcOffsetMinutes: OFFSET,
    version: 1,
  });
  const made = await ops("POST", "/tills", { tillId, name: tillId, senders: ["MPESA"] });
  if (made.status !== 200) throw new Error(JSON.stringify(made.body));
  return tillId;
}
export const wall = (at: number) => {
  const [date = "", time = ""] = new Date(at + OFFSET * 60_000).toISOString().slice(0, 19).split("T");
  return `${date.split("-").toReversed().join("-")} ${time}`;
};
export const OUT = { paidIn: "", party: "" };
export const to = (account: string) => ({
  details: `Pay merchant from 26650000102 - PALESA SAMPLE - ${account}`,
  paidIn: amount(),
});
export const start = dayStart(yesterday, OFFSET);
export const preamble = (from = start, to = start + DAY - 1_000) => [
  ["Account Holder:", "ONE POWER SAMPLE"],
  ["Time Period:", `From ${wall(from)} To ${wall(to)}`],
];
/** Of each its own: two of one amount, account and day are held for a second person. */
let amounts = 10_000;
export const amount = () => `${(++amounts / 100).toFixed(2)}`;
export const minor = (text: string) => Math.round(Number(text) * 100);
/** A statement of yesterday, its rows a minute apart. */
export const statement = (list: PortalRow[], above = preamble()) =>
  portalCsv(
    list.map((row, n) => portalRow({ time: wall(noon + n * 60_000), receipt: receipt(), ...to("0145SHG"), ...row })),
    above,
  );

type Body = {
  upload: Upload;
  problems: UploadRow[];
  error: { kind: string; details: unknown };
  rows: UploadRow[];
};
export async function ask(method: string, path: string, body?: string) {
  const response = await app.request(
    `/api${path}`,
    { method, headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" }, ...(body === undefined ? {} : { body }) },
    env,
  );
  return { status: response.status, body: (await response.json()) as Body };
}
export const bring = (tillId: string, text: string, more = "") => ask("POST", `/uploads?till=${tillId}${more}`, text);
export async function brought(tillId: string, text: string) {
  const answer = await bring(tillId, text);
  if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
  await work();
  const id = answer.body.upload.uploadId;
  const { upload } = (await ask("GET", `/uploads/${id}`)).body;
  return { upload, rows: (await ask("GET", `/uploads/${id}/rows`)).body.rows };
}
export const dayOf = async (tillId: string) => {
  const answer = await ask("GET", `/statements/days?till=${tillId}&from=${yesterday}&to=${yesterday}`);
  return (answer.body as unknown as { days: StoredTillDay[] }).days[0];
};
export const linesOf = async (tillId: string) => {
  const answer = await ask("GET", `/statements/days/${tillId}/mpesa/${yesterday}`);
  return (answer.body as unknown as { lines: { receipt: string; kind: string; differenceMinor: number }[] }).lines;
};

/** As a phone's SMS brought it. */
export async function paid(
  tillId: string,
  over: { receipt?: string; amountMinor?: number; account?: string | null; at?: number },
) {
  const { receipt: name = receipt(), amountMinor = minor(amount()), account = "0145SHG", at = noon } = over;
  await receiptBookOf(env, name).claim({
    receipt: name,
    provider: "mpesa",
    amountMinor,
    currency: "LSL",
    paidAt: at,
    payerPhone: null,
    till: tillId,
    road: "sms",
    sightingKey: `sms:${name}`,
    seenAt: at,
    holder:
      account === null
        ? { kind: "suspense", because: "no_account_token", hints: { accounts: [], note: "" } }
        : { kind: "account", account },
    actor: null,
    fromProvider: false,
  });
  await copied();
  return { receipt: name, amountMinor, paidIn: (amountMinor / 100).toFixed(2) };
}
export const cases = (tillId: string) =>
  rows<{ subject: string; state: string; details: unknown }>(
    `SELECT subject, state, details FROM reconciliation_cases
      WHERE case_kind = 'statement_contradiction' AND starts_with(case_key, 'statement_contradiction:${tillId}:')`,
  );
export const entries = (account: string) =>
  rows<{ receipt: string; minor: number }>(
    `SELECT e.receipt, e.amount_minor AS minor FROM ledger_entries e JOIN accounts a ON a.id = e.account_id
      WHERE a.account_number = '${account}' AND e.kind = 'payment' AND e.book = 'customer_energy' ORDER BY e.seq`,
  );

export const open = async () => {
  await openCountry([]);
  await ops("POST", "/init", { cutoverAt: new Date(Date.now() - 30 * DAY).toISOString() });
  await ops("POST", "/sites", { sites: [{ code: "SHG", name: "Sehonghong", district: "Thaba-Tseka" }] });
  await ops("POST", "/rates", {
    rates: [{ scope: "site", subject: "SHG", rateE4PerKwh: 50_000, validFrom: new Date(0).toISOString() }],
  });
  const accounts = ACCOUNTS.map((account) => ({
    account,
    name: "Test One",
    phone: null,
    language: "en",
    status: "live",
    aliases: [],
    meters: [],
  }));
  const made = await ops("POST", "/accounts", { accounts });
  if (made.status !== 200) throw new Error(JSON.stringify(made.body));
};

/** All days of all tills are added up again, as each night. */
export async function night() {
  let page: unknown = null;
  for (let n = 0; n < 50; n++) {
    const more = await tillDaysJob(env, page);
    if (more === null) return;
    page = more.next;
  }
}

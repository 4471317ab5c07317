import { beforeAll, describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { dayStart, localDay } from "../../src/domain/local-day.ts";
import type { StoredTillDay } from "../../src/queries/till-days.ts";
import type { Upload, UploadRow } from "../../src/queries/uploads.ts";
import { copyOutboxes } from "../../src/services/copy-outboxes.ts";
import { copyPortsOf, sourceOf } from "../../workers/copy.ts";
import type { Env, JobMessage } from "../../workers/env.ts";
import { app } from "../../workers/index.ts";
import { dropFolderJob } from "../../workers/jobs/drop-folder.ts";
import { tillDaysJob } from "../../workers/jobs/till-days.ts";
import { uploadsJob } from "../../workers/jobs/uploads.ts";
import { RECEIPT_SHARDS, receiptBookOf, tillOf } from "../../workers/objects/locate.ts";
import { type PortalRow, portalCsv, portalRow } from "../domain/statements/files.ts";
import { facts, KEYS, openCountry } from "../workers/country.ts";
import { country, ops, rows, session } from "./country.ts";

const DAY = 86_400_000;
const OFFSET = 120;
const yesterday = localDay(Date.now() - DAY, OFFSET);
const noon = dayStart(yesterday, OFFSET) + DAY / 2;

/** Messages wait here until a test lets the job have them, as a queue would hand them over. */
const queue: JobMessage[] = [];
const env: Env = {
  ...country,
  JOBS: { send: async (message: JobMessage) => void queue.push(message) } as unknown as Env["JOBS"],
};
async function work() {
  for (let n = 0; n < 50; n++) {
    const message = queue.shift();
    if (message === undefined) break;
    const more = await uploadsJob(env, message.page);
    if (more !== null) queue.push({ job: message.job, page: more.next });
    await copied();
  }
}
/** What the objects owe is in the database. */
async function copied() {
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
let receipts = 0;
const receipt = () => `QK7S${crypto.randomUUID().slice(0, 4).toUpperCase()}${++receipts}A`;
let tills = 0;
async function till() {
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
const wall = (at: number) => {
  const [date = "", time = ""] = new Date(at + OFFSET * 60_000).toISOString().slice(0, 19).split("T");
  return `${date.split("-").toReversed().join("-")} ${time}`;
};
const OUT = { paidIn: "", party: "" };
const to = (account: string) => ({
  details: `Pay merchant from 26650000102 - PALESA SAMPLE - ${account}`,
  paidIn: amount(),
});
const start = dayStart(yesterday, OFFSET);
const preamble = (from = start, to = start + DAY - 1_000) => [
  ["Account Holder:", "ONE POWER SAMPLE"],
  ["Time Period:", `From ${wall(from)} To ${wall(to)}`],
];
/** Of each its own: two of one amount, account and day are held for a second person. */
let amounts = 10_000;
const amount = () => `${(++amounts / 100).toFixed(2)}`;
const minor = (text: string) => Math.round(Number(text) * 100);
/** A statement of yesterday, its rows a minute apart. */
const statement = (list: PortalRow[], above = preamble()) =>
  portalCsv(
    list.map((row, n) => portalRow({ time: wall(noon + n * 60_000), receipt: receipt(), ...to("0145SHG"), ...row })),
    above,
  );

type Body = { upload: Upload; problems: UploadRow[]; error: { kind: string; details: unknown }; rows: UploadRow[] };
async function ask(method: string, path: string, body?: string) {
  const response = await app.request(
    `/api${path}`,
    { method, headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" }, ...(body === undefined ? {} : { body }) },
    env,
  );
  return { status: response.status, body: (await response.json()) as Body };
}
const bring = (tillId: string, text: string, more = "") => ask("POST", `/uploads?till=${tillId}${more}`, text);
async function brought(tillId: string, text: string) {
  const answer = await bring(tillId, text);
  if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
  await work();
  const id = answer.body.upload.uploadId;
  const { upload } = (await ask("GET", `/uploads/${id}`)).body;
  return { upload, rows: (await ask("GET", `/uploads/${id}/rows`)).body.rows };
}
const dayOf = async (tillId: string) => {
  const answer = await ask("GET", `/statements/days?till=${tillId}&from=${yesterday}&to=${yesterday}`);
  return (answer.body as unknown as { days: StoredTillDay[] }).days[0];
};
const linesOf = async (tillId: string) => {
  const answer = await ask("GET", `/statements/days/${tillId}/mpesa/${yesterday}`);
  return (answer.body as unknown as { lines: { receipt: string; kind: string; differenceMinor: number }[] }).lines;
};

/** As a phone's SMS brought it. */
async function paid(
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
const cases = (tillId: string) =>
  rows<{ subject: string; state: string; details: unknown }>(
    `SELECT subject, state, details FROM reconciliation_cases
      WHERE case_kind = 'statement_contradiction' AND starts_with(case_key, 'statement_contradiction:${tillId}:')`,
  );
const entries = (account: string) =>
  rows<{ receipt: string; minor: number }>(
    `SELECT e.receipt, e.amount_minor AS minor FROM ledger_entries e JOIN accounts a ON a.id = e.account_id
      WHERE a.account_number = '${account}' AND e.kind = 'payment' AND e.book = 'customer_energy' ORDER BY e.seq`,
  );

beforeAll(async () => {
  await openCountry(ACCOUNTS.map((account) => facts(account, { meters: [] })));
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
});

/** All days of all tills are added up again, as each night. */
async function night() {
  let page: unknown = null;
  for (let n = 0; n < 50; n++) {
    const more = await tillDaysJob(env, page);
    if (more === null) return;
    page = more.next;
  }
}

describe("a merchant statement", () => {
  it("is taken row by row: known, known otherwise, unknown with and without an account, our own, gone, and wrong", async () => {
    const tillId = await till();
    const [known, other, missing] = [await paid(tillId, {}), await paid(tillId, {}), await paid(tillId, {})];
    const [credited, held] = [receipt(), receipt()];
    const taken = await brought(
      tillId,
      statement([
        { receipt: known.receipt, paidIn: known.paidIn },
        { receipt: other.receipt, paidIn: "30.00" },
        { receipt: credited, ...to("0146shg"), paidIn: "40.00" },
        { receipt: held, details: "Pay merchant from 26650000102 - PALESA SAMPLE", paidIn: "50.00" },
        { ...OUT, withdrawn: "-500.00", reason: "Funds Withdrawal", details: "To bank" },
        { reason: "Organization Deposit of Funds", details: "Deposit", party: "", paidIn: "100.00" },
        { currency: "ZAR" },
        { status: "Failed" },
      ]),
    );
    expect(taken.rows.map(({ result, because, account }) => [result, because, account])).toEqual([
      ["known", null, "0145SHG"],
      ["conflict", `we have ${other.amountMinor} LSL in minor units`, "0145SHG"],
      ["credited", null, "0146SHG"],
      ["held", "no_account_token", null],
      ["withdrawal", null, null],
      ["treasury", null, null],
      ["refused", null, null],
      ["unfinished", null, null],
    ]);
    expect(taken.rows[6]?.fault).toEqual({ field: "Currency", value: "ZAR", expected: "LSL" });
    expect(taken.upload).toMatchObject({ state: "done", rows: 8, taken: 7, refused: 1 });
    expect((await entries("0146SHG")).filter((entry) => entry.receipt === credited)).toEqual([
      { receipt: credited, minor: 4_000 },
    ]);
    expect(await rows(`SELECT road, till_id AS till FROM payments WHERE receipt = '${held}'`)).toEqual([
      { road: "statement", till: tillId },
    ]);
    expect(
      await rows(`SELECT count(*)::int AS count FROM reconciliation_cases
        WHERE case_kind = 'receipt_conflict' AND subject = '${other.receipt}'`),
    ).toEqual([{ count: 1 }]);
    const ours = known.amountMinor + other.amountMinor + missing.amountMinor;
    expect(await dayOf(tillId)).toMatchObject({
      statementMinor: known.amountMinor + 3_000 + 4_000 + 5_000,
      paymentsMinor: ours + 4_000,
      suspenseMinor: 5_000,
      treasuryMinor: 10_000,
      withdrawnMinor: 50_000,
      differenceMinor: 3_000 - other.amountMinor - missing.amountMinor,
      missing: 1,
      unexplained: 2,
      covered: false,
      state: "open",
    });
    expect((await linesOf(tillId)).filter(({ differenceMinor }) => differenceMinor !== 0)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ receipt: missing.receipt, kind: "missing", differenceMinor: -missing.amountMinor }),
        expect.objectContaining({
          receipt: other.receipt,
          kind: "payment",
          differenceMinor: 3_000 - other.amountMinor,
        }),
      ]),
    );
  });

  it("the same file again changes nothing, also while it is at work; as another till's it is refused", async () => {
    const [tillId, another] = [await till(), await till()];
    const text = statement([to("0145SHG"), to("0146SHG")]);
    const first = await bring(tillId, text);
    const second = await bring(tillId, text);
    await work();
    const third = await bring(tillId, text);
    await work();
    expect(new Set([first, second, third].map(({ body }) => body.upload.uploadId)).size).toBe(1);
    expect(third.body.upload.results).toEqual({ credited: 2 });
    const wrong = await bring(another, text);
    expect([wrong.status, wrong.body.error]).toEqual([
      409,
      expect.objectContaining({ kind: "exists", details: expect.stringContaining(`statement of ${tillId}`) }),
    ]);
    const subject = `upload:${first.body.upload.uploadId}`;
    expect(
      await rows(
        `SELECT count(*)::int AS count FROM mutations WHERE action = 'upload.begin' AND subject = '${subject}'`,
      ),
    ).toEqual([{ count: 1 }]);
  });

  it("two statements that overlap have each movement once", async () => {
    const tillId = await till();
    const [one, two] = [receipt(), receipt()];
    const lines = [
      { receipt: one, ...to("0145SHG") },
      { receipt: two, ...to("0146SHG") },
    ];
    await brought(tillId, statement(lines));
    const later = await brought(tillId, statement([...lines, to("0145SHG")]));
    expect(later.rows.map(({ result }) => result)).toEqual(["known", "known", "credited"]);
    expect((await entries("0146SHG")).filter((entry) => entry.receipt === two)).toHaveLength(1);
    expect(await dayOf(tillId)).toMatchObject({ lines: 3, differenceMinor: 0, state: "final" });
  });

  it("a page that was killed between the claims and its rows goes on without a second credit", async () => {
    const tillId = await till();
    const name = receipt();
    const { body } = await bring(tillId, statement([{ receipt: name, ...to("0145SHG") }]));
    const page = { uploadId: body.upload.uploadId };
    const database = env.NEON_SQL_URL;
    let calls = 0;
    // The claims are made; the answer of the write that follows is lost.
    const dies: Env = Object.defineProperty({ ...env }, "NEON_SQL_URL", {
      get: () => (++calls > 3 ? "http://127.0.0.1:9/sql" : database),
    });
    await uploadsJob(dies, page).catch(() => null);
    await copied();
    const posted = async () => (await entries("0145SHG")).filter((entry) => entry.receipt === name).length;
    expect([await posted(), (await ask("GET", `/uploads/${page.uploadId}`)).body.upload.results]).toEqual([
      1,
      { waiting: 1 },
    ]);
    await work();
    expect(await posted()).toBe(1);
    expect((await ask("GET", `/uploads/${page.uploadId}`)).body.upload).toMatchObject({ state: "done", taken: 1 });
  });

  it("two of one amount, account and day are held for a second person, as on every road that retells", async () => {
    const tillId = await till();
    const same = to("0146SHG");
    const taken = await brought(tillId, statement([same, same]));
    expect(taken.rows.map(({ result, because }) => [result, because]).toSorted()).toEqual([
      ["credited", null],
      ["held", "second_person"],
    ]);
    expect(await dayOf(tillId)).toMatchObject({ differenceMinor: 0, state: "final" });
  });

  it("another amount than an earlier statement's is nobody's to choose between", async () => {
    const tillId = await till();
    const one = receipt();
    await brought(tillId, statement([{ receipt: one, ...to("0145SHG"), paidIn: "21.00" }]));
    const second = await brought(tillId, statement([{ receipt: one, ...to("0145SHG"), paidIn: "31.00" }]));
    expect(second.rows[0]).toMatchObject({ result: "contradicts" });
    expect(await dayOf(tillId)).toMatchObject({ statementMinor: 2_100, differenceMinor: 0, state: "open" });
    expect(await cases(tillId)).toEqual([
      { subject: one, state: "open", details: expect.objectContaining({ amountMinor: 3_100, knownMinor: 2_100 }) },
    ]);
    // Brought again, and a file that agrees with the first: two say so, one says otherwise.
    await brought(tillId, statement([{ receipt: one, ...to("0145SHG"), paidIn: "31.00" }]));
    await night();
    expect(await dayOf(tillId)).toMatchObject({ state: "open" });
    expect(await cases(tillId)).toHaveLength(1);
  });

  it("that lists the day and lacks a line of an earlier one leaves the day open", async () => {
    const tillId = await till();
    const [one, two] = [
      { receipt: receipt(), ...to("0145SHG") },
      { receipt: receipt(), ...to("0146SHG"), time: wall(noon + 60_000) },
    ];
    await brought(tillId, statement([one, two]));
    expect(await dayOf(tillId)).toMatchObject({ state: "final" });
    await brought(tillId, statement([one]));
    expect(await dayOf(tillId)).toMatchObject({ state: "open", lines: 2 });
    await night();
    expect(await dayOf(tillId)).toMatchObject({ state: "open", finalAt: null });
  });

  it("with a refused row lists no day", async () => {
    const tillId = await till();
    const lost = receipt();
    const taken = await brought(
      tillId,
      statement([to("0145SHG"), { receipt: lost, ...to("0146SHG"), paidIn: "6O.00" }]),
    );
    expect(taken.rows.map(({ result }) => result)).toEqual(["credited", "refused"]);
    expect(await dayOf(tillId)).toMatchObject({ differenceMinor: 0, covered: false, state: "open" });
    await brought(tillId, statement([{ receipt: lost, ...to("0146SHG"), paidIn: "60.00" }]));
    expect(await dayOf(tillId)).toMatchObject({ state: "open" });
  });

  it("that lists a receipt which another till's lists, or which came by another till's phone, makes no day agree", async () => {
    const [one, two, third] = [await till(), await till(), await till()];
    const shared = { receipt: receipt(), ...to("0145SHG") };
    await brought(one, statement([shared]));
    expect(await dayOf(one)).toMatchObject({ state: "final" });
    await brought(two, statement([shared, to("0146SHG")]));
    await night();
    const open = { differenceMinor: minor(shared.paidIn), unexplained: 1, state: "open" };
    expect([await dayOf(one), await dayOf(two)]).toMatchObject([{ state: "open" }, open]);
    const texted = await paid(third, {});
    const fourth = await till();
    await brought(fourth, statement([{ receipt: texted.receipt, paidIn: texted.paidIn }]));
    expect(await dayOf(fourth)).toMatchObject({ differenceMinor: texted.amountMinor, unexplained: 1, state: "open" });
  });

  it("a dry run says what each row would come to, and keeps nothing", async () => {
    const tillId = await till();
    const known = await paid(tillId, {});
    const text = statement([
      { receipt: known.receipt, paidIn: known.paidIn },
      { receipt: receipt(), ...to("0146SHG") },
      { ...to("9999SHG") },
      { ...OUT, withdrawn: "20.00", reason: "Reversal", details: "", linked: known.receipt },
    ]);
    const stands = "SELECT count(*)::int AS uploads, (SELECT count(*)::int FROM payments) AS payments FROM uploads";
    const before = await rows(stands);
    const { status, body } = await bring(tillId, text, "&dry=1");
    expect(status).toBe(200);
    expect(body.rows.map(({ result, because, account }) => [result, because, account])).toEqual([
      ["known", null, "0145SHG"],
      ["would_credit", null, "0146SHG"],
      ["would_hold", "wrong_token", null],
      ["would_block", `takes back ${known.receipt}`, null],
    ]);
    expect(await rows(stands)).toEqual(before);
    expect(queue).toEqual([]);
  });

  it("a reversal debits nothing, blocks the receipt, and its day agrees once no account has it any more", async () => {
    const tillId = await till();
    const back = await paid(tillId, {});
    const taken = await brought(
      tillId,
      statement([
        { receipt: back.receipt, paidIn: back.paidIn },
        { ...OUT, withdrawn: back.paidIn, reason: "Transaction Reversal", details: "", linked: back.receipt },
      ]),
    );
    expect(taken.rows[1]).toMatchObject({ result: "blocked", because: `takes back ${back.receipt}` });
    await copied();
    expect(await rows(`SELECT blocked, holder_kind AS holder FROM payments WHERE receipt = '${back.receipt}'`)).toEqual(
      [{ blocked: true, holder: "account" }],
    );
    expect(await dayOf(tillId)).toMatchObject({
      reversedMinor: back.amountMinor,
      differenceMinor: -back.amountMinor,
      state: "open",
    });
    const reason = "the operator took it back";
    const moved = await ops("POST", `/receipts/${back.receipt}/reverse`, { expectedGeneration: 1, reason });
    expect([moved.status, moved.body.error]).toEqual([200, undefined]);
    await copied();
    await night();
    expect(await dayOf(tillId)).toMatchObject({ differenceMinor: 0, state: "final" });
  });

  it("a day is final only when a statement lists all of it, and open again when an SMS comes that it lacks", async () => {
    const tillId = await till();
    const half = preamble(start, start + DAY / 2 + 3_600_000);
    const early = { receipt: receipt(), ...to("0145SHG") };
    await brought(tillId, statement([early], half));
    expect(await dayOf(tillId)).toMatchObject({ differenceMinor: 0, covered: false, state: "open" });
    await brought(tillId, statement([early, to("0146SHG")]));
    expect(await dayOf(tillId)).toMatchObject({ covered: true, state: "final", finalAt: expect.any(Number) });
    // At midnight, when the day begins.
    await paid(tillId, { at: start });
    await night();
    expect(await dayOf(tillId)).toMatchObject({ missing: 1, state: "open", finalAt: null });
  });

  it("paid too long ago, it is money that waits for its date", async () => {
    const tillId = await till();
    const old = start - 100 * DAY;
    const row = portalRow({ receipt: receipt(), time: wall(old + 1_000), ...to("0145SHG") });
    const text = portalCsv([row], preamble(old, old + DAY - 1_000));
    expect((await brought(tillId, text)).rows[0]).toMatchObject({ result: "held", because: "date", account: null });
  });
});

describe("the till's chain", () => {
  /** Texts of the till that came: each is a link from one balance to the next. */
  const linked = async (tillId: string, ...links: [number, number, number][]) => {
    for (const [minute, fromMinor, toMinor] of links)
      await tillOf(env, tillId).link({
        provider: "mpesa",
        sender: "MPESA",
        key: `payment:TEXT${tillId}${minute}`,
        fromMinor,
        toMinor,
        at: noon + minute * 60_000,
        receivedAt: noon + minute * 60_000 + 5_000,
      });
  };
  const gapsOf = async (tillId: string) =>
    (await tillOf(env, tillId).view())?.gaps.map(({ endMinor, startMinor }) => [endMinor, startMinor]);
  const moved = (minute: number, paidIn: string, balance: string) => ({
    ...to("0145SHG"),
    time: wall(noon + minute * 60_000),
    paidIn,
    balance,
  });

  it("has a gap where texts never came; the statement leads over it, a withdrawal too, and it closes", async () => {
    const tillId = await till();
    await linked(tillId, [0, 0, 100_000], [5, 83_200, 90_000]);
    expect(await gapsOf(tillId)).toEqual([[100_000, 83_200]]);
    await brought(
      tillId,
      statement([
        moved(1, "331.00", "1331.00"),
        { ...moved(2, "", "831.00"), withdrawn: "500.00", reason: "Funds Withdrawal", details: "To bank", party: "" },
        moved(3, "1.00", "832.00"),
      ]),
    );
    expect(await gapsOf(tillId)).toEqual([]);
  });

  it("keeps a gap that the statement does not lead over, and gets none from a statement of other days", async () => {
    const tillId = await till();
    await linked(tillId, [0, 0, 100_000], [5, 130_000, 140_000]);
    await brought(tillId, statement([moved(1, "17.77", "1017.77")]));
    expect(await gapsOf(tillId)).toEqual([[100_000, 130_000]]);
    const quiet = await till();
    await linked(quiet, [0, 0, 100_000]);
    await brought(quiet, statement([moved(-300, "18.11", "9018.11")]));
    expect(await gapsOf(quiet)).toEqual([]);
  });
});

describe("other ways in", () => {
  it("a payment file of the old gateway: known, and unknown money that waits, of the operator each line says", async () => {
    const tillId = await till();
    const known = await paid(tillId, {});
    const iso = (at: number) => new Date(at + OFFSET * 60_000).toISOString().slice(0, 19).replace("T", " ");
    const code = `MP${yesterday.slice(2).replaceAll("-", "")}.1200.A${String(Date.now()).slice(-7)}`;
    const text = [
      `${iso(noon)},${known.receipt},${known.paidIn},26650000102,MPESA`,
      `${iso(noon)},${code},${amount()},26662000102,199`,
    ].join("\n");
    const answer = await bring(tillId, text, "&kind=pay_file");
    await work();
    const { rows: taken } = (await ask("GET", `/uploads/${answer.body.upload.uploadId}/rows`)).body;
    expect(taken.map(({ result, because }) => [result, because])).toEqual([
      ["known", null],
      ["held", "no_account_token"],
    ]);
    expect(await rows(`SELECT provider, road FROM payments WHERE receipt = '${code}'`)).toEqual([
      { provider: "ecocash", road: "statement" },
    ]);
    expect(await dayOf(tillId)).toBeUndefined();
  });

  it("the drop folder: what can be taken is, the rest is told why, and both lie elsewhere afterwards", async () => {
    const tillId = await till();
    const text = statement([to("0145SHG")]);
    await env.DROP.put(`drop/statement/${tillId}/april.csv`, text);
    await env.DROP.put("drop/statement/till-nowhere/april.csv", text);
    await env.DROP.put(`drop/april of ${tillId}.csv`, text);
    await env.DROP.put(`drop/pay_file/${tillId}/PAY_1.txt`, "hello");
    while ((await dropFolderJob(env, null)) !== null);
    await work();
    const keys = (await env.DROP.list()).objects.map(({ key }) => key);
    expect(keys.filter((key) => key.startsWith("drop/"))).toEqual([]);
    const [upload] = ((await ask("GET", "/uploads?limit=1")).body as unknown as { uploads: Upload[] }).uploads;
    expect(upload).toMatchObject({
      tillId,
      fileName: "april.csv",
      uploadedBy: "drop folder",
      results: { credited: 1 },
    });
    expect(await (await env.DROP.get(`taken/${upload?.uploadId}/april.csv`))?.text()).toBe(text);
    const reasons = await Promise.all(
      keys
        .filter((key) => key.endsWith(".because.json"))
        .map(
          async (key) =>
            (await (await env.DROP.get(key))?.json()) as { key: string; error: { faults: { field: string }[] } },
        ),
    );
    expect(reasons.map(({ key, error }) => [key, error.faults[0]?.field]).toSorted()).toEqual([
      [`drop/april of ${tillId}.csv`, "key"],
      [`drop/pay_file/${tillId}/PAY_1.txt`, "file"],
      ["drop/statement/till-nowhere/april.csv", "till"],
    ]);
    expect(keys.filter((key) => key.startsWith("refused/") && !key.endsWith(".json"))).toHaveLength(3);
    // The same again: the same upload, and nobody is credited twice.
    await env.DROP.put(`drop/statement/${tillId}/again.csv`, text);
    await dropFolderJob(env, null);
    await work();
    expect((await env.DROP.list({ prefix: `taken/${upload?.uploadId}/` })).objects).toHaveLength(2);
    expect(await dayOf(tillId)).toMatchObject({ lines: 1, state: "final" });
  });

  it("while the database is down the drop folder keeps what it has", async () => {
    const tillId = await till();
    await env.DROP.put(`drop/statement/${tillId}/later.csv`, statement([to("0145SHG")]));
    const down: Env = { ...env, NEON_SQL_URL: "http://127.0.0.1:9/sql" };
    await expect(dropFolderJob(down, null)).rejects.toThrow();
    expect(await env.DROP.head(`drop/statement/${tillId}/later.csv`)).not.toBeNull();
    await dropFolderJob(env, null);
    await work();
    expect(await dayOf(tillId)).toMatchObject({ lines: 1 });
  });
});

describe("who may, and what is no statement", () => {
  it.each<[string, string, string, number, string]>([
    ["of no till", "", statement([{}]), 400, "till"],
    ["of a till that is not here", "?till=till-nowhere", statement([{}]), 400, "till"],
    ["of another kind", "?till=till-statement-1&kind=photo", statement([{}]), 400, "kind"],
    ["with one day", "?till=till-statement-1&from=2026-04-10", statement([{}]), 400, "to"],
    [
      "with no day of the calendar",
      "?till=till-statement-1&from=2026-02-30&to=2026-03-01",
      statement([{}]),
      400,
      "from",
    ],
    ["of nothing", "?till=till-statement-1", "", 400, "file"],
    ["of no table", "?till=till-statement-1", "hello", 400, "file"],
  ])("%s is refused and names the field", async (_, asked, text, status, field) => {
    const answer = await ask("POST", `/uploads${asked}`, text);
    expect([answer.status, answer.body.error]).toEqual([
      status,
      expect.objectContaining({
        kind: "bad_field",
        details: expect.arrayContaining([expect.objectContaining({ field })]),
      }),
    ]);
  });
  it("whoever may not move money brings no file, and reads what was brought", async () => {
    const { browser } = await session(["generic"]);
    expect((await browser.ask("POST", "/api/uploads?till=till-statement-1")).status).toBe(403);
    expect((await browser.ask("GET", "/api/uploads")).status).toBe(200);
    const registrar = await session(["field_registrar"], { site: "SHG" });
    expect((await registrar.browser.ask("GET", "/api/uploads")).status).toBe(403);
  });
  it("days are asked for a hundred at a time", async () => {
    expect((await ask("GET", "/statements/days?from=2026-01-01&to=2026-04-10")).status).toBe(200);
    expect((await ask("GET", "/statements/days?from=2026-01-01&to=2026-04-11")).status).toBe(400);
    expect((await ask("GET", "/statements/days?from=2026-04-11&to=2026-04-10")).status).toBe(400);
    expect((await ask("GET", "/statements/days/till-statement-1/mpesa/2026-02-30")).status).toBe(400);
  });
});

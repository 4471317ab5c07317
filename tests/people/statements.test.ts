import { beforeAll, describe, expect, it } from "vitest";
import type { Env } from "../../workers/env.ts";
import { uploadsJob } from "../../workers/jobs/uploads.ts";
import { portalCsv, portalRow } from "../domain/statements/files.ts";
import { ops, rows } from "./country.ts";
import {
  ask,
  bring,
  brought,
  cases,
  copied,
  DAY,
  dayOf,
  entries,
  env,
  linesOf,
  minor,
  night,
  noon,
  OUT,
  open,
  paid,
  preamble,
  queue,
  receipt,
  start,
  statement,
  till,
  to,
  wall,
  work,
} from "./statements-world.ts";

beforeAll(open);

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
      { ...OUT, withdrawn: known.paidIn, reason: "Reversal", details: "", linked: known.receipt },
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

  it("a reversal that names a receipt of another amount blocks nothing, and its day is open for a person", async () => {
    const tillId = await till();
    const [theirs, own] = [await paid(tillId, {}), await paid(tillId, {})];
    const taken = await brought(
      tillId,
      statement([
        { receipt: theirs.receipt, paidIn: theirs.paidIn },
        { receipt: own.receipt, paidIn: own.paidIn },
        { ...OUT, withdrawn: own.paidIn, reason: "Transaction Reversal", details: "", linked: theirs.receipt },
      ]),
    );
    const because = `it names ${theirs.receipt}, which has another amount`;
    expect(taken.rows[2]).toMatchObject({ result: "unlinked", because });
    await copied();
    expect(await rows(`SELECT blocked FROM payments WHERE receipt = '${theirs.receipt}'`)).toEqual([
      { blocked: false },
    ]);
    // The two payments agree: what nobody has found is the reversal.
    expect(await dayOf(tillId)).toMatchObject({ differenceMinor: -own.amountMinor, unexplained: 1, state: "open" });
    await night();
    expect(await dayOf(tillId)).toMatchObject({ state: "open" });
  });

  it("a reversal under a payment's own receipt takes that back, though the payer typed another's", async () => {
    const tillId = await till();
    const [theirs, own] = [await paid(tillId, {}), await paid(tillId, {})];
    const details = `Pay merchant from 26650000102 - P - 0145SHG ${theirs.receipt}`;
    const taken = await brought(
      tillId,
      statement([
        { receipt: own.receipt, paidIn: own.paidIn, details },
        { ...OUT, receipt: own.receipt, withdrawn: own.paidIn, reason: "Transaction Reversal", details },
        { receipt: theirs.receipt, paidIn: theirs.paidIn },
      ]),
    );
    expect(taken.rows.map(({ result }) => result)).toEqual(["known", "blocked", "known"]);
    await copied();
    expect(
      await rows(
        `SELECT receipt, blocked FROM payments WHERE receipt IN ('${own.receipt}', '${theirs.receipt}') ORDER BY blocked`,
      ),
    ).toEqual([
      { receipt: theirs.receipt, blocked: false },
      { receipt: own.receipt, blocked: true },
    ]);
    // What the attacker's account still has of it holds the day open.
    expect(await dayOf(tillId)).toMatchObject({ differenceMinor: -own.amountMinor, state: "open" });
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

import { beforeAll, describe, expect, it } from "vitest";
import type { Env } from "../../workers/env.ts";
import { registrationsJob } from "../../workers/jobs/registrations.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { feesOf } from "../../workers/portal/fees.ts";
import { type MadeCell, madeWorkbook } from "../workbook.ts";
import { rows } from "./country.ts";
import {
  act,
  book,
  env,
  get,
  HEADERS,
  newcomer,
  open,
  queue,
  rowsOf,
  say,
  taken,
  upload,
  work,
} from "./registrations-world.ts";

beforeAll(open);

describe("an upload", () => {
  it("registers nobody, and says of each row whether it is taken, what is wrong, or whose twin it may be", async () => {
    const known = newcomer();
    await taken(book(known));
    const before = await rows<{ count: number }>("SELECT count(*)::int AS count FROM customers");
    const answer = await upload(book(newcomer(), ["Palesa", null, "2.6658E+10"], known, newcomer()));
    expect(answer.status).toBe(201);
    expect(answer.body.batch).toMatchObject({ state: "checked", format: "xlsx", sheet: "Customers", site: "MAK" });
    expect(answer.body.batch.rows).toMatchObject({ all: 4, good: 2, twins: 1, faulty: 1, registered: 0 });
    expect(answer.body.problems).toEqual([
      expect.objectContaining({
        row: 3,
        verdict: "wrong",
        faults: expect.arrayContaining([
          { field: "familyName", value: null, expected: "a name" },
          { field: "phone", value: "2.6658E+10", expected: expect.stringContaining("all its digits") },
        ]),
      }),
      expect.objectContaining({
        row: 4,
        verdict: "twin",
        twins: [
          expect.objectContaining({
            name: `${known[0]} ${known[1]}`,
            because: ["phone"],
            accounts: [expect.stringMatching(/^\d{4}MAK$/)],
          }),
        ],
      }),
    ]);
    expect(await rows("SELECT count(*)::int AS count FROM customers")).toEqual(before);
  });

  it("reads Windows-1252 and semicolons here too", async () => {
    const text = `Prénom;Nom;Téléphone\r\nRéné;${crypto.randomUUID()};\r\n`;
    const { body } = await upload(Uint8Array.from([...text].map((letter) => letter.charCodeAt(0))));
    expect(await rowsOf(body.batch.batchId)).toMatchObject({ rows: [{ typed: { givenName: "Réné" }, faults: [] }] });
  });

  it.each<[string, string, BodyInit, Record<string, string> | undefined, number, string]>([
    ["without a name for the act", "?site=MAK", "x", {}, 400, "Idempotency-Key"],
    ["for a site of another country", "?site=SAM", "x", undefined, 400, "site"],
    ["for a site that is not set up", "?site=LEB", "x", undefined, 400, "site"],
    ["of no table", "?site=MAK", "hello", undefined, 400, "header"],
    ["of an old .xls", "?site=MAK", new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 1]), undefined, 400, "file"],
    ["of nothing", "?site=MAK", new Uint8Array(), undefined, 400, "file"],
  ])("%s is refused and names the field", async (_, path, bytes, headers, status, field) => {
    const answer = await upload(bytes, path, (headers ?? act()) as ReturnType<typeof act>);
    expect(answer).toMatchObject({
      status,
      body: { error: { kind: "bad_field", details: expect.arrayContaining([expect.objectContaining({ field })]) } },
    });
  });

  it("of more bytes than may be is refused before it is read", async () => {
    expect((await upload(new Uint8Array(5 * 1024 * 1024 + 1))).status).toBe(413);
  });

  it("of the same file, or of the same act, is the same batch; of the same act with another file it is refused", async () => {
    const bytes = book(newcomer());
    const headers = act();
    const first = await upload(bytes, "?site=MAK", headers);
    const again = await upload(bytes, "?site=MAK", headers);
    const anotherAct = await upload(bytes);
    const { batchId } = first.body.batch;
    expect([again.body.batch.batchId, anotherAct.body.batch.batchId]).toEqual([batchId, batchId]);
    expect((await upload(bytes, "?site=SHG")).body.batch.batchId).not.toBe(batchId);
    expect(await upload(book(newcomer()), "?site=MAK", headers)).toMatchObject({
      status: 409,
      body: { error: { kind: "exists" } },
    });
  });
});

describe("a file that is taken", () => {
  it("whole, gives each row a customer and an account in the order of the rows, known to its object", async () => {
    const people = [newcomer(), newcomer(), newcomer()];
    const batchId = await taken(book(...people));
    expect(await get(batchId)).toMatchObject({ state: "committed", mode: "all", rows: { registered: 3, told: 3 } });
    const { rows: made } = await rowsOf(batchId);
    const numbers = made.map(({ account }) => Number(account?.slice(0, 4)));
    expect(numbers).toEqual([numbers[0], (numbers[0] ?? 0) + 1, (numbers[0] ?? 0) + 2]);
    const view = await accountLocator(env, made[1]?.account ?? "").view(made[1]?.account ?? "");
    expect(view).toMatchObject({ status: "live", seq: 0 });
    expect(
      await rows(`SELECT m.action, m.actor, m.reason FROM mutations m WHERE m.subject IN ('customer:${made[0]?.customerId}',
        'account:${made[0]?.account}', 'registration:${batchId}') ORDER BY m.id`),
    ).toEqual([
      { action: "registration.upload", actor: expect.stringContaining("Lineo"), reason: null },
      { action: "registration.commit", actor: expect.stringContaining("Lineo"), reason: null },
      { action: "customer.create", actor: expect.stringContaining("Lineo"), reason: `registration ${batchId}` },
      { action: "account.create", actor: expect.stringContaining("Lineo"), reason: `registration ${batchId}` },
    ]);
  });

  it("leaves in each act of it, and of its undo, the request that ordered it, though it is done later", async () => {
    const batchId = await taken(book(newcomer(), newcomer()));
    await say(`/${batchId}/undo`, { reason: "the wrong village" });
    await work();
    const ordered = (verb: string) =>
      `(SELECT request_id FROM mutations WHERE subject = 'registration:${batchId}' AND action = 'registration.${verb}')`;
    const of = (actions: string, verb: string) =>
      rows(`SELECT count(*)::int AS acts, count(*) FILTER (WHERE m.request_id = ${ordered(verb)})::int AS named FROM mutations m
        JOIN registration_rows r ON r.batch_id = ${batchId} JOIN accounts a ON a.id = r.account_id
        WHERE m.subject IN ('customer:' || r.customer_id, 'account:' || a.account_number) AND m.action IN (${actions})`);
    expect(await of("'customer.create', 'account.create'", "commit")).toEqual([{ acts: 4, named: 4 }]);
    expect(await of("'customer.undo', 'account.undo'", "undo")).toEqual([{ acts: 4, named: 4 }]);
  });

  it("owes the readyboard where its column says that one goes into the house, once, and only from when fees are charged", async () => {
    const headers = [...HEADERS, "Readyboard"];
    const file = (...people: MadeCell[][]) => madeWorkbook([{ name: "Customers", rows: [headers, ...people] }]).slice();
    const owed = (batchId: number) =>
      rows(`SELECT r.row_number AS row, array_agg(o.part ORDER BY o.part) AS parts FROM registration_rows r
        JOIN fee_orders o ON o.account_id = r.account_id WHERE r.batch_id = ${batchId} GROUP BY 1 ORDER BY 1`);
    const before = await taken(file([...newcomer(), "yes"]));
    expect(await owed(before)).toEqual([]);
    const by = (at: number) => ({ actor: "a test", reason: "fees begin", at, requestId: `from-${at}` });
    await feesOf(env).setChargedFrom(Date.now() - 60_000, by(1));
    const bytes = file([...newcomer(), "yes"], [...newcomer(), "no"], [...newcomer(), null]);
    const batchId = await taken(bytes);
    await say(`/${batchId}/commit`, { mode: "all" });
    await work();
    expect(await owed(batchId)).toEqual([
      { row: 2, parts: ["connection", "readyboard"] },
      { row: 3, parts: ["connection"] },
      { row: 4, parts: ["connection"] },
    ]);
    await feesOf(env).setChargedFrom(null, by(2));
  });

  it("or nothing: where a row is wrong nobody is registered", async () => {
    const { batchId } = (await upload(book(newcomer(), ["Palesa", null, null]))).body.batch;
    expect(await say(`/${batchId}/commit`, { mode: "all" })).toMatchObject({
      status: 422,
      body: { error: { kind: "refused" } },
    });
    expect(await get(batchId)).toMatchObject({ state: "checked", rows: { registered: 0 } });
  });

  it("by its good rows leaves those that are wrong and those that are likely twins, which may be taken too", async () => {
    const known = newcomer();
    await taken(book(known));
    const file = () => book(newcomer(), ["Palesa", null, null], known);
    const careful = await taken(file(), { mode: "good" });
    expect((await rowsOf(careful)).rows.map(({ state }) => state)).toEqual(["told", "waiting", "waiting"]);
    const all = await taken(file(), { mode: "good", twins: "take" });
    expect((await rowsOf(all)).rows.map(({ state }) => state)).toEqual(["told", "waiting", "told"]);
  });

  it("sees a twin who was registered after it was looked at, and then takes nobody", async () => {
    const late = newcomer();
    const { batchId } = (await upload(book(newcomer(), late))).body.batch;
    await taken(book(late));
    expect((await say(`/${batchId}/commit`, { mode: "all" })).status).toBe(202);
    await work();
    expect(await get(batchId)).toMatchObject({
      state: "checked",
      because: "1 rows cannot be taken, the first is row 3",
      rows: { registered: 0, twins: 1 },
    });
  });

  it("that died at any message goes on, and twice is once", async () => {
    const bytes = book(newcomer(), newcomer());
    const { batchId } = (await upload(bytes)).body.batch;
    await say(`/${batchId}/commit`, { mode: "good" });
    const [first] = queue;
    await work(1);
    queue.length = 0; // The message is lost between registering and telling.
    expect(await get(batchId)).toMatchObject({ state: "committing", rows: { registered: 2, told: 0 } });
    if (first !== undefined) queue.push(first, first);
    expect((await say(`/${batchId}/commit`, { mode: "good" })).status).toBe(202);
    await work();
    expect(await get(batchId)).toMatchObject({ state: "committed", rows: { registered: 2, told: 2 } });
    expect((await say(`/${batchId}/commit`, { mode: "good" })).status).toBe(202);
    await work();
    const again = await upload(bytes);
    expect(again.body.batch).toMatchObject({ batchId, state: "committed", rows: { registered: 2 } });
    expect(await say(`/${batchId}/commit`, { mode: "all" })).toMatchObject({ status: 422 });
  });

  it("and lies still is found by the quarter-hour's job", async () => {
    const { batchId } = (await upload(book(newcomer()))).body.batch;
    await say(`/${batchId}/commit`, { mode: "all" });
    queue.length = 0;
    await registrationsJob({ ...env, CLOCK_OFFSET_MS: String(6 * 60_000) } as Env, null);
    await work();
    expect(await get(batchId)).toMatchObject({ state: "committed" });
  });

  it("beside others registered at the same time gives no number twice", async () => {
    const batches = await Promise.all([1, 2, 3].map(() => upload(book(newcomer(), newcomer(), newcomer()))));
    const ids = batches.map(({ body }) => body.batch.batchId);
    await Promise.all(ids.map((id) => say(`/${id}/commit`, { mode: "all" })));
    await Promise.all(queue.splice(0).map((page) => registrationsJob(env, page)));
    const made = (await Promise.all(ids.map((id) => rowsOf(id)))).flatMap(({ rows }) =>
      rows.map(({ account }) => account),
    );
    expect(new Set(made).size).toBe(9);
  });
});

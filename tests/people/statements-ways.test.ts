import { beforeAll, describe, expect, it } from "vitest";
import type { Upload } from "../../src/queries/uploads.ts";
import type { Env } from "../../workers/env.ts";
import { dropFolderJob } from "../../workers/jobs/drop-folder.ts";
import { tillOf } from "../../workers/objects/locate.ts";
import { rows, session } from "./country.ts";
import {
  amount,
  ask,
  bring,
  brought,
  dayOf,
  env,
  noon,
  OFFSET,
  open,
  paid,
  statement,
  till,
  to,
  wall,
  work,
  yesterday,
} from "./statements-world.ts";

beforeAll(open);

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

import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { registryOf } from "../../workers/ports.ts";
import { KEYS } from "../workers/country.ts";
import { rows, session } from "./country.ts";
import { act, book, env, get, newcomer, open, rowsOf, say, taken, upload, work } from "./registrations-world.ts";

beforeAll(open);

describe("an undo", () => {
  it("ends accounts that nobody used, tells their objects, and never gives their numbers again", async () => {
    const who = newcomer();
    const batchId = await taken(book(who));
    const [row] = (await rowsOf(batchId)).rows;
    expect((await say(`/${batchId}/undo`, { reason: "the wrong village" })).status).toBe(202);
    await work();
    expect(await get(batchId)).toMatchObject({
      state: "undone",
      undoReason: "the wrong village",
      rows: { undone: 1, kept: 0 },
    });
    expect(await accountLocator(env, row?.account ?? "").view(row?.account ?? "")).toMatchObject({
      status: "terminated",
    });
    const search = await app.request(`/api/customers?q=${String(who[0])}`, { headers: { "X-Ops-Key": KEYS.ops } }, env);
    expect(await search.json()).toMatchObject({ customers: [] });
    // The same file again is a new batch, its customer no twin of the one who was undone.
    const anew = await taken(book(who));
    const [next] = (await rowsOf(anew)).rows;
    expect(anew).not.toBe(batchId);
    expect(next).toMatchObject({ state: "told", twins: [] });
    expect(Number(next?.account?.slice(0, 4))).toBeGreaterThan(Number(row?.account?.slice(0, 4)));
  });

  it("keeps what was used since, row by row, and says why; undone again it looks anew", async () => {
    const batchId = await taken(book(newcomer(), newcomer(), newcomer()));
    const made = (await rowsOf(batchId)).rows;
    const [changed, metered] = made;
    const by = { actor: "Neo", reason: null, at: Date.now() };
    await app.request(
      `/api/customers/${changed?.customerId}`,
      {
        method: "PATCH",
        headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Neo", "Content-Type": "application/json" },
        body: JSON.stringify({
          version: (
            await rows<{ v: number }>(`SELECT facts_version AS v FROM customers WHERE id = ${changed?.customerId}`)
          )[0]?.v,
          note: "moved",
        }),
      },
      env,
    );
    const placed = await registryOf(env).upsertAccounts(
      [
        {
          account: metered?.account ?? "",
          site: "MAK",
          status: "live",
          customer: {
            key: `batch:${batchId}:3`,
            name: `${metered?.typed.givenName} ${metered?.typed.familyName}`,
            phones: [],
            language: null,
          },
          meters: [
            {
              meterNumber: `77${batchId}`,
              thing: null,
              role: "primary",
              from: Date.now(),
              to: null,
              baseRegisterWh: null,
              ratingW: null,
            },
          ],
          aliases: [],
          rates: [],
        },
      ],
      by,
    );
    expect(placed).toMatchObject({ ok: true });
    await say(`/${batchId}/undo`, { reason: "a test" });
    await work();
    expect(await get(batchId)).toMatchObject({ state: "undone", rows: { undone: 1, kept: 2 } });
    expect((await rowsOf(batchId, "kept")).rows.map(({ row, because }) => [row, because])).toEqual([
      [2, expect.stringContaining("customer.change by ")],
      [3, "it has a meter"],
    ]);
    await say(`/${batchId}/undo`, { reason: "again" });
    await work();
    expect(await get(batchId)).toMatchObject({ state: "undone", rows: { undone: 1, kept: 2 } });
  });

  it("of a file that was not taken is refused", async () => {
    const { batchId } = (await upload(book(newcomer()))).body.batch;
    expect(await say(`/${batchId}/undo`, { reason: "x" })).toMatchObject({
      status: 422,
      body: { error: { details: "this registration is checked" } },
    });
    expect((await say("/999999/undo", { reason: "x" })).status).toBe(404);
  });
});

describe("a registrar of one site", () => {
  it("registers there alone, and sees no other site's files", async () => {
    const { browser } = await session(["field_registrar"], { site: "SHG" });
    const elsewhere = (await upload(book(newcomer()))).body.batch.batchId;
    const send = (path: string) =>
      app.request(
        `/api/registrations${path}`,
        {
          method: "POST",
          headers: {
            Origin: "http://localhost",
            Cookie: [...browser.jar].map((pair) => pair.join("=")).join("; "),
            ...act(),
          },
          body: book(newcomer()),
        },
        env,
      );
    expect((await send("?site=MAK")).status).toBe(403);
    const own = await send("");
    expect([own.status, await own.json()]).toMatchObject([201, { batch: { site: "SHG" } }]);
    expect((await browser.ask("GET", `/api/registrations/${elsewhere}`)).status).toBe(404);
    expect(
      (
        await browser.ask(
          "POST",
          "/api/customers",
          { givenName: "A", familyName: "B", account: { site: "MAK" } },
          { headers: act() },
        )
      ).status,
    ).toBe(403);
  });
});

it.each(["xlsx", "csv"])("the template as %s is there for whoever registers", async (format) => {
  const response = await app.request(
    `/api/registrations/template.${format}`,
    { headers: { "X-Ops-Key": KEYS.ops } },
    env,
  );
  expect([response.status, response.headers.get("Content-Disposition")]).toEqual([
    200,
    `attachment; filename="registration.${format}"`,
  ]);
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(500);
});

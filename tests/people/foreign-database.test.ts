import { expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { app } from "../../workers/index.ts";
import { lookupsOf } from "../../workers/ports.ts";
import { KEYS } from "../workers/country.ts";
import { country, database } from "./country.ts";

const mistaken = { ...country, COUNTRY: "BJ" };
const ask = (path: string, env = mistaken) => app.request(path, { headers: { "X-Ops-Key": KEYS.ops } }, env);

it("a Worker with another country's database says whose it is to whoever needs it, and lives for everybody else", async () => {
  for (const path of ["/api/ops/audit", "/api/ops/corrections"]) {
    const response = await ask(path);
    expect([path, response.status, await response.json()]).toMatchObject([
      path,
      503,
      {
        error: {
          kind: "foreign_database",
          message: "this database belongs to LS, and this Worker serves BJ",
          details: { owner: "LS" },
        },
      },
    ]);
  }
  expect((await ask("/health")).status).toBe(200);
});

it("the money path takes it for a database that is down, so that nothing of it is lost or written there", async () => {
  expect(await lookupsOf(mistaken).accountsByPhone("22997000122")).toBe("down");
});

it("the right Worker works with it", async () => {
  expect(await lookupsOf(country).accountsByPhone("26650000999")).toEqual([]);
  expect(await database().read("SELECT code FROM database_country")).toEqual([{ code: COUNTRIES.LS.code }]);
});

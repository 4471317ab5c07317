import { beforeAll, expect, it } from "vitest";
import type { JobMessage } from "../../workers/env.ts";
import { jobQueue } from "../../workers/jobs.ts";
import { country, database, ops, rows } from "./country.ts";

const ACCOUNT = "0917MAK";

/** The night's message, as the queue brings it. */
async function night() {
  const settled: string[] = [];
  const message = {
    body: { job: "check-isolation", page: null },
    ack: () => settled.push("ack"),
    retry: () => settled.push("retry"),
  };
  await jobQueue({ messages: [message] } as unknown as MessageBatch<JobMessage>, country);
  expect(settled).toEqual(["ack"]);
}
const caseOf = async () =>
  (
    await rows<{ state: string; details: { rows: number }; closed: boolean }>(
      "SELECT state, details, closed_at IS NOT NULL AS closed FROM reconciliation_cases WHERE case_key = 'foreign_row:metered_months:GBO'",
    )
  )[0];
const plant = (month: string) =>
  database().transaction([
    {
      query: `INSERT INTO metered_months (month, account_id, site_code, energy_wh, days, hours, estimated_hours)
        SELECT $1::date, id, 'GBO', 1, 1, 24, 0 FROM accounts WHERE account_number = $2::text`,
      params: [month, ACCOUNT],
    },
  ]);

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "MAK", name: "Ha Makebe", district: "Berea" }] });
  const account = { account: ACCOUNT, name: "Thabo Mokoena", status: "live", aliases: [], meters: [] };
  expect((await ops("POST", "/accounts", { accounts: [account] })).status).toBe(200);
});

it("finds rows of another country's site, says how many, and closes its case in the night after they are gone", async () => {
  await night();
  expect(await caseOf()).toBeUndefined();
  await plant("2019-01-01");
  await night();
  await night();
  expect(await caseOf()).toMatchObject({ state: "open", details: { rows: 1 }, closed: false });
  await plant("2019-02-01");
  await night();
  expect(await caseOf()).toMatchObject({ state: "open", details: { rows: 2 } });
  await database().transaction([{ query: "DELETE FROM metered_months WHERE site_code = 'GBO'", params: [] }]);
  await night();
  expect(await caseOf()).toMatchObject({ state: "closed", closed: true });
  await plant("2019-01-01");
  await night();
  expect(await caseOf()).toMatchObject({ state: "open", closed: false });
  await database().transaction([{ query: "DELETE FROM metered_months WHERE site_code = 'GBO'", params: [] }]);
});

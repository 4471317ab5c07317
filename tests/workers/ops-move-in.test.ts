import { describe, expect, it } from "vitest";
import { ops } from "../../workers/portal/ops.ts";
import { KEYS, settings } from "./country.ts";

const JOB = "0123456789abcdef";
const page = (over: object = {}) => ({
  job: JOB,
  source: "transactions",
  from: 0,
  total: 1,
  rows: [{ id: "1" }],
  ...over,
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  ops.request(
    path,
    {
      method: "POST",
      headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Mpho", "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    },
    settings,
  );

describe("the operators' door of the move-in", () => {
  it.each([
    ["a stranger", "/legacy/claim", page(), { "X-Ops-Key": "none" }, 403],
    ["nobody's name", "/legacy/claim", page(), { "X-Actor": "" }, 400],
    ["more than 500 rows", "/legacy/claim", page({ rows: Array.from({ length: 501 }, () => ({ id: "1" })) }), {}, 400],
    ["a file without its hash", "/legacy/claim", page({ job: "old.csv" }), {}, 400],
    ["a cell that cannot be stored", "/legacy/claim", page({ rows: [{ id: "\u0000" }] }), {}, 400],
    [
      "a stranger who switches",
      "/credit-writers",
      { site: "MAK", writer: "ours", reason: "x" },
      { "X-Ops-Key": "" },
      403,
    ],
    ["a switch without a reason", "/credit-writers", { site: "MAK", writer: "ours", reason: " " }, {}, 400],
    ["an unknown writer", "/credit-writers", { site: "MAK", writer: "both", reason: "x" }, {}, 400],
    [
      "a new account at a closed site",
      "/accounts",
      { accounts: [{ account: "0001FSI", name: "Thabo", status: "live", meters: [] }] },
      {},
      422,
    ],
    ["a site of another country", "/sites", { sites: [{ code: "GBO", name: "Gbowele" }] }, {}, 422],
    ["a site in small letters", "/credit-writers", { site: "mak", writer: "ours", reason: "x" }, {}, 400],
  ])("refuses %s", async (_, path, body, headers, status) => {
    expect((await post(path, body, headers)).status).toBe(status);
  });

  it("knows a closed site by its code, so that somebody can name it", async () => {
    // The database is down here: past the country's list, and no further.
    expect((await post("/sites", { sites: [{ code: "FSI", name: "First site" }] })).status).toBeGreaterThanOrEqual(500);
  });

  it("claims nothing while the database is down: the history has to be kept first", async () => {
    const rows = [{ id: "1", receipt: "QK7DOWN1", amount: "20" }];
    expect((await post("/legacy/claim", page({ rows, write: true }))).status).toBeGreaterThanOrEqual(500);
    const asked = await ops.request("/receipts/QK7DOWN1", { headers: { "X-Ops-Key": KEYS.ops } }, settings);
    expect(asked.status).not.toBe(200);
  });
});

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type GridPlanRow, GridPlanTool } from "../../dev/grid-plan.ts";
import type { Env } from "../../workers/env.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, database, ops } from "./country.ts";

const UGP = "https://ugp.example.org";
const env: Env = { ...country, UGP_URL: `${UGP}/api`, UGP_LOGIN: "E1:of this month" };
const real = globalThis.fetch;
const reason = "the survey is done";
let tool: GridPlanTool;
const ask = (method: string, path: string, body?: unknown, of: Env = env) =>
  new Browser(of).ask(method, `/api/ops/grid-plan${path}`, body, {
    headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" },
  });
const row = (surveyId: string, over: object = {}): GridPlanRow => ({
  ...{ Survey_ID: surveyId, Customer_Code: "", Customer_Type: "HH", Meter_Serial: "", GPS_X: null, GPS_Y: null },
  ...over,
});
const stands = (surveyId: string) => tool.projects[0]?.rows.find((each) => each.Survey_ID === surveyId);

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "TLH", name: "Tlhanyaku", district: "Mokhotlong" }] });
  const account = (number: string, meter: string) => ({
    ...{ account: number, name: "Neo Mofokeng", phone: "26650000821", language: "st", status: "live", aliases: [] },
    meters: [{ meterNumber: meter, role: "primary" }],
  });
  await ops("POST", "/accounts", {
    accounts: [account("0821TLH", "821001"), account("0822TLH", "821002"), account("0823TLH", "821003")],
  });
  const place = (number: string, plot: string, latitude: number | null) =>
    database().transaction([
      {
        query: `UPDATE customers c SET plot_number = nullif($2::text, ''), latitude = nullif($3::text, '')::numeric,
          longitude = CASE WHEN $3::text = '' THEN NULL ELSE 28.9 END FROM accounts a WHERE a.customer_id = c.id AND a.account_number = $1::text`,
        params: [number, plot, String(latitude ?? "")],
      },
    ]);
  await place("0821TLH", "TLH 0001 HH", null);
  await place("0822TLH", "", -29.3);
});
beforeEach(() => {
  tool = new GridPlanTool([
    {
      ...{ name: "Tlhanyaku minigrid", code: "TLH", key: "TLH_minigrid" },
      rows: [
        row("TLH 0001 HH"),
        row("TLH 0002 HH", { GPS_X: 28.9001, GPS_Y: -29.3 }),
        row("TLH 0003 HH", { GPS_X: -29.3, GPS_Y: 28.9 }),
        row("TLH 0004 HH", { Customer_Code: "0999TLH" }),
      ],
    },
    { name: "Basin", code: "BAS", key: "BAS", rows: [] },
  ]);
  vi.stubGlobal("fetch", (url: string, init: RequestInit) =>
    String(url).startsWith(UGP) ? tool.fetch(url, init) : real(url, init),
  );
});
afterEach(() => vi.unstubAllGlobals());

describe("a site in the planning tool", () => {
  it("is shown connection by connection, with why not, and nothing is written", async () => {
    const { status, body } = await ask("GET", "/TLH");
    expect([status, body.error]).toEqual([200, undefined]);
    expect(body.matched).toEqual([
      { surveyId: "TLH 0001 HH", account: "0821TLH", by: "survey_id", metres: null },
      { surveyId: "TLH 0002 HH", account: "0822TLH", by: "gps", metres: 10 },
    ]);
    expect(body.connections).toEqual([
      { surveyId: "TLH 0003 HH", customerCode: "", reason: "no_account" },
      { surveyId: "TLH 0004 HH", customerCode: "0999TLH", reason: "unknown_customer_code" },
    ]);
    expect(body.accounts).toEqual([{ account: "0823TLH", reason: "no_plot_number" }]);
    expect(body.places).toMatchObject([{ surveyId: "TLH 0003 HH", field: "GPS_X" }]);
    expect(stands("TLH 0001 HH")).toMatchObject({ Customer_Code: "" });
  });

  it("is written and saved by a run, kept in the audit with what stood there; the same again writes nothing", async () => {
    const { body } = await ask("POST", "/TLH/run", { reason });
    expect(body.written).toEqual({ updated: 2, notFound: [] });
    expect(stands("TLH 0001 HH")).toMatchObject({ Customer_Code: "0821TLH", Meter_Serial: "821001" });
    expect(stands("TLH 0004 HH")).toMatchObject({ Customer_Code: "0999TLH" });
    expect(typeof body.actId).toBe("number");
    const again = await ask("POST", "/TLH/run", { reason });
    expect(again.body).toMatchObject({ actId: null, written: { updated: 0 } });
    expect((again.body.preview as { matched: { by: string }[] }).matched.map(({ by }) => by)).toEqual([
      "customer_code",
      "customer_code",
    ]);
  });

  it("is as it was after an undo, but for what somebody changed since; an undo twice is once", async () => {
    const { body } = await ask("POST", "/TLH/run", { reason });
    Object.assign(stands("TLH 0002 HH") ?? {}, { Meter_Serial: "typed by hand" });
    const undone = await ask("POST", `/runs/${body.actId}/undo`, { reason });
    expect(undone.body).toMatchObject({ stays: 1 });
    expect(stands("TLH 0001 HH")).toMatchObject({ Customer_Code: "", Meter_Serial: "" });
    expect(stands("TLH 0002 HH")).toMatchObject({ Customer_Code: "", Meter_Serial: "typed by hand" });
    expect((await ask("POST", `/runs/${body.actId}/undo`, { reason })).body).toMatchObject({ changes: [] });
    expect((await ask("POST", "/runs/999999999/undo", { reason })).status).toBe(404);
  });

  it("stands beside its project, with what was written and taken back; a project of nobody's is named", async () => {
    const { body } = await ask("POST", "/TLH/run", { reason });
    await ask("POST", `/runs/${body.actId}/undo`, { reason });
    const overview = (await ask("GET", "")).body as {
      isConfigured: boolean;
      sites: { site: { code: string }; project: { code: string } | null }[];
      unclaimed: { code: string }[];
      runs: { actId: number; kind: string; run: number | null; written: number; site: string; project: string }[];
    };
    expect(overview.sites.find(({ site }) => site.code === "TLH")?.project).toEqual({
      name: "Tlhanyaku minigrid",
      code: "TLH",
    });
    expect(overview.unclaimed).toEqual([{ name: "Basin", code: "BAS" }]);
    expect(overview.runs.slice(0, 2)).toMatchObject([
      { kind: "undo", run: body.actId, written: 4, site: "TLH", project: "TLH" },
      { kind: "run", actId: body.actId, run: null, written: 4, site: "TLH", project: "TLH" },
    ]);
    const none = (await ask("GET", "", undefined, country)).body as { isConfigured: boolean; runs: unknown[] };
    expect([none.isConfigured, none.runs.length >= 2]).toEqual([false, true]);
  });

  it("that the tool does not have, or that is not ours, is said", async () => {
    expect((await ask("GET", "/ZZZ")).status).toBe(404);
    tool.projects.splice(0, 1);
    expect((await ask("GET", "/TLH")).body.error).toMatchObject({ kind: "no_project" });
    expect((await ask("GET", "/TLH?project=BAS")).status).toBe(200);
    expect((await ask("GET", "/TLH?project=NONE")).status).toBe(422);
  });

  it("is not asked where no tool is configured, and nothing is written where it does not let us in", async () => {
    expect((await ask("GET", "/TLH", undefined, country)).body.error?.kind).toBe("no_tool");
    const old = { ...env, UGP_LOGIN: "E1:of last month" };
    expect((await ask("POST", "/TLH/run", { reason }, old)).body.error?.kind).toBe("sign_in");
  });
});

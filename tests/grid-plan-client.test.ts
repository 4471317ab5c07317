import { describe, expect, it } from "vitest";
import { type GridPlanProject, type GridPlanRow, GridPlanTool } from "../dev/grid-plan.ts";
import { gridPlan } from "../src/adapters/grid-plan.ts";

const rows = (count: number): GridPlanRow[] =>
  Array.from({ length: count }, (_, n) => ({ Survey_ID: `MAK ${n} HH`, Customer_Code: "", GPS_X: 28.5, GPS_Y: -29.5 }));
const project = (over: Partial<GridPlanProject> = {}): GridPlanProject => ({
  ...{ name: "Ha Makebe", code: "MAK", key: "MAK_minigrid", rows: rows(3) },
  ...over,
});
const MAK = { name: "Ha Makebe", code: "MAK" };
const open = (tool: GridPlanTool, password = tool.password) =>
  gridPlan({ url: "https://ugp.example.org/api/", employeeNumber: "E1", password }, tool.fetch);
const codeOf = (tool: GridPlanTool, id: string) =>
  tool.projects.flatMap((each) => each.rows).find((row) => row.Survey_ID === id)?.Customer_Code;
const update = new Map([["MAK 1 HH", { Customer_Code: "0001MAK" }]]);

describe("the planning tool", () => {
  it("is signed in once for many questions, and a project is found by what the tool calls it", async () => {
    const tool = new GridPlanTool([project()]);
    const plan = open(tool);
    expect(await plan.projects()).toEqual({ ok: true, value: [MAK] });
    expect(await plan.connections(MAK)).toMatchObject({ ok: true, value: { length: 3 } });
    expect(await plan.connections(MAK)).toMatchObject({ ok: true });
    expect(tool.asked.filter((each) => each === "POST /auth/login")).toHaveLength(1);
    expect(tool.asked.filter((each) => each.endsWith("/load"))).toEqual([
      "POST /projects/MAK/load",
      "POST /projects/MAK_minigrid/load",
    ]);
  });

  it("is found by the name where there is no code", async () => {
    const tool = new GridPlanTool([project({ code: "", key: "Ha Makebe" })]);
    expect(await open(tool).connections({ name: "Ha Makebe", code: "" })).toMatchObject({ ok: true });
  });

  it("lists connections page after page, X as it stands there", async () => {
    const tool = new GridPlanTool([project({ rows: rows(2_345) })]);
    const found = await open(tool).connections(MAK);
    expect(found.ok && found.value.length).toBe(2_345);
    expect(found.ok && found.value[0]).toMatchObject({ surveyId: "MAK 0 HH", gpsX: 28.5, gpsY: -29.5 });
  });

  it("keeps what is written only once it is saved, and says whom it does not know", async () => {
    const tool = new GridPlanTool([project()]);
    const both = new Map([...update, ["MAK 9 HH", { Customer_Code: "0009MAK" }]]);
    expect(await open(tool).update(MAK, both)).toEqual({ ok: true, value: { updated: 1, notFound: ["MAK 9 HH"] } });
    expect(codeOf(tool, "MAK 1 HH")).toBe("0001MAK");
  });

  it("whose session ended, or that forgot the project, is asked once more from the beginning", async () => {
    const tool = new GridPlanTool([project()]);
    const plan = open(tool);
    await plan.connections(MAK);
    tool.endSessions();
    expect(await plan.connections(MAK)).toMatchObject({ ok: true });
    tool.forgetProjects();
    expect(await plan.connections(MAK)).toMatchObject({ ok: true });
    tool.endSessions();
    expect(await plan.update(MAK, update)).toMatchObject({ ok: true });
    expect(codeOf(tool, "MAK 1 HH")).toBe("0001MAK");
  });

  it("whose session ends between writing and saving has all of it in the end", async () => {
    const tool = new GridPlanTool([project()]);
    let isEnded = false;
    const plan = gridPlan(
      { url: "https://ugp.example.org/api", employeeNumber: "E1", password: tool.password },
      (input, init) => {
        if (String(input).endsWith("/save-in-place") && !isEnded) {
          isEnded = true;
          tool.endSessions();
        }
        return tool.fetch(input, init);
      },
    );
    expect(await plan.update(MAK, update)).toEqual({ ok: true, value: { updated: 1, notFound: [] } });
    expect(codeOf(tool, "MAK 1 HH")).toBe("0001MAK");
  });

  it("that refuses our login is not asked for ever", async () => {
    const tool = new GridPlanTool([project()]);
    expect(await open(tool, "of last month").projects()).toMatchObject({ ok: false, error: { kind: "sign_in" } });
    expect(tool.asked).toHaveLength(1);
  });

  it("that has no such project says so", async () => {
    const tool = new GridPlanTool([project()]);
    expect(await open(tool).connections({ name: "Mashai", code: "MAS" })).toMatchObject({
      ok: false,
      error: { kind: "gone" },
    });
  });

  it.each([
    ["a page of a proxy", () => Promise.resolve(new Response("<html>", { status: 502 }))],
    ["silence", () => Promise.reject(new DOMException("", "TimeoutError"))],
    [
      "an answer of another shape",
      () => Promise.resolve(Response.json({ status: "ok" }, { headers: { "Set-Cookie": "access_token=a" } })),
    ],
  ] as const)("that answers with %s is unavailable", async (_, answer) => {
    const plan = gridPlan({ url: "https://ugp.example.org/api", employeeNumber: "E1", password: "x" }, answer);
    expect(await plan.projects()).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  });

  it("that lists fewer connections than it says is no list", async () => {
    const tool = new GridPlanTool([project()]);
    const plan = gridPlan(
      { url: "https://ugp.example.org/api", employeeNumber: "E1", password: tool.password },
      async (input, init) => {
        const answer = await tool.fetch(input, init);
        if (!String(input).includes("table-data")) return answer;
        const body = (await answer.json()) as { rows: unknown[]; total: number };
        return Response.json({ ...body, total: body.total + 1 });
      },
    );
    expect(await plan.connections(MAK)).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  });
});

import { describe, expect, it } from "vitest";
import { localDay } from "../../src/domain/local-day.ts";
import { lastComplete } from "../../src/domain/metrics/periods.ts";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("customer growth", () => {
  it.each(["phone", "desktop"] as const)("is read on a %s, each figure with its definition", async (size) => {
    const { page, complaints } = await come({ as: "finance_team", size });
    await page.goto("/ls/growth");
    await page.locator("figure canvas").nth(1).waitFor();
    await page.getByText("What this is").first().click();
    await page.locator(".metric-means dd").first().waitFor();
    await look({ page }, "growth");
    expect(complaints).toEqual([]);
  });

  it("has a quarter and a site in its address, says the day it counts on, and hands out the same as a file", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/growth");
    await page.getByLabel("Site", { exact: true }).selectOption("MAK");
    await page.getByLabel("Quarter", { exact: true }).selectOption({ index: 1 });
    await page.getByText("is not over: it is counted until today").waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ site: "MAK" });
    const csv = await page.request.get(
      (await page.getByRole("link", { name: "All of it (CSV)" }).first().getAttribute("href")) ?? "",
    );
    const text = await csv.text();
    expect(text).toMatch(/^\uFEFFsite,name,district,registered/);
    expect(text).toContain("\r\nMAK,");
    expect(text).toContain("# end of file: 1 rows");
  });

  it("bug of old: no quarter was ever asked for, so that new was always 0; now it is the last one that is over", async () => {
    const { page } = await come({ as: "finance_team" });
    const answer = await (await page.request.get("/ls/api/reports/customer-statistics")).json();
    const { from, to } = lastComplete(localDay(answer.asOf, 120), "quarter");
    expect(answer).toMatchObject({ quarter: { from, to }, asOfDay: to, isPartial: false });
    expect(answer.totals.newlyConnected).toBeGreaterThan(0);
    const named = await (await page.request.get(`/ls/api/reports/customer-statistics?quarter=${to}`)).json();
    expect(named.totals).toEqual(answer.totals);
  });

  it("refuses a day that is none", async () => {
    const { page } = await come({ as: "finance_team" });
    const answer = await page.request.get("/ls/api/reports/customer-statistics?quarter=2026-13-01");
    expect([answer.status(), (await answer.json()).error.details[0].field]).toEqual([400, "quarter"]);
    const far = await page.request.get("/ls/api/reports/customer-growth?from=1800-01-01");
    expect([far.status(), (await far.json()).error.kind]).toEqual([400, "bad_field"]);
  });
});

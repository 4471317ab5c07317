import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("reports", () => {
  it.each(["phone", "desktop"] as const)(
    "are read on a %s, each figure with its definition and its file",
    async (size) => {
      const { page, complaints } = await come({ as: "finance_team", size });
      for (const report of ["operations", "money", "days"]) {
        await page.goto(`/ls/reports?report=${report}`);
        await page.locator("figure canvas").first().waitFor();
        await page.getByText("What this is").first().click();
        await page.locator(".metric-means dd").first().waitFor();
        await look({ page }, `reports-${report}`);
      }
      expect(complaints).toEqual([]);
    },
  );

  it("are explored by figure, group and time, and the address says all of it", async () => {
    const { page, complaints } = await come({ as: "finance_team" });
    await page.goto("/ls/figures");
    await page.getByLabel("Figure").selectOption({ label: "Paid" });
    await page.getByLabel("Over").selectOption({ label: "days" });
    await page.getByLabel("By").selectOption({ label: "channel" });
    await page.locator("figure canvas").first().waitFor();
    await page.waitForURL(/grain=day/);
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ grain: "day", by: "channel" });
    const csv = await page.request.get(
      (await page.getByRole("link", { name: "All of it (CSV)" }).first().getAttribute("href")) ?? "",
    );
    expect(csv.headers()["content-disposition"]).toMatch(/paid-LS-day-/);
    expect(await csv.text()).toContain("# end of file:");
    // A figure that has no channels is not asked by channel.
    await page.getByLabel("Figure").selectOption({ label: "Energy used" });
    await page.locator("figure canvas").first().waitFor();
    await look({ page }, "figures");
    expect(complaints).toEqual([]);
  });

  it("are what the payments' own page adds up", async () => {
    const { page } = await come({ as: "finance_team" });
    const day = new Date(Date.now() + 2 * 3_600_000 - 86_400_000).toISOString().slice(0, 10);
    const differ = async () => {
      const totals = (await (await page.request.get(`/ls/api/payments/totals?from=${day}&to=${day}`)).json()) as {
        days: { day: string; amountMinor: number }[];
      };
      expect(totals.days.length).toBeGreaterThan(0);
      const answer = await page.request.get(`/ls/api/reports/metrics/paid?grain=day&from=${day}&to=${day}`);
      const value = ((await answer.json()) as { rows: { value: number | null }[] }).rows[0]?.value ?? null;
      return value === null ? null : value - totals.days.reduce((total, each) => total + each.amountMinor, 0);
    };
    // A world that has just started adds up its newest days first, within minutes.
    await expect.poll(differ, { timeout: 80_000, interval: 2_000 }).toBe(0);
  });

  it("come on paper, in the reader's language", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/reports?report=money");
    const href = (await page.getByRole("link", { name: "PDF" }).getAttribute("href")) ?? "";
    expect(href).toContain("/reports/documents/money");
    const paper = await page.request.get(href.replace("language=en", "language=fr"));
    expect(paper.headers()["content-type"]).toBe("application/pdf");
    const bytes = await paper.body();
    expect(bytes.subarray(0, 5).toString("latin1")).toBe("%PDF-");
    expect(bytes.length).toBeLessThan(1_000_000);
    expect((await page.request.get("/ls/api/reports/documents/profit")).status()).toBe(404);
  });

  it("refuse a figure that is none, and a group that it has not, with what is expected", async () => {
    const { page } = await come({ as: "finance_team" });
    const none = await page.request.get("/ls/api/reports/metrics/profit");
    expect([none.status(), (await none.json()).error.kind]).toEqual([404, "unknown_metric"]);
    const by = await page.request.get("/ls/api/reports/metrics/metered?by=channel");
    expect([by.status(), (await by.json()).error.details[0]]).toMatchObject([
      400,
      { field: "by", expected: "one of none, site, type" },
    ]);
    const long = await page.request.get("/ls/api/reports/metrics/paid?grain=day&from=2020-01-01");
    expect(long.status()).toBe(400);
    const odd = await page.request.get("/ls/api/reports/metrics/constructor");
    expect(odd.status()).toBe(404);
  });
});

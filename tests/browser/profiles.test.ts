import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

const DAY_MS = 86_400_000;
/** The last weeks: what a world that has just started knows. */
const from = new Date(Date.now() - 20 * DAY_MS).toISOString().slice(0, 10);
const to = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
const ADDED_UP_MS_MAX = 80_000;

describe.skipIf(chromiumPath === null)("load profiles", () => {
  it.each(["phone", "desktop"] as const)("are read on a %s, each with its definition and its file", async (size) => {
    const { page, complaints } = await come({ as: "finance_team", size });
    const isKnown = async () => {
      const answer = await page.request.get(`/ls/api/reports/load-daily?from=${from}&to=${to}`);
      return ((await answer.json()) as { days: unknown[] }).days.length > 0;
    };
    // A world that has just started adds up its days within minutes.
    await expect.poll(isKnown, { timeout: ADDED_UP_MS_MAX, interval: 3_000 }).toBe(true);
    for (const view of ["curve", "daily", "cdf", "scatter", "factors", "year"]) {
      // A year is drawn of one site; its hours, and a week's of the country, have windows of their own.
      const span = view === "year" ? "&site=MAK" : view === "factors" ? "" : `&from=${from}&to=${to}`;
      await page.goto(`/ls/load?view=${view}&by=none${span}`);
      await page.locator(".as-of").filter({ hasText: "as of" }).first().waitFor();
      await page.locator(".profile-means").first().waitFor();
      // How much is known of the other views depends on how long the world has run; each says so where it is too little.
      if (view === "daily") await page.locator("figure canvas").first().waitFor();
      await look({ page }, `load-${view}`);
    }
    expect(complaints).toEqual([]);
  });

  it("keep what is chosen in the address, and the file is of the same question", async () => {
    const { page, complaints } = await come({ as: "finance_team" });
    await page.goto(`/ls/load?from=${from}&to=${to}`);
    await page.getByLabel("Split by").selectOption({ label: "site" });
    await page.getByRole("button", { name: "Days" }).click();
    await page.waitForURL(/view=daily/);
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ by: "site", view: "daily", from, to });
    const link = page.getByRole("link", { name: "All of it (CSV)" });
    expect(await link.getAttribute("href")).toContain("load-daily/csv?by=site");
    const file = await page.request.get((await link.getAttribute("href")) ?? "");
    expect(await file.text()).toMatch(/# means_load_daily: .*\r\n# end of file: \d+ rows$/);
    // A window that is too long is refused beside what was chosen.
    await page.goto("/ls/load?view=factors&from=2026-01-01&to=2026-09-01");
    await page.getByRole("alert").first().waitFor();
    expect(await page.getByLabel("From").inputValue()).toBe("2026-01-01");
    expect(complaints.filter((each) => !each.includes("400"))).toEqual([]);
  });
});

describe.skipIf(chromiumPath === null)("tenure", () => {
  it.each(["phone", "desktop"] as const)("is read on a %s by the corrected rule and by the old one", async (size) => {
    const { page, complaints } = await come({ as: "finance_team", size });
    await page.goto("/ls/tenure");
    await page.getByText("Month 0 is its first complete month").waitFor();
    await page.locator(".as-of").filter({ hasText: "as of" }).first().waitFor();
    await look({ page }, "tenure-corrected");
    await page.getByRole("button", { name: "Old rule" }).click();
    await page.waitForURL(/rule=legacy/);
    await page.getByText("As the old report counted").waitFor();
    await look({ page }, "tenure-legacy");
    expect(complaints).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";
import { freshAccount, freshMeter, operate } from "./metering.ts";

const DAY_MS = 86_400_000;

describe.skipIf(chromiumPath === null)("coverage", () => {
  it.each(["phone", "desktop"] as const)("is read on a %s, each figure with its definition", async (size) => {
    const { page, complaints } = await come({ as: "engineering", size });
    await page.goto("/ls/coverage");
    await page.locator("figure canvas").first().waitFor();
    await page.getByText("What this is").first().click();
    await look({ page }, "coverage");
    await page.getByRole("button", { name: "Sites by month" }).click();
    await page.getByText("Hours known, by site and month").first().waitFor();
    await look({ page }, "coverage-sites");
    await page.getByRole("button", { name: "Silent meters" }).click();
    await page
      .getByText(/Silent since/)
      .first()
      .waitFor();
    await look({ page }, "coverage-silent");
    expect(complaints).toEqual([]);
  });

  it("names a meter that hangs for weeks and never told anything, and the file has it", async () => {
    const [account, meterNumber] = [freshAccount("MAK"), freshMeter()];
    const from = new Date(Date.now() - 20 * DAY_MS).toISOString();
    const meters = [{ meterNumber, role: "primary", from }];
    await operate("/api/ops/accounts", {
      accounts: [{ account, name: "Journey Silence", phone: null, language: "en", status: "live", meters }],
    });
    const { page } = await come({ as: "engineering" });
    await page.goto("/ls/coverage?tab=silent&site=MAK");
    await page.getByRole("row").filter({ hasText: account }).waitFor();
    const csv = await page.request.get("/ls/api/reports/silent-meters/csv?site=MAK");
    expect(await csv.text()).toContain(`${account},MAK,${meterNumber},,`);
    // Thirty days ago it did not hang there.
    await page.getByLabel("Silent for").selectOption("30");
    await page.waitForURL(/days=30/);
    await page.getByRole("row").filter({ hasText: account }).waitFor({ state: "detached" });
  });

  it("refuses days that are none, and never counts today", async () => {
    const { page } = await come({ as: "engineering" });
    const backwards = await page.request.get("/ls/api/reports/record-completeness?from=2026-06-02&to=2026-06-01");
    expect([backwards.status(), (await backwards.json()).error.details[0].field]).toEqual([400, "from"]);
    const odd = await page.request.get("/ls/api/reports/silent-meters?days=0");
    expect([odd.status(), (await odd.json()).error.details[0].field]).toEqual([400, "days"]);
    const tomorrow = new Date(Date.now() + 2 * DAY_MS).toISOString().slice(0, 10);
    const answer = await (await page.request.get(`/ls/api/reports/record-completeness?to=${tomorrow}`)).json();
    expect([answer.isPartial, answer.to < tomorrow]).toEqual([true, true]);
  });
});

import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

/** Holds back answers of these paths until they are let go. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((settle) => {
    open = settle;
  });
  return { opened, open };
}

describe.skipIf(chromiumPath === null)("an answer to another question", () => {
  it("is dimmed and said to be busy until the own one comes, and is never there when that fails", async () => {
    const { page, complaints } = await come({ as: "finance_team" });
    await page.goto("/ls/daily-sales?from=2026-10-01&to=2026-10-14");
    await page.getByText("2026-10-01 to 2026-10-14").first().waitFor();
    expect(await page.locator(".page").getAttribute("aria-busy")).toBe("false");
    const held = gate();
    await page.route("**/api/reports/daily-sales?*to=2026-10-10*", async (route) => {
      await held.opened;
      await route.continue();
    });
    await page.getByLabel("To", { exact: true }).fill("2026-10-10");
    await page.locator(".page.stale[aria-busy=true]").waitFor();
    expect(await page.locator(".tiles").evaluate((tiles) => getComputedStyle(tiles).opacity)).toBe("0.4");
    expect(await page.locator(".filters").evaluate((filters) => getComputedStyle(filters).opacity)).toBe("1");
    held.open();
    await page.getByText("2026-10-01 to 2026-10-10").first().waitFor();
    await look({ page }, "fresh");
    expect(await page.locator(".page.stale").count()).toBe(0);
    await page.route("**/api/reports/daily-sales?*to=2026-10-09*", (route) => route.abort());
    await page.getByLabel("To", { exact: true }).fill("2026-10-09");
    await page.getByRole("alert").waitFor();
    expect(await page.locator(".tiles").count()).toBe(0);
    expect(complaints.filter((each) => !each.includes("daily-sales"))).toEqual([]);
  });

  it("is not shown at all where a sum stands under its days: payments", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/payments?from=2026-11-01&to=2026-11-29");
    const count = page.locator(".tiles .tile strong").first();
    await expect.poll(() => count.textContent()).not.toBe("–");
    const held = gate();
    await page.route("**/api/payments/totals?*to=2026-11-28*", async (route) => {
      await held.opened;
      await route.continue();
    });
    await page.getByLabel("To", { exact: true }).fill("2026-11-28");
    await expect.poll(() => count.textContent()).toBe("–");
    held.open();
    await expect.poll(() => count.textContent()).not.toBe("–");
  });
});

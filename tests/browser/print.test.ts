import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chromiumPath, SHOTS } from "./browser.ts";
import { come } from "./come.ts";

const A4 = { width: 794, height: 1123 };
const WHITE = "rgb(255, 255, 255)";

describe.skipIf(chromiumPath === null)("a page on paper", () => {
  it.each([
    ["/ls/payments", "Payments"],
    ["/ls/accounts/0045MAK", "0045MAK"],
    ["/ls/accounts/0045MAK/explain", "Explain the balance"],
  ])("is black on white, also where the screen is dark, without what can only be pressed: %s", async (path, title) => {
    const { page } = await come({ as: "finance_team", dark: true });
    await page.setViewportSize(A4);
    await page.goto(path);
    await page.getByRole("heading", { name: title, level: 1 }).waitFor();
    await page.locator(".panel").first().waitFor();
    await page.waitForLoadState("networkidle").catch(() => undefined);
    await page.emulateMedia({ media: "print" });
    const panels = await page.locator(".panel, .tile").evaluateAll((all) =>
      all.map((each) => {
        const { backgroundColor, color } = getComputedStyle(each);
        return { backgroundColor, isDark: Math.max(...(color.match(/\d+/g) ?? []).slice(0, 3).map(Number)) < 90 };
      }),
    );
    expect(new Set(panels.map(({ backgroundColor }) => backgroundColor))).toEqual(new Set([WHITE]));
    expect(panels.every(({ isDark }) => isDark)).toBe(true);
    expect(await page.locator("button:visible, nav:visible, input:visible").count()).toBe(0);
    await page.screenshot({ path: join(SHOTS, `print-${title.replaceAll(/\W+/g, "-")}.png`), fullPage: true });
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("shows a receipt whole: how it came, who has it and what it posted", async () => {
    const { page } = await come({ as: "finance_team", dark: true });
    await page.goto("/ls/payments");
    await page.getByRole("table", { name: "Payments" }).getByRole("link").first().click();
    await page.getByRole("heading", { name: "What it posted" }).waitFor();
    await page.emulateMedia({ media: "print" });
    for (const name of ["How it came", "Who had it", "What it posted"])
      expect(await page.getByRole("heading", { name }).isVisible(), name).toBe(true);
    expect(await page.getByText("Put it right").isVisible()).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("the dashboard", () => {
  it.each(["phone", "desktop"] as const)(
    "says on a %s what came in, what was used and what waits, as of when",
    async (size) => {
      const { page, complaints } = await come({ as: "superadmin", size, dark: size === "phone" });
      await page.goto("/ls/");
      await page.getByText("Money today").first().waitFor();
      await page.getByText("live", { exact: true }).first().waitFor();
      expect(await page.getByLabel("Figures of the day").getByText("as of").count()).toBe(9);
      await look({ page }, "dashboard");
      expect(complaints).toEqual([]);
    },
  );

  it("shows one site when its name is pressed, and the address keeps it", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/");
    await page.getByRole("table", { name: "Sites" }).getByRole("link").first().click();
    await page.waitForURL(/site=[A-Z]{3}/);
    const code = new URL(page.url()).searchParams.get("site") ?? "";
    await page.reload();
    await page.getByRole("table", { name: "Sites" }).getByRole("link").first().waitFor();
    expect(await page.getByRole("table", { name: "Sites" }).locator("tbody tr").count()).toBe(1);
    expect(await page.getByLabel("Site", { exact: true }).inputValue()).toBe(code);
  });

  it("finds an account from what is in one's hand, however it is spelled", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/");
    const box = page.getByRole("searchbox");
    await box.fill("k");
    expect(await page.getByRole("button", { name: "Find" }).isDisabled()).toBe(true);
    await box.fill("mak 45");
    await page.getByRole("link", { name: "Account 0045MAK" }).waitFor();
    await box.press("Enter");
    await page.waitForURL("**/ls/accounts/0045MAK");
  });

  it("shows a registrar no money, and what there is to do instead", async () => {
    const { page } = await come({ as: "field_registrar" });
    await page.goto("/ls/");
    await page.getByRole("heading", { name: "What you may do here" }).waitFor();
    expect(await page.getByText("Money today").count()).toBe(0);
  });
});

import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("the shell of the portal", () => {
  it.each(["phone", "desktop"] as const)(
    "asks to sign in, on a %s, and goes in with one press in the demo world",
    async (size) => {
      const { page, complaints } = await come({ size });
      await page.goto("/");
      await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
      await look({ page }, "sign-in");
      await page.getByRole("button", { name: "superadmin" }).click();
      await page.getByRole("heading", { name: "Lesotho" }).waitFor();
      await look({ page }, "dashboard");
      expect(complaints).toEqual([]);
    },
  );

  it("says what is wrong with a password, keeps the e-mail, and lets nobody in", async () => {
    const { page } = await come({});
    await page.goto("/ls/");
    await page.getByLabel("E-mail").fill("nobody@example.org");
    await page.getByLabel("Password").fill("not the one");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("alert").getByText("That is not right").waitFor();
    expect(await page.getByLabel("E-mail").inputValue()).toBe("nobody@example.org");
  });

  it("switches the language in place, and keeps it over a reload", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/profile");
    await page.getByRole("heading", { name: "My profile" }).waitFor();
    await page.locator(".person summary").click();
    await page.getByLabel("Language").selectOption("fr");
    await page.getByRole("heading", { name: "Mon profil" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Mon profil" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("fr");
  });

  it("switches the country by the address, and asks anew who one is there", async () => {
    const { page } = await come({ as: "superadmin" });
    await page.goto("/ls/");
    await page.getByRole("heading", { name: "Lesotho" }).waitFor();
    await page.getByLabel("Country").selectOption("bj");
    await page.waitForURL("**/bj/");
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await page.getByRole("button", { name: "superadmin" }).click();
    await page.getByRole("heading", { name: "Benin" }).waitFor();
  });

  it("opens the navigation of a phone from the bar, by keyboard too, and closes it when a page was chosen", async () => {
    const { page } = await come({ as: "superadmin", size: "phone" });
    await page.goto("/ls/profile");
    const menu = page.getByRole("button", { name: "Menu" });
    expect(await page.getByRole("link", { name: "Dashboard" }).isVisible()).toBe(false);
    await menu.focus();
    await page.keyboard.press("Enter");
    await look({ page }, "drawer");
    await page.getByRole("link", { name: "Dashboard" }).click();
    await page.waitForURL("**/ls/");
    expect(await menu.getAttribute("aria-expanded")).toBe("false");
  });

  it("has nothing to do with any other host", async () => {
    const { page } = await come({ as: "superadmin" });
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await page.goto("/ls/");
    await page.getByRole("heading", { name: "Lesotho" }).waitFor();
    expect([...hosts]).toEqual([new URL(page.url()).origin]);
  });

  it("says that there is no such page, and where to go", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/nowhere");
    await page.getByText("There is no such page").waitFor();
  });
});

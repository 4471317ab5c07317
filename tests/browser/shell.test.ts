import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

/** Presses of Tab between two things on one page. */
const TABS_MAX = 60;

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

  it("switches the country by the address, and lets in whoever works there without another word", async () => {
    const { page } = await come({ as: "superadmin" });
    await page.goto("/ls/");
    await page.getByRole("heading", { name: "Lesotho" }).waitFor();
    await page.getByLabel("Country").selectOption("bj");
    await page.waitForURL("**/bj/");
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

  it("is walked by keyboard alone, from the door of the page to an answer, and shows where one is", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/");
    await page.getByRole("searchbox").first().waitFor();
    const isMarked = () =>
      page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle !== "none");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the page");
    expect(await isMarked()).toBe(true);
    await page.keyboard.press("Enter");
    const tabTo = async (text: string) => {
      for (let presses = 0; presses < TABS_MAX; presses++) {
        await page.keyboard.press("Tab");
        expect(await isMarked()).toBe(true);
        const here = await page.evaluate(() => {
          const { activeElement: it } = document;
          return `${it?.getAttribute("type") ?? ""} ${it?.textContent ?? ""}`;
        });
        if (here.includes(text)) return;
      }
      throw new Error(`${text} is not reached within ${TABS_MAX} presses`);
    };
    await tabTo("search");
    await page.keyboard.type("0045MAK");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/accounts/0045MAK");
    await page.getByRole("link", { name: "Explain this balance" }).waitFor();
    await tabTo("Explain this balance");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Explain the balance", level: 1 }).waitFor();
  });

  it("says that there is no such view where an address names one, and offers the first", async () => {
    const { page } = await come({ as: "generic", size: "phone" });
    await page.goto("/ls/sms?view=nothing");
    await page.getByText("There is no view “nothing” here").waitFor();
    await look({ page }, "no-such-view");
    await page.getByRole("button", { name: "Show “In”" }).click();
    await page.getByRole("table", { name: "In" }).or(page.getByText("No such text")).first().waitFor();
    expect(new URL(page.url()).searchParams.get("view")).toBeNull();
    await page.goto("/ls/tills?view=");
    await page.getByRole("button", { name: "Phones", pressed: true }).waitFor();
  });

  it("has nothing to do with any other host", async () => {
    const { page } = await come({ as: "superadmin" });
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await page.goto("/ls/");
    await page.getByRole("heading", { name: "Lesotho" }).waitFor();
    expect([...hosts]).toEqual([new URL(page.url()).origin]);
  });

  it.each(["/ls/nowhere", "/ls/accounts/%E0%A4%A", "/ls/customers/1/2/3"])(
    "says that there is no such page, and where to go: %s",
    async (address) => {
      const { page, complaints } = await come({ as: "generic" });
      await page.goto(address);
      await page.getByText("There is no such page").waitFor();
      await page.getByRole("link", { name: "To the dashboard" }).click();
      await page.getByRole("heading", { name: "Lesotho" }).waitFor();
      expect(complaints).toEqual([]);
    },
  );
});

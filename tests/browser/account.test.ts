import { afterAll, afterEach, describe, expect, it } from "vitest";
import { chromiumPath, closeBrowser, look, type Visit, visit } from "./browser.ts";

const visits: Visit[] = [];
const come = async (...options: Parameters<typeof visit>) => {
  const made = await visit(...options);
  visits.push(made);
  return made;
};
afterEach(async () => {
  for (const { context } of visits.splice(0)) await context.close();
});
afterAll(() => closeBrowser());

/** Accounts that nobody else's journey touches. */
const WATCHED = "0101MAT";

describe.skipIf(chromiumPath === null)("the page of an account", () => {
  it.each(["phone", "desktop"] as const)("shows what is known now, live, on a %s", async (size) => {
    const { page, complaints } = await come({ as: "superadmin", size });
    await page.goto(`/ls/accounts/${WATCHED.toLowerCase()}`);
    await page.getByRole("status").getByText("live", { exact: true }).waitFor();
    await page.getByRole("heading", { name: "Money and energy" }).waitFor();
    await page.locator(".entry").first().waitFor();
    await look({ page }, "account");
    await page.locator(".entry").last().locator("summary").click();
    await look({ page }, "account-entry");
    await page.getByRole("button", { name: "Meters", exact: true }).click();
    await page
      .getByRole("columnheader", { name: "Register" })
      .waitFor({ state: size === "phone" ? "attached" : "visible" });
    await look({ page }, "account-meters");
    expect(complaints).toEqual([]);
  });

  it.each(["phone", "desktop"] as const)("explains the balance, on a %s", async (size) => {
    const { page, complaints } = await come({ as: "generic", size, dark: true });
    await page.goto(`/ls/accounts/${WATCHED}/explain`);
    await page.getByText("It adds up").waitFor();
    await page.locator(".entry").first().waitFor();
    await look({ page }, "explain");
    expect(complaints).toEqual([]);
  });
});

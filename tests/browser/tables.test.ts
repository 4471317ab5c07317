import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("tables and exports", () => {
  it("makes a row, changes it with a reason after showing what will be different, and erases it", async () => {
    const { page, complaints } = await come({ as: "onm_team" });
    const number = `66${String(Date.now()).slice(-8)}`;
    await page.goto("/ls/tables/meters");
    await page.getByRole("button", { name: "New row" }).click();
    const form = page.getByRole("dialog", { name: "New row" });
    await form.getByLabel("meter_number").fill(number);
    await form.getByLabel("rated_w").fill("many");
    await form.getByRole("button", { name: "Make it" }).click();
    await form.getByRole("alert").waitFor();
    expect(await form.getByLabel("meter_number").inputValue()).toBe(number);
    await form.getByLabel("rated_w").fill("500");
    await form.getByRole("button", { name: "Make it" }).click();
    await page.getByText("Made", { exact: true }).waitFor();

    await page.getByLabel("Search").fill(number);
    await page.getByLabel("Search").press("Enter");
    await page.getByText("That is all: 1", { exact: true }).waitFor();
    await page.getByRole("table", { name: "meters" }).getByRole("link").first().click();
    const row = page.getByRole("dialog", { name: /meters/ });
    await row.getByLabel("rated_w").fill("750");
    await row.getByRole("button", { name: "Save" }).click();
    const ask = page.getByRole("dialog", { name: "Save this change?" });
    expect(await ask.locator("del").textContent()).toBe("500");
    expect(await ask.locator("ins").textContent()).toBe("750");
    await ask.getByLabel("Reason").fill("read from the plate");
    await ask.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved", { exact: true }).waitFor();
    await look({ page }, "table-row");
    await row.getByRole("button", { name: "Erase" }).click();
    const gone = page.getByRole("dialog", { name: `Erase ${number}?` });
    await gone.getByLabel("Reason").fill("a test");
    await gone.getByRole("button", { name: "Erase" }).click();
    await page.getByText(/Erased/).waitFor();
    await page.goto(`/ls/changes?about=meter:${number}`);
    await page.getByText("read from the plate").waitFor();
    expect(complaints).toEqual([]);
  });

  it.each(["phone", "desktop"] as const)(
    "lists tables on a %s and browses one with filters kept in the address",
    async (size) => {
      const { page } = await come({ as: "generic", size, dark: size === "phone" });
      await page.goto("/ls/tables");
      await page.getByRole("link", { name: "payments", exact: true }).waitFor();
      await look({ page }, "tables");
      await page.goto(
        "/ls/tables/payments?where=paid_at%3E%3D2026-01-01T00:00:00Z&cols=receipt,amount_minor,paid_at,holder_kind",
      );
      await page.getByRole("table", { name: "payments" }).getByRole("link").first().waitFor();
      await page.getByText("paid_at>=2026-01-01T00:00:00Z").waitFor();
      await look({ page }, "table");
      await page.getByRole("table", { name: "payments" }).getByRole("link").first().click();
      await page.getByText(/Not written by hand/).waitFor();
      expect(await page.getByRole("button", { name: "Save" }).count()).toBe(0);
    },
  );

  it("exports a table, says how far it is, and the file is whole and readable", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/tables/sites");
    await page.getByRole("link", { name: "As a file" }).click();
    await page.waitForURL(/exports\?table=sites/);
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "Make the file" }).click();
    const file = await coming;
    await page.getByText(/Whole and saved/).waitFor();
    await look({ page }, "exports");
    expect(file.suggestedFilename()).toMatch(/^ls-sites-\d{4}-\d\d-\d\d\.csv$/);
    const text = readFileSync(await file.path(), "utf8");
    expect(text).toContain("MAK");
    expect(text.trimEnd()).toMatch(/# end of file: \d+ rows$/);
  });

  it("says which filter is wrong, beside it, and makes nothing", async () => {
    const { page } = await come({ as: "finance_team", size: "phone" });
    await page.goto("/ls/exports?table=sites&where=nothing%3D1");
    await page.getByRole("button", { name: "Make the file" }).click();
    await page
      .getByText(/expected: column=value/)
      .first()
      .waitFor();
    await look({ page }, "exports");
    expect(await page.getByText("Whole and saved").count()).toBe(0);
  });
});

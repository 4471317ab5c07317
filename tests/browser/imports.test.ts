import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

describe.skipIf(chromiumPath === null)("what is in of the vendors' days", () => {
  it.each(["phone", "desktop"] as const)("is a map of sites and days, on a %s", async (size) => {
    const { page, complaints } = await come({ as: "onm_team", size });
    await page.goto(`/ls/gaps?month=${yesterday().slice(0, 7)}`);
    await page.getByRole("table", { name: "Sites and days" }).waitFor();
    await page
      .getByRole("button", { name: new RegExp(yesterday()) })
      .first()
      .click();
    await page
      .getByRole("button", { name: /^Fetch again/ })
      .first()
      .waitFor();
    await look({ page }, "gaps");
    expect(complaints).toEqual([]);
  });

  it("is fetched again from a cell, with a reason, and the page shows that it goes on", async () => {
    const { page } = await come({ as: "onm_team" });
    await page.goto(`/ls/gaps?month=${yesterday().slice(0, 7)}`);
    await page
      .getByRole("button", { name: new RegExp(yesterday()) })
      .first()
      .click();
    await page
      .getByRole("button", { name: /^Fetch again/ })
      .first()
      .click();
    const dialog = page.getByRole("dialog");
    // No reason, no fetching: the question stays.
    await dialog.getByRole("button", { name: "Fetch again" }).click();
    expect(await dialog.isVisible()).toBe(true);
    await dialog.getByLabel("Reason").fill("a quarter was missing at the office");
    await dialog.getByRole("button", { name: "Fetch again" }).click();
    await page.getByText("Asked for: it goes on by itself").waitFor();
    // Done, or begun: either way it leaves its trace as a run.
    await page.goto("/ls/imports?view=runs");
    await page.getByRole("table", { name: "Runs" }).getByText(yesterday()).first().waitFor();
  });

  it.each(["phone", "desktop"] as const)(
    "comes from vendors whose health and budget are seen, on a %s",
    async (size) => {
      const { page, complaints } = await come({ as: "onm_team", size });
      await page.goto("/ls/imports");
      await page.getByRole("table", { name: "How fresh each site is" }).getByText("MAK").waitFor();
      await page.getByRole("table", { name: "Who credits the vendor's platform" }).waitFor();
      await look({ page }, "imports");
      // Who credits is a superadmin's to switch.
      expect(await page.getByRole("button", { name: /^To (this|the old) system/ }).count()).toBe(0);
      await page.goto("/ls/imports?view=runs");
      await page.getByRole("table", { name: "Runs" }).waitFor();
      await look({ page }, "imports-runs");
      expect(complaints).toEqual([]);
    },
  );

  it("is believed in an order that is set for a site, and taken no account of where it is no site", async () => {
    const { page } = await come({ as: "engineering" });
    await page.goto("/ls/imports?view=priorities");
    await page.getByRole("button", { name: "A list for a site or an account" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Site or account").fill("4MAK");
    await dialog.getByRole("button", { name: "koios_report: up" }).click();
    await dialog.getByRole("button", { name: "steama: leave out" }).click();
    await dialog.getByLabel("Reason").fill("its base station was changed");
    await dialog.getByRole("button", { name: "Save it" }).click();
    await dialog.getByText("a site as MAT").waitFor();
    await look({ page }, "imports-priorities");
    await dialog.getByLabel("Site or account").fill("SEB");
    await dialog.getByRole("button", { name: "Save it" }).click();
    await page.getByText("koios → koios_report → thundercloud").waitFor();
  });

  it("has its credit writer switched by a superadmin after a question, and neither sends meanwhile", async () => {
    const { page } = await come({ as: "superadmin" });
    await page.goto("/ls/imports");
    const row = page.getByRole("table", { name: "Who credits the vendor's platform" }).getByRole("row").last();
    const button = row.getByRole("button");
    await button.waitFor();
    await button.click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    expect(await button.isVisible()).toBe(true);
  });

  it("is looked at, and not asked for, by a role that may not", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto(`/ls/gaps?month=${yesterday().slice(0, 7)}`);
    await page
      .getByRole("button", { name: new RegExp(yesterday()) })
      .first()
      .click();
    await page.getByText("Last error").first().waitFor();
    expect(await page.getByRole("button", { name: /^Fetch again/ }).count()).toBe(0);
    await page.goto("/ls/imports?view=priorities");
    await page.getByText("The narrowest counts").waitFor();
    expect(await page.getByRole("button", { name: /A list for|Change/ }).count()).toBe(0);
  });
});

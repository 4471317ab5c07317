import { randomInt } from "node:crypto";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";
import { ownTill } from "./money-world.ts";

const DAY_MS = 86_400_000;
/** A world that has just begun adds its old books up. */
const ADDED_MS_MAX = 420_000;
const TEST_MS_MAX = ADDED_MS_MAX + 60_000;
const localDay = (back: number) => new Date(Date.now() + 120 * 60_000 - back * DAY_MS).toISOString().slice(0, 10);

/** The old books of a world that has just begun are added up within some minutes. */
const addedUp = (page: Page) =>
  expect
    .poll(async () => (await (await page.request.get("/ls/api/reports/metrics/paid?grain=total")).json()).pendingDays, {
      timeout: 420_000,
      interval: 5_000,
    })
    .toBeLessThan(3);

describe.skipIf(chromiumPath === null)("sums", () => {
  it.each(["phone", "desktop"] as const)(
    "shows on a %s what each day sold, and why it is not closed",
    async (size) => {
      const { page, complaints } = await come({ as: "finance_team", size, dark: size === "phone" });
      await addedUp(page);
      await page.goto("/ls/daily-sales");
      const today = page
        .getByRole("row")
        .filter({ hasText: localDay(0) })
        .first();
      await today.waitFor();
      await today.getByText("the day is not over").waitFor();
      await look({ page }, "daily-sales");
      await page.getByLabel("Lines").selectOption("site");
      await page.getByRole("row").filter({ hasText: "MAK" }).first().waitFor();
      await look({ page }, "daily-sales-sites");
      expect(complaints).toEqual([]);
    },
    TEST_MS_MAX,
  );

  it(
    "lists money that nobody claims on its day, says that it waits, and the file has it too",
    async () => {
      const { pay } = await ownTill();
      await pay({ account: null, amountMinor: 1_100 });
      const { page } = await come({ as: "finance_team" });
      type Told = { days: { sites: { site: string | null }[] }[] };
      const nobodys = async () => {
        const told: Told = await (await page.request.get(`/ls/api/reports/daily-sales?from=${localDay(0)}`)).json();
        return told.days.some(({ sites }) => sites.some(({ site }) => site === null));
      };
      await expect.poll(nobodys, { timeout: ADDED_MS_MAX, interval: 5_000 }).toBe(true);
      await page.goto(`/ls/daily-sales?from=${localDay(0)}&by=site`);
      await page.getByRole("row").filter({ hasText: "of no site" }).waitFor();
      await page.getByText("money waits in suspense").first().waitFor();
      const csv = await page.request.get(`/ls/api/reports/daily-sales/csv?from=${localDay(0)}`);
      expect(await csv.text()).toMatch(new RegExp(`${localDay(0)},,mpesa,.*open,day`));
      const backwards = await page.request.get("/ls/api/reports/daily-sales?from=2026-06-02&to=2026-06-01");
      expect([backwards.status(), (await backwards.json()).error.details[0].field]).toEqual([400, "to"]);
    },
    TEST_MS_MAX,
  );

  it.each(["phone", "desktop"] as const)(
    "puts the sites beside each other on a %s, the country last",
    async (size) => {
      const { page, complaints } = await come({ as: "engineering", size });
      await page.goto(`/ls/sites?from=${localDay(20)}&to=${localDay(0)}`);
      await page.getByRole("row").filter({ hasText: "Ketane" }).waitFor();
      await page.getByText("What this is").first().click();
      await look({ page }, "sites");
      await addedUp(page);
      const answer = await (
        await page.request.get("/ls/api/reports/site-summary?from=2026-01-01&to=2026-09-30")
      ).json();
      const paid = await (
        await page.request.get("/ls/api/reports/metrics/paid?grain=total&from=2026-01-01&to=2026-09-30")
      ).json();
      expect(answer.total.paid).toBe(paid.rows[0].value);
      const sum = answer.sites.reduce((all: number, site: { paid: number | null }) => all + (site.paid ?? 0), 0);
      expect(sum).toBe(answer.total.paid);
      expect(complaints).toEqual([]);
    },
    TEST_MS_MAX,
  );

  it.each(["phone", "desktop"] as const)(
    "shows on a %s what Ketane loses, and that another site has no meter for it",
    async (size) => {
      const { page, complaints } = await come({ as: "engineering", size, dark: size === "desktop" });
      await page.goto("/ls/losses");
      await page.locator("figure canvas").first().waitFor();
      expect(await page.getByLabel("Site").inputValue()).toBe("KET");
      await look({ page }, "losses");
      await page.getByLabel("By", { exact: true }).selectOption("month");
      await page.waitForURL(/grain=month/);
      await page.getByRole("row").filter({ hasText: "6.4 %" }).first().waitFor();
      await look({ page }, "losses-months");
      await page.getByLabel("Site").selectOption("MAS");
      await page.getByText("No meter counts the supply of MAS").waitFor();
      await look({ page }, "losses-none");
      expect(complaints).toEqual([]);
    },
  );

  it("adds countries up in dollars once a rate is entered, names who is left out, and takes a rate back", async () => {
    const { page, complaints } = await come({ as: "onm_team" });
    const source = `central bank ${randomInt(1_000, 900_000)}`;
    // Before this month and after the demo's own: the newest row shows it.
    const day = new Date(Date.now() - randomInt(32, 90) * 86_400_000).toISOString().slice(0, 10);
    await page.goto("/ls/settings");
    await page.getByRole("button", { name: "Enter rates" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Rates").fill(`${day}; 0.0571; ${source}\nnot a rate`);
    await form.getByLabel("Reason").fill("the year's average");
    await form.getByRole("button", { name: "Keep them" }).click();
    await form.getByText("Line 2 is no rate").waitFor();
    await look({ page }, "rates-form");
    await form.getByLabel("Rates").fill(`${day}; 0.0571; ${source}`);
    await form.getByRole("button", { name: "Keep them" }).click();
    await page.getByText("1 rates are kept.").waitFor();
    await page.getByRole("row").filter({ hasText: source }).waitFor();
    await look({ page }, "rates");

    await page.goto("/ls/countries");
    await page.getByText(source).first().waitFor();
    await page.getByText("BJ: you may not read its reports").waitFor();
    const now = page.getByRole("table", { name: "At this moment" });
    await now.getByRole("row").filter({ hasText: "LS" }).getByText("answered").waitFor();
    await now.getByRole("row").filter({ hasText: "BJ" }).getByText("not allowed").waitFor();
    await page.getByText(/^Together: .* Not in the dollars: BJ/).waitFor();
    await page.getByRole("row").filter({ hasText: "BJ" }).first().waitFor();
    await look({ page }, "countries");

    await page.goto("/ls/changes?action=fx_rate.create");
    await page.getByRole("table", { name: "Changes" }).getByRole("link").first().click();
    await page.waitForURL(/\/changes\/\d+/);
    await page.getByRole("button", { name: "Take back" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("typed wrongly");
    await dialog.getByRole("button", { name: "Take back" }).click();
    await page.getByText(/taken back by change/).waitFor();
    await page.goto("/ls/settings");
    await page.getByText("What the money is worth in dollars").waitFor();
    expect(await page.getByText(source).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("offers no pen for rates to who only reads, and shows countries on a phone", async () => {
    const { page } = await come({ as: "generic", size: "phone" });
    await page.goto("/ls/settings");
    await page.getByText("What the money is worth in dollars").waitFor();
    expect(await page.getByRole("button", { name: "Enter rates" }).count()).toBe(0);
    await page.goto("/ls/countries");
    await page.getByRole("heading", { name: "Lesotho" }).waitFor();
    await look({ page }, "countries");
  });
});

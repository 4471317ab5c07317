import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";
import { freshAccount, makeAccount } from "./metering.ts";

const ACCOUNT = freshAccount("MAS");
/** A year from now, by the hour: no other run sets a rate of this account. */
const YEAR = new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);

describe.skipIf(chromiumPath === null)("the tariffs", () => {
  beforeAll(() => makeAccount(ACCOUNT, "Journey Tariff", []));

  it.each(["phone", "desktop"] as const)("say what applies where, on a %s", async (size) => {
    const { page, complaints } = await come({ as: "finance_team", size });
    await page.goto("/ls/tariffs");
    await page.getByRole("table", { name: "Country and sites" }).getByText("The whole country").waitFor();
    await look({ page }, "tariffs");
    await page.goto("/ls/tariffs?view=told");
    await page.getByRole("button", { name: "Ask all accounts" }).click();
    await page
      .getByRole("status")
      .getByText(/newest rates|are behind/)
      .waitFor();
    await look({ page }, "tariffs-told");
    expect(complaints).toEqual([]);
  });

  it("are changed after a dry run has shown who pays what, stand as pending, and are cancelled", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/tariffs?view=set");
    await page.getByLabel("For", { exact: true }).selectOption("account");
    await page.getByLabel("Account").fill(ACCOUNT);
    await page.getByLabel("Rate per kWh").fill("cheap");
    await page.getByLabel("Begins").fill(`${YEAR}T06:00`);
    await page.getByRole("button", { name: "Show what it would mean" }).click();
    await page.getByText("at most four decimals").first().waitFor();
    expect(await page.getByLabel("Account").inputValue()).toBe(ACCOUNT);
    await page.getByLabel("Rate per kWh").fill("5.25");
    await page.getByRole("button", { name: "Show what it would mean" }).click();
    const effect = page.getByRole("region", { name: "What it would mean" }).first();
    await effect.getByText(/5\.00 LSL → 5\.25 LSL from .* \(accounts: 1\)/).waitFor();
    await look({ page }, "tariff-dry-run");
    // Without a reason it is not to be had.
    expect(await page.getByRole("button", { name: "Set it" }).isDisabled()).toBe(true);
    await page.getByLabel("Reason").fill("a letter of the regulator");
    await page.getByRole("button", { name: "Set it" }).click();
    const pending = page.getByRole("table", { name: "Changes to come" }).getByRole("row").filter({ hasText: ACCOUNT });
    await pending.getByText("5.25 LSL").waitFor();
    await pending.getByRole("button", { name: "Cancel it" }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("a year too early");
    await page.getByRole("dialog").getByRole("button", { name: "Cancel it" }).click();
    await pending.waitFor({ state: "detached" });
    await page.goto("/ls/tariffs?view=history");
    const past = page.getByRole("row").filter({ hasText: ACCOUNT });
    await past.getByText("cancelled", { exact: true }).waitFor();
    await past.getByText("a year too early").waitFor();
  });

  it("of one account are set from its own page, which is named already", async () => {
    const { page } = await come({ as: "finance_team", size: "phone" });
    await page.goto(`/ls/accounts/${ACCOUNT}`);
    await page.getByRole("link", { name: "Change tariff" }).click();
    await page.getByLabel("Rate per kWh").waitFor();
    expect(await page.getByLabel("For", { exact: true }).inputValue()).toBe("account");
    expect(await page.getByLabel("Account").inputValue()).toBe(ACCOUNT);
    await page.getByLabel("Rate per kWh").fill("4.75");
    await page.getByLabel("Begins").fill(`${YEAR}T08:00`);
    await page.getByRole("button", { name: "Show what it would mean" }).click();
    await page.getByText(/5\.00 LSL → 4\.75 LSL from .* \(accounts: 1\)/).waitFor();
    await look({ page }, "tariff-of-account");
    // The other views are reached from here as ever, and who may set nothing sees what applies.
    await page.getByRole("button", { name: "In force" }).click();
    await page.getByRole("table", { name: "Country and sites" }).waitFor();
    const reader = await come({ as: "generic" });
    await reader.page.goto(`/ls/tariffs?account=${ACCOUNT}`);
    await reader.page.getByRole("table", { name: "Country and sites" }).waitFor();
  });

  it("that are unusual are set only by who means it, and what was typed is still there after a reload", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/tariffs?view=set");
    await page.getByLabel("Site").selectOption("MAS");
    await page.getByLabel("Rate per kWh").fill("50");
    await page.getByLabel("Begins").fill(`${YEAR}T07:00`);
    await page.getByRole("button", { name: "Show what it would mean" }).click();
    await page.getByLabel(/more than twice/).waitFor();
    await page.getByLabel("Reason").fill("a slip of the finger");
    expect(await page.getByRole("button", { name: "Set it" }).isDisabled()).toBe(true);
    await page.reload();
    await page.getByText("is still there").waitFor();
    expect(await page.getByLabel("Rate per kWh").inputValue()).toBe("50");
    await page.getByRole("button", { name: "Start afresh" }).click();
  });

  it("that would begin in the past are offered to a superadmin alone", async () => {
    for (const [role, offered] of [
      ["finance_team", 0],
      ["superadmin", 1],
    ] as const) {
      const { page } = await come({ as: role });
      await page.goto("/ls/tariffs?view=set");
      await page.getByLabel("For", { exact: true }).selectOption("account");
      await page.getByLabel("Account").fill(ACCOUNT);
      await page.getByLabel("Rate per kWh").fill("5.10");
      await page.getByLabel("Begins").fill("2026-01-01T00:00");
      await page.getByRole("button", { name: "Show what it would mean" }).click();
      await page.getByText("All accounts must be told before it begins").waitFor();
      expect(await page.getByLabel(/in the past on purpose/).count(), role).toBe(offered);
    }
  });

  it("are read, and not changed, by a role that may not", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/tariffs?view=set");
    await page.getByRole("table", { name: "Country and sites" }).getByText("The whole country").waitFor();
    expect(await page.getByRole("button", { name: /Change a rate|Cancel it/ }).count()).toBe(0);
  });
});

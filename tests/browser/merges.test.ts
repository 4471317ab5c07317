import { describe, expect, it } from "vitest";
import { chromiumPath, look, type Visit } from "./browser.ts";
import { familyName, phone, register } from "./care.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("twins", () => {
  const twins = async (here: Visit) => {
    const [name, number] = [familyName(), phone()];
    const one = await register(here, { givenName: "Palesa", familyName: name, phones: [number] });
    const other = await register(here, {
      givenName: "Palesa A",
      familyName: name,
      phones: [number],
      note: "by the river",
    });
    return { name, one, other };
  };

  it.each(["phone", "desktop"] as const)(
    "stand side by side, are merged with a reason, and split again, on a %s",
    async (size) => {
      const here = await come({ as: "onm_team", size, dark: size === "phone" });
      const { page, complaints } = here;
      const { name, one, other } = await twins(here);
      await page.goto("/ls/merges");
      await page.getByRole("link", { name: `Compare : Palesa ${name}` }).click();
      await page.getByRole("heading", { name: "Side by side" }).waitFor();
      await page.getByRole("row").filter({ hasText: "by the river" }).getByText("differs").waitFor();
      await look({ page }, "merges");
      await page.getByRole("button", { name: `keep Palesa ${name}` }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Reason").fill("we asked her");
      await dialog.getByRole("button", { name: "Merge" }).click();
      await page.getByText(`Merged: Palesa ${name}`).waitFor();
      await page.goto(`/ls/customers/${one.customerId}`);
      await page.getByRole("heading", { name: other.account }).waitFor();
      await page.goto("/ls/merges?view=accepted");
      await page.getByRole("row").filter({ hasText: name }).getByRole("button", { name: "Split them again" }).click();
      await dialog.getByLabel("Reason").fill("it was her sister");
      await dialog.getByRole("button", { name: "Split them again" }).click();
      await page.getByText("Split again: accounts and fields went back").waitFor();
      await page.goto(`/ls/customers/${other.customerId}`);
      await page.getByRole("heading", { name: other.account }).waitFor();
      expect(complaints).toEqual([]);
    },
  );

  it("are two people when somebody says so, and are not asked about again", async () => {
    const here = await come({ as: "onm_team" });
    const { page } = here;
    const { name } = await twins(here);
    await page.goto("/ls/merges");
    const compare = page.getByRole("link", { name: `Compare : Palesa ${name}` });
    await compare.click();
    await page.getByRole("button", { name: "They are two people" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("mother and daughter");
    await dialog.getByRole("button", { name: "They are two people" }).click();
    await page.getByText("Noted: two people").waitFor();
    await compare.waitFor({ state: "detached" });
  });

  it("are no business of who may not change customers", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/merges");
    await page.getByText("Your roles do not allow this").waitFor();
  });
});

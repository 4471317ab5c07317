import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { familyName, phone, register } from "./care.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("the list of customers", () => {
  it("finds somebody by a mistyped name and a phone with a wrong country code, keeps it in the address, and leads to the customer", async () => {
    const here = await come({ as: "onm_team" });
    const name = familyName();
    const number = phone();
    const { customerId, account } = await register(here, { givenName: "Palesa", familyName: name, phones: [number] });
    const { page, complaints } = here;
    await page.goto("/ls/customers");
    const box = page.getByRole("searchbox");
    // one letter wrong at the end, family name first
    await box.fill(`${name.slice(0, -1)}x palesa`);
    await page.getByText("These names are like it").waitFor();
    await page.getByRole("link", { name: `Palesa ${name}` }).waitFor();
    await box.fill(`00267 ${number.slice(0, 4)} ${number.slice(4)}`);
    await page.getByRole("cell", { name: "phone", exact: true }).waitFor();
    await page.waitForURL(/q=/);
    await page.reload();
    expect(await box.inputValue()).toContain(number.slice(0, 4));
    await page.getByRole("link", { name: account }).waitFor();
    await page.getByRole("link", { name: `Palesa ${name}` }).click();
    await page.waitForURL(`**/ls/customers/${customerId}`);
    expect(complaints).toEqual([]);
  });

  it("says that a letter is too little and that nobody is there, keeps what was typed, and narrows by site", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/customers");
    const box = page.getByRole("searchbox");
    await box.fill("q");
    await page.getByText("two letters or a number at least").waitFor();
    await box.fill("Xyzzyqw Nobody");
    await page.getByText("Nobody found").waitFor();
    expect(await box.inputValue()).toBe("Xyzzyqw Nobody");
    await box.fill("");
    await page.getByLabel("Site").selectOption("MAS");
    await page.waitForURL(/site=MAS/);
    // what a role may not do is not offered
    expect(await page.getByRole("link", { name: "New customer" }).count()).toBe(0);
  });

  it("makes a file of what is shown that no spreadsheet runs", async () => {
    const here = await come({ as: "onm_team" });
    const name = familyName();
    await register(here, { name: `=${name}`, phones: [phone()] });
    const { page } = here;
    await page.goto(`/ls/customers?q=${name}`);
    await page.getByRole("link", { name: `=${name}` }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV of what is shown" }).click(),
    ]);
    const text = await (await import("node:fs/promises")).readFile(await download.path(), "utf8");
    expect(text).toContain(`'=${name}`);
    expect(text.trim().split("\r\n")).toHaveLength(2);
  });

  it.each(["phone", "desktop"] as const)("is good to look at on a %s", async (size) => {
    const { page } = await come({ as: "onm_team", size, dark: size === "phone" });
    await page.goto("/ls/customers");
    await page
      .getByRole("link", { name: /^00\d\dMAK|^\d{4}[A-Z]{3}$/ })
      .first()
      .waitFor();
    await look({ page }, "customers");
  });
});

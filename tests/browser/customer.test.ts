import { describe, expect, it } from "vitest";
import { chromiumPath, look, portal } from "./browser.ts";
import { familyName, meterNumber, phone, register } from "./care.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("the page of a customer", () => {
  it("swaps a meter with the registers of both, once the number that was wrong is mended", async () => {
    const here = await come({ as: "onm_team" });
    const { page, complaints } = here;
    const [old, next] = [meterNumber(), meterNumber()];
    const { customerId, account } = await register(here, { givenName: "Palesa", familyName: familyName() }, old);
    await page.goto(`/ls/customers/${customerId}`);
    await page.getByRole("button", { name: "Swap the meter" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("New meter", { exact: true }).fill("no meter!");
    await dialog.getByLabel("Why").fill("the display is broken");
    await dialog.getByLabel("Last register of the old meter, kWh").fill("12,5x");
    await dialog.getByText("kWh with at most three decimals").waitFor();
    await dialog.getByLabel("Last register of the old meter, kWh").fill("12,5");
    await dialog.getByRole("button", { name: "Swap the meter" }).click();
    await dialog.getByText("a meter's number, as 23099001").waitFor();
    // what was typed is still there
    expect(await dialog.getByLabel("Why").inputValue()).toBe("the display is broken");
    await look({ page }, "customer-swap");
    // another customer's meter is refused, and the refusal says what the records have against it
    const theirs = meterNumber();
    await register(here, { givenName: "Neo", familyName: familyName() }, theirs);
    await dialog.getByLabel("New meter", { exact: true }).fill(theirs);
    await dialog.getByRole("button", { name: "Swap the meter" }).click();
    await dialog.getByRole("alert").getByText(theirs).waitFor();
    await dialog.getByLabel("New meter", { exact: true }).fill(`000${next}`);
    await dialog.getByRole("button", { name: "Swap the meter" }).click();
    await page.getByText(`${account}: ${old} went`).waitFor();
    const row = page.getByRole("row").filter({ hasText: old });
    await row.getByText("12.5 kWh").waitFor();
    await page.getByRole("row").filter({ hasText: next }).getByText("hangs now").waitFor();
    expect(complaints).toEqual([]);
  });

  it("edits in place, tells when somebody else was quicker, and keeps what was typed", async () => {
    const here = await come({ as: "onm_team" });
    const { page, context } = here;
    const name = familyName();
    const { customerId } = await register(here, { givenName: "Neo", familyName: name, phones: [phone()] });
    await page.goto(`/ls/customers/${customerId}`);
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Village or place").fill("Ha Makebe");
    await page.getByLabel("Phones").fill("12");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("expected: a phone number, of Lesotho").waitFor();
    await page.getByLabel("Phones").fill(phone());
    const read = await context.request.get(`/ls/api/customers/${customerId}`);
    const { version } = ((await read.json()) as { customer: { version: number } }).customer;
    const answer = await context.request.patch(`/ls/api/customers/${customerId}`, {
      headers: { Origin: portal() },
      data: { version, note: "has a dog" },
    });
    expect(answer.status(), await answer.text()).toBe(200);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Somebody changed this customer meanwhile").waitFor();
    expect(await page.getByLabel("Village or place").inputValue()).toBe("Ha Makebe");
    await page.getByRole("button", { name: "Read again" }).click();
    await page.getByText("Somebody changed this customer meanwhile").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Ha Makebe").waitFor();
    // what the other one wrote is not undone
    await page.getByText("has a dog").waitFor();
  });

  it("ends an account with a reason, and takes the end back", async () => {
    const here = await come({ as: "onm_team" });
    const { page } = here;
    const { customerId, account } = await register(here, { givenName: "Mpho", familyName: familyName() });
    await page.goto(`/ls/customers/${customerId}`);
    await page.getByRole("button", { name: "End the account" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "End the account" }).click();
    // nothing without a reason
    expect(await dialog.isVisible()).toBe(true);
    await dialog.getByLabel("Reason").fill("moved away");
    await dialog.getByRole("button", { name: "End the account" }).click();
    await page.getByText(`Account ${account} ended`).waitFor();
    await page.getByText("ended", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(`Account ${account} is open again`).waitFor();
    await page.getByText("live", { exact: true }).waitFor();
  });

  it("opens one more account, with the number it got, and refuses one that is taken", async () => {
    const here = await come({ as: "onm_team" });
    const { page } = here;
    const { customerId, account } = await register(here, { givenName: "Lerato", familyName: familyName() });
    await page.goto(`/ls/customers/${customerId}`);
    await page.getByRole("button", { name: "Add an account" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("A number of your choice").fill(account);
    await dialog.getByRole("button", { name: "Add an account" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByLabel("A number of your choice").fill("");
    await dialog.getByRole("button", { name: "Add an account" }).click();
    await page.getByText(/Account \d{4}MAK opened/).waitFor();
    // The page asks again for the customer, who has two accounts then.
    await page.getByRole("heading", { level: 3 }).nth(1).waitFor();
    expect(await page.getByRole("heading", { level: 3 }).count()).toBe(2);
  });

  it.each(["phone", "desktop"] as const)("shows to who may only read no button that changes, on a %s", async (size) => {
    const maker = await come({ as: "onm_team" });
    const { customerId, account } = await register(
      maker,
      {
        givenName: "Palesa",
        familyName: familyName(),
        phones: [phone(), phone()],
        nationalId: "0123456789",
        latitude: -29.52,
        longitude: 27.81,
        plotNumber: "MAK 0123 HH1",
        language: "st",
      },
      meterNumber(),
    );
    const { page, complaints } = await come({ as: "finance_team", size, dark: size === "desktop" });
    await page.goto(`/ls/customers/${customerId}`);
    await page.getByRole("heading", { name: account }).waitFor();
    await page.getByText("our ledger").waitFor();
    for (const name of ["Edit", "Add an account", "Swap the meter", "End the account"])
      expect(await page.getByRole("button", { name }).count(), name).toBe(0);
    await look({ page }, "customer");
    await page.getByRole("link", { name: "All changes of this customer" }).click();
    await page.waitForURL(`**/changes?about=customer%3A${customerId}`);
    await page
      .getByText("customer.create")
      .or(page.getByText(`customer:${customerId}`))
      .first()
      .waitFor();
    // a link for one of several accounts leads there
    await page.goto(`/ls/customers/${customerId}?account=${account}`);
    await page.locator(`[id="${account}"]`).waitFor();
    expect(complaints).toEqual([]);
  });

  it("says that there is nobody of that number, and where to go", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/customers/999999999");
    await page.getByText("There is no such customer here").waitFor();
    await page.getByRole("link", { name: "To the customers" }).click();
    await page.waitForURL("**/ls/customers");
  });
});

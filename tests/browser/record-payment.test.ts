import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, look, type Visit } from "./browser.ts";
import { come } from "./come.ts";
import { type OwnTill, ownTill } from "./money-world.ts";

describe.skipIf(chromiumPath === null)("a payment by hand", () => {
  let till: OwnTill;
  let one: { account: string; name: string };
  let other: { account: string; name: string };
  beforeAll(async () => {
    till = await ownTill();
    const live = till.customers.filter(({ status }) => status === "live");
    [one, other] = [live[7], live[10]] as [typeof one, typeof other];
  });

  const fill = async ({ page }: Visit, receipt: string, amount: string) => {
    await page.goto("/ls/payments/record");
    await page.getByLabel("Account").fill(one.account.toLowerCase());
    await page.getByRole("heading", { name: one.name }).waitFor();
    await page.getByLabel("Amount (LSL)").fill(amount);
    await page.getByRole("textbox", { name: "Receipt" }).fill(receipt);
  };

  it.each(["phone", "desktop"] as const)("shows on a %s whose it is, what is left and what it buys", async (size) => {
    const made = await come({ as: "finance_team", size });
    await fill(made, `HAND${till.seed}A`, "25");
    await made.page.locator("dd strong", { hasText: "kWh" }).waitFor();
    await look(made, "record-payment");
    // What was typed is still there after a reload.
    await made.page.reload();
    await made.page.getByText("What you typed here before is still there.").waitFor();
    expect(await made.page.getByLabel("Amount (LSL)").inputValue()).toBe("25");
    expect(made.complaints).toEqual([]);
  });

  it("is credited once, though it is recorded twice; with another amount nothing moves", async () => {
    const made = await come({ as: "finance_team" });
    const { page } = made;
    const receipt = `HAND${till.seed}B`;
    const amount = `${(till.seed % 90) + 10}.50`;
    await fill(made, receipt, amount);
    // Pressed twice in a row.
    await page.getByRole("button", { name: "Record it" }).dblclick();
    await page.getByRole("status").getByText("credited").waitFor();
    await till.recorded(receipt);
    await page.getByRole("button", { name: "Record another" }).click();
    await fill(made, receipt.toLowerCase(), amount);
    await page.getByRole("button", { name: "Record it" }).click();
    await page.getByRole("status").getByText("known already").waitFor();
    await page.getByRole("button", { name: "Record another" }).click();
    await fill(made, receipt, "11.11");
    await page.getByRole("button", { name: "Record it" }).click();
    await page.getByText("claimed with another amount").waitFor();
    expect(await page.getByLabel("Amount (LSL)").inputValue()).toBe("11.11");
  });

  it("warns of the same amount within 48 hours, and is held for a second person when it is sent all the same", async () => {
    const made = await come({ as: "finance_team" });
    const { page } = made;
    const amount = `${(till.seed % 90) + 10}.70`;
    await fill(made, `HAND${till.seed}C`, amount);
    await page.getByRole("button", { name: "Record it" }).click();
    await page.getByRole("status").getByText("credited").waitFor();
    await till.recorded(`HAND${till.seed}C`);
    await page.getByRole("button", { name: "Record another" }).click();
    await fill(made, `HAND${till.seed}D`, amount);
    await page.getByRole("alert").getByText("within 48 hours already").waitFor();
    expect(await page.getByRole("button", { name: "Record it" }).isDisabled()).toBe(true);
    await page.getByLabel("It is another payment").check();
    await page.getByRole("button", { name: "Record it" }).click();
    await page.getByText("second person needed").waitFor();
  });

  it("is begun from an account's page for that account, and what was typed for another stays where it was", async () => {
    const made = await come({ as: "finance_team", size: "phone" });
    const { page } = made;
    await fill(made, `HAND${till.seed}E`, "12.34");
    await page.goto(`/ls/accounts/${other.account}`);
    await page.getByRole("link", { name: "Record a payment" }).click();
    await page.getByRole("heading", { name: "Record a payment", level: 1 }).waitFor();
    await page.getByRole("heading", { name: other.name }).waitFor();
    expect(await page.getByLabel("Account").inputValue()).toBe(other.account);
    expect(await page.getByLabel("Amount (LSL)").inputValue()).toBe("");
    const amount = `${(till.seed % 90) + 10}.${20 + (till.seed % 70)}`;
    await page.getByLabel("Amount (LSL)").fill(amount);
    await page.getByRole("textbox", { name: "Receipt" }).fill(`HAND${till.seed}F`);
    await page.getByRole("button", { name: "Record it" }).click();
    await page.getByRole("status").getByText("credited").waitFor();
    // The next payment is nobody's until somebody says whose, and the first one waits as it was typed.
    expect(new URL(page.url()).searchParams.has("account")).toBe(false);
    await page.getByRole("button", { name: "Record another" }).click();
    await page.getByText("What you typed here before is still there.").waitFor();
    expect(await page.getByLabel("Amount (LSL)").inputValue()).toBe("12.34");
    expect(await page.getByLabel("Account").inputValue()).toBe(one.account);
    await page.goto("/ls/payments/record?account=45");
    await page.getByLabel("Account").waitFor();
    expect(await page.getByLabel("Account").inputValue()).toBe("45");
    expect(await page.getByRole("button", { name: "Record it" }).isDisabled()).toBe(true);
  });

  it("is not offered to who may not record", async () => {
    const { page } = await come({ as: "engineering" });
    await page.goto("/ls/payments/record");
    await page.getByText("Your roles do not allow this.").waitFor();
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, look, type Visit } from "./browser.ts";
import { come } from "./come.ts";
import { type OwnTill, ownTill } from "./money-world.ts";

const caseOf = (page: Visit["page"], receipt: string) => page.locator(".case", { hasText: receipt });

describe.skipIf(chromiumPath === null)("money in suspense", () => {
  let till: OwnTill;
  let one: { account: string; name: string; phone: string };
  let other: { account: string; name: string };
  beforeAll(async () => {
    till = await ownTill();
    const live = till.customers.filter(({ status }) => status === "live");
    [one, other] = [live[3], live[4]] as [typeof one, typeof other];
  });

  it.each(["phone", "desktop"] as const)("is looked at on a %s: value, age, reason and hints", async (size) => {
    const wrong = await till.pay({ account: "9998MAK", amountMinor: 1_500, phone: one.phone });
    await till.recorded(wrong);
    const { page, complaints } = await come({ as: "finance_team", size });
    await page.goto("/ls/suspense");
    const shown = caseOf(page, wrong);
    await shown.getByText("no such account").waitFor();
    await shown.getByRole("button", { name: `${one.account} (${one.name})` }).waitFor();
    await look({ page }, "suspense");
    expect(complaints).toEqual([]);
  });

  it("goes to the account of the hint with one press, and comes back with one more", async () => {
    const receipt = await till.pay({ account: "9997MAK", amountMinor: 1_700, phone: one.phone });
    await till.recorded(receipt);
    const { page } = await come({ as: "finance_team", size: "phone" });
    await page.goto("/ls/suspense");
    await caseOf(page, receipt)
      .getByRole("button", { name: `${one.account} (${one.name})` })
      .click();
    await page.getByRole("status").getByText(`to ${one.account}`).waitFor();
    await till.stateUntil(receipt, ({ shares: [share] }) => share?.holder.account === one.account);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(`${receipt} waits here again`).waitFor();
    await till.stateUntil(receipt, ({ shares: [share] }) => share?.holder.kind === "suspense");
  });

  it("says who was quicker when its webhook takes it, and the case vanishes with a word", async () => {
    const receipt = await till.pay({ account: null, amountMinor: 1_900, phone: "26651234567" });
    await till.recorded(receipt);
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/suspense");
    const shown = caseOf(page, receipt);
    await shown.getByText("no account in the text").waitFor();
    await shown.getByRole("button", { name: "Another account" }).click();
    await shown.getByLabel("Account").fill(other.account);
    await shown.getByLabel("Why").fill("said so by phone");
    // Both at once: one wins, whoever it is, and the page says which.
    const [hook] = await Promise.all([
      till.webhook(receipt, one.account, 1_900),
      shown.getByRole("button", { name: /^(Assign|To )/ }).click(),
    ]);
    const byHook = page.getByText(new RegExp(`Somebody was quicker: ${one.account}|decided elsewhere, ${one.account}`));
    const byHand = page.getByText(new RegExp(`to ${other.account}`));
    await byHook.or(byHand).first().waitFor();
    await caseOf(page, receipt).waitFor({ state: "detached" });
    const settled = await till.stateUntil(receipt, ({ shares: [share] }) => share?.holder.kind === "account");
    const holder = settled.shares[0]?.holder.account;
    expect([one.account, other.account]).toContain(holder);
    expect(await (holder === one.account ? byHook : byHand).first().isVisible()).toBe(true);
    expect(hook.status).toBe(holder === one.account ? 200 : 409);
  });

  it("is taken by a webhook alone: the list is live", async () => {
    const receipt = await till.pay({ account: null, amountMinor: 2_100, phone: "26651234568" });
    await till.recorded(receipt);
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/suspense");
    await caseOf(page, receipt).waitFor();
    expect((await till.webhook(receipt, one.account, 2_100)).status).toBe(200);
    await page.getByText(`${receipt}: decided elsewhere, ${one.account} has it now`).waitFor();
    await caseOf(page, receipt).waitFor({ state: "detached" });
  });

  it("is split over two accounts: parts that do not add up are refused while one types", async () => {
    const receipt = await till.pay({ account: "9996MAK", amountMinor: 3_000, phone: "26651234569" });
    await till.recorded(receipt);
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/suspense");
    const shown = caseOf(page, receipt);
    await shown.getByRole("button", { name: "Split" }).click();
    const [first, second] = [shown.locator(".part").nth(0), shown.locator(".part").nth(1)];
    await first.getByLabel("Account").fill(one.account);
    await first.getByLabel("Amount").fill("20");
    await second.getByLabel("Account").fill(other.account);
    await second.getByLabel("Amount").fill("10.01");
    await shown.getByLabel("Why").fill("two houses, one payment");
    await shown.getByText("0.01 LSL too much").waitFor();
    expect(await shown.getByRole("button", { name: "Split it" }).isDisabled()).toBe(true);
    await look({ page }, "suspense-split");
    await second.getByLabel("Amount").fill("10.00");
    await shown.getByText("Adds up to 30.00 LSL").waitFor();
    await shown.getByRole("button", { name: "Split it" }).click();
    await caseOf(page, receipt).waitFor({ state: "detached" });
    const { shares } = await till.stateUntil(receipt, ({ generation }) => generation === 2);
    expect(shares.map(({ holder }) => holder.account)).toEqual([one.account, other.account]);
  });

  it("is only shown to who may not decide", async () => {
    const { page } = await come({ as: "engineering" });
    await page.goto("/ls/suspense");
    await page.locator(".case").first().waitFor();
    expect(await page.getByRole("button", { name: "Split" }).count()).toBe(0);
  });
});

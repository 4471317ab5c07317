import type { Locator } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, look, type Visit } from "./browser.ts";
import { come } from "./come.ts";
import { type OwnTill, ownTill } from "./money-world.ts";

type Page = Visit["page"];
const caseOf = (page: Page, words: string) => page.locator(".case", { hasText: words });

/** A dialog's reason, and yes. */
async function confirmWith(page: Page, reason: string, yes: string) {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: yes }).click();
  await dialog.waitFor({ state: "detached" });
}

/** What the page says of a receipt's books, in hundredths: "customer" is whatever an account's rows come to. */
async function booksOnScreen(page: Page): Promise<Record<string, number>> {
  const rows = await page
    .getByRole("table", { name: "What it posted" })
    .locator("tbody tr")
    .evaluateAll((all) =>
      all.map((row) => ({
        book: row.querySelector('[data-head="Account or book"]')?.textContent?.trim() ?? "",
        amount: row.querySelector('[data-head="Amount"]')?.textContent ?? "",
      })),
    );
  const books: Record<string, number> = {};
  for (const { book, amount } of rows) books[book] = (books[book] ?? 0) + hundredths(amount);
  return Object.fromEntries(Object.entries(books).filter(([, amount]) => amount !== 0));
}
const hundredths = (text: string) => Math.round(Number(text.replace("−", "-").replace(/[^\d.-]/g, "")) * 100);

describe.skipIf(chromiumPath === null)("held money", () => {
  let till: OwnTill;
  let one: { account: string; name: string; phone: string };
  let other: { account: string; name: string };
  beforeAll(async () => {
    till = await ownTill();
    const live = till.customers.filter(({ status }) => status === "live");
    [one, other] = [live[8], live[9]] as [typeof one, typeof other];
  });

  /** The operator's text lost its first words on the way: what was paid is there, the receipt is not. */
  const payWithoutReceipt = async (amountMinor: number) => {
    const { sms, payment } = till.till.pay({ account: one.account, amountMinor, at: Date.now() });
    till.phone.store({ ...sms, content: sms.content.replace(/^.* (?=M[\d,.]+ received)/, "") });
    await till.phone.wake();
    return payment;
  };
  /** The operator says that it took a payment back. */
  const reverse = async (receipt: string, amountMinor: number) => {
    till.till.balanceMinor -= amountMinor;
    const balance = (till.till.balanceMinor / 100).toFixed(2);
    const amount = (amountMinor / 100).toFixed(2);
    const content = `${receipt} Confirmed. Transaction ${receipt} of M${amount} has been reversed. New M-Pesa balance is M${balance}`;
    till.phone.store({ from: "MPESA", content });
    await till.phone.wake();
  };
  const holderOf = async (receipt: string) =>
    (await till.stateUntil(receipt, ({ phase }) => phase === "closed")).shares[0]?.holder;

  const typeReceipt = async (shown: Locator, receipt: string) => {
    await shown.getByRole("button", { name: "Type its receipt" }).click();
    await shown.getByLabel("The operator's receipt").fill(receipt);
    await shown.getByLabel("Account").fill(one.account);
  };

  it("without a receipt is claimed under the one a person types, in small letters, pressed twice: once", async () => {
    const { receipt, phone } = await payWithoutReceipt(3_300);
    const { page } = await come({ as: "finance_team", size: "phone" });
    await page.goto("/ls/suspense");
    const shown = caseOf(page, phone);
    await shown.getByText("text without a receipt").waitFor();
    // What is no receipt is said beside the field, and stays to be put right.
    await typeReceipt(shown, "??");
    await shown.getByRole("button", { name: "Claim it" }).click();
    await shown.getByText("Expected: the operator's receipt").waitFor();
    expect(await shown.getByLabel("The operator's receipt").inputValue()).toBe("??");
    await look({ page }, "suspense-typed");
    await shown.getByLabel("The operator's receipt").fill(` ${receipt.toLowerCase()} `);
    await shown.getByRole("button", { name: "Claim it" }).dblclick();
    await page.getByRole("status").getByText(`${receipt}: credited`).waitFor();
    await shown.waitFor({ state: "detached" });
    await till.recorded(receipt);
    // The whole text comes after all, from another phone's memory or the operator's: it is the same money.
    const { sms } = till.till.pay({ account: one.account, amountMinor: 3_300, at: Date.now(), receipt });
    till.till.balanceMinor -= 3_300;
    till.phone.store(sms);
    await till.phone.wake();
    await page.goto(`/ls/payments/${receipt}`);
    await page.getByText("known already").first().waitFor();
    await expect.poll(() => booksOnScreen(page)).toEqual({ clearing: -3_300, [one.account]: 3_300 });
  });

  it("without a receipt gets one receipt when two people type two at once; whoever was slower is told", async () => {
    const { receipt, phone } = await payWithoutReceipt(3_400);
    const wrong = `${receipt.slice(0, -3)}XYZ`;
    const pages = await Promise.all([come({ as: "finance_team" }), come({ as: "onm_team" })]);
    for (const [index, { page }] of pages.entries()) {
      await page.goto("/ls/suspense");
      await typeReceipt(caseOf(page, phone), index === 0 ? receipt : wrong);
    }
    await Promise.all(pages.map(({ page }) => caseOf(page, phone).getByRole("button", { name: "Claim it" }).click()));
    const credited = pages.map(({ page }) => page.getByRole("status").getByText(/: credited$/));
    const refused = pages.map(({ page }) =>
      page.getByText(/another receipt was typed for this text|was decided elsewhere/),
    );
    await Promise.all(
      pages.map((_, index) =>
        credited[index]
          ?.or(refused[index] as Locator)
          .first()
          .waitFor(),
      ),
    );
    const won = await Promise.all(credited.map((each) => each.isVisible()));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await holderOf(won[0] ? receipt : wrong)).toMatchObject({ kind: "account", account: one.account });
    const lost = pages[won[0] ? 1 : 0]?.page as Page;
    await lost.goto(`/ls/payments/${won[0] ? wrong : receipt}`);
    await lost.getByText("no such receipt here").first().waitFor();
  });

  it("that the operator took back before it came is given to nobody until a person frees it, then to its payer", async () => {
    const { sms, payment } = till.till.pay({ account: one.account, amountMinor: 3_500, at: Date.now() });
    const { receipt } = payment;
    await reverse(receipt, 0);
    till.phone.store(sms);
    await till.phone.wake();
    await till.recorded(receipt);
    const { page } = await come({ as: "finance_team", size: "phone" });
    await page.goto("/ls/suspense");
    const shown = caseOf(page, receipt);
    await shown.getByText("taken back by the operator").first().waitFor();
    for (const name of ["Split", "Treasury", "Another account"])
      expect(await shown.getByRole("button", { name }).count(), name).toBe(0);
    await look({ page }, "suspense-blocked");
    await shown.getByRole("button", { name: "Free it" }).click();
    await confirmWith(page, "it is on the operator's statement again", "Free it");
    await page.getByText(`${receipt} is free`).waitFor();
    await shown.getByRole("button", { name: "Another account" }).click();
    await shown.getByLabel("Account").fill(one.account);
    await shown.getByLabel("Why").fill("freed: it is the payer's");
    await shown.getByRole("button", { name: `To ${one.account}` }).click();
    await page.getByRole("status").getByText(`to ${one.account}`).waitFor();
    expect(await holderOf(receipt)).toMatchObject({ kind: "account", account: one.account });
  });

  it("that was credited and taken back leaves its account by one person's hand, is freed on its own page, and moves on", async () => {
    const receipt = await till.pay({ account: one.account, amountMinor: 3_600 });
    await till.recorded(receipt);
    await reverse(receipt, 3_600);
    const { page, complaints } = await come({ as: "finance_team" });
    await page.goto(`/ls/payments/${receipt}`);
    await page.getByText("taken back by the operator", { exact: true }).waitFor();
    for (const name of ["Move to another account", "Split", "Treasury"])
      expect(await page.getByRole("button", { name }).isDisabled(), name).toBe(true);
    await look({ page }, "receipt-blocked");
    await page.getByRole("button", { name: "Take it out" }).click();
    await confirmWith(page, "the operator has its money back", "Take it out");
    await page.locator(".tile", { hasText: "Whose" }).getByText("suspense").waitFor();
    await expect.poll(() => booksOnScreen(page), { timeout: 20_000 }).toEqual({ clearing: -3_600, suspense: 3_600 });
    expect(await page.getByRole("button", { name: "Assign" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Free it" }).click();
    await confirmWith(page, "the operator paid it again", "Free it");
    await page.getByText(`${receipt} is free`).waitFor();
    await page.getByRole("button", { name: "Treasury" }).click();
    await confirmWith(page, "nobody can say whose it is", "Put it into the treasury");
    await page.locator(".tile", { hasText: "Whose" }).getByText("the treasury").waitFor();
    await expect.poll(() => booksOnScreen(page), { timeout: 20_000 }).toEqual({ clearing: -3_600, treasury: 3_600 });
    await look({ page }, "receipt-treasury");
    expect(complaints).toEqual([]);
  });

  it("goes into the treasury from the list, comes back with one press, and adds up on its page each time", async () => {
    const receipt = await till.pay({ account: "9995MAK", amountMinor: 3_700 });
    await till.recorded(receipt);
    const { page } = await come({ as: "finance_team", size: "phone" });
    await page.goto("/ls/suspense");
    const shown = caseOf(page, receipt);
    const put = async () => {
      await shown.getByRole("button", { name: "Treasury" }).click();
      await confirmWith(page, "the payer is unknown", "Put it into the treasury");
      await page.getByRole("status").getByText("37.00 LSL into the treasury").waitFor();
      await shown.waitFor({ state: "detached" });
    };
    // Without a reason nothing is done.
    await shown.getByRole("button", { name: "Treasury" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await put();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(`${receipt} waits here again`).waitFor();
    await put();
    expect(await holderOf(receipt)).toMatchObject({ kind: "treasury" });
    await page.goto(`/ls/payments/${receipt}`);
    await expect.poll(() => booksOnScreen(page), { timeout: 20_000 }).toEqual({ clearing: -3_700, treasury: 3_700 });
    // Neither ours nor anybody's: its books are empty again, and every line of them stays.
    await page.getByRole("button", { name: "Returned" }).click();
    await confirmWith(page, "the operator's list has it as paid back", "It is not with us");
    await page.locator(".tile", { hasText: "Whose" }).getByText("returned").waitFor();
    await expect.poll(() => booksOnScreen(page), { timeout: 20_000 }).toEqual({});
    await look({ page }, "receipt-returned");
  });

  it("is no second time given by whoever recorded it: another person decides", async () => {
    const amount = `${(till.seed % 900) + 100}.40`;
    const [first, second] = [`PRESS${till.seed}A`, `PRESS${till.seed}B`];
    const { page } = await come({ as: "finance_team" });
    for (const receipt of [first, second]) {
      await page.goto(`/ls/payments/record?account=${other.account.toLowerCase()}`);
      await page.getByRole("heading", { name: other.name }).waitFor();
      await page.getByLabel("Amount (LSL)").fill(amount);
      await page.getByRole("textbox", { name: "Receipt" }).fill(receipt);
      if (receipt === second) await page.getByLabel("It is another payment").check();
      await page.getByRole("button", { name: "Record it" }).click();
      await page
        .getByText(receipt === first ? "credited" : "second person needed")
        .first()
        .waitFor();
      await till.recorded(receipt);
    }
    const assign = async (at: Page) => {
      await at.goto(`/ls/payments/${second}`);
      await at.getByRole("button", { name: "Assign" }).click();
      await at.getByLabel("Account").fill(other.account);
      await at.getByLabel("Why").fill("two payments of one day, says the statement");
      await at.getByRole("button", { name: `To ${other.account}` }).click();
    };
    await assign(page);
    await page.getByText("a second person has to").waitFor();
    expect(await page.getByLabel("Why").inputValue()).toBe("two payments of one day, says the statement");
    const colleague = await come({ as: "onm_team" });
    await assign(colleague.page);
    await colleague.page.getByRole("status").getByText("Moved").waitFor();
    expect(await holderOf(second)).toMatchObject({ kind: "account", account: other.account });
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";
import { type OwnTill, ownTill } from "./money-world.ts";

describe.skipIf(chromiumPath === null)("a case that nothing else closes", () => {
  let till: OwnTill;
  let receipt: string;
  beforeAll(async () => {
    till = await ownTill();
    receipt = await till.pay({ account: "9995MAK", amountMinor: 1_300 });
    await till.recorded(receipt);
    // The operator's own word says another amount.
    await till.webhook(receipt, "9995MAK", 1_400);
  });

  it("is closed by a person with a reason, found again from its receipt, and opened again", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto(`/ls/cases?q=${receipt}`);
    const one = page.getByRole("listitem").filter({ hasText: receipt });
    await expect.poll(() => reloaded(page).then(() => one.count()), { timeout: 30_000 }).toBe(1);
    await one.getByRole("button", { name: "It is settled" }).click();
    const dialog = page.getByRole("dialog");
    await look({ page }, "case-close");
    await dialog.getByLabel("Reason").fill("the operator's list has M14");
    await dialog.getByRole("button", { name: "It is settled" }).click();
    await page.getByText("The case is closed").waitFor();
    await one.waitFor({ state: "detached" });

    await page.goto(`/ls/payments/${receipt}`);
    await page.getByText("closed case").waitFor();
    await page.getByRole("link", { name: "receipt conflict" }).click();
    await one.getByText("closed", { exact: true }).waitFor();
    await one.getByText("What is known").click();
    await one.getByText("the operator's list has M14").waitFor();
    await look({ page }, "case-closed");

    await one.getByRole("button", { name: "Open it again" }).click();
    await dialog.getByLabel("Reason").fill("that was another receipt");
    await dialog.getByRole("button", { name: "Open it again" }).click();
    await one.getByText("open", { exact: true }).waitFor();
  });

  it("is only read by who may not write money, and the others are closed where they are put right", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto(`/ls/cases?q=${receipt}&state=any`);
    await page.getByRole("listitem").filter({ hasText: receipt }).waitFor();
    expect(await page.getByRole("button", { name: /settled|Open it again/ }).count()).toBe(0);
    const finance = await come({ as: "finance_team" });
    const answer = await finance.page.request.post("/ls/api/cases/close", {
      data: { caseKey: `reversal:${receipt}`, reason: "a try" },
      headers: { origin: new URL(page.url()).origin },
    });
    expect(answer.status()).toBe(422);
  });
});

async function reloaded(page: { reload(): Promise<unknown>; waitForLoadState(state: "networkidle"): Promise<void> }) {
  await page.reload();
  await page.waitForLoadState("networkidle").catch(() => undefined);
}

import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";
import { type OwnTill, ownTill } from "./money-world.ts";

/** A local day of Lesotho, so many days ago. */
const day = (ago: number) => new Date(Date.now() + 2 * 3_600_000 - ago * 86_400_000).toISOString().slice(0, 10);

describe.skipIf(chromiumPath === null)("payments", () => {
  let till: OwnTill;
  let one: { account: string; name: string; phone: string };
  let other: { account: string; name: string };
  beforeAll(async () => {
    till = await ownTill();
    const live = till.customers.filter(({ status }) => status === "live");
    [one, other] = [live[5], live[6]] as [typeof one, typeof other];
  });

  it.each(["phone", "desktop"] as const)("are looked at on a %s, with their sums by day", async (size) => {
    const receipt = await till.pay({ account: one.account, amountMinor: 2_300 });
    await till.recorded(receipt);
    const { page, complaints } = await come({ as: "finance_team", size });
    await page.goto("/ls/payments");
    await page.getByRole("link", { name: receipt }).waitFor();
    await look({ page }, "payments");
    await page.getByLabel("Find").fill(receipt.toLowerCase());
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("That is all: 1").waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe(receipt.toLowerCase());
    expect(complaints).toEqual([]);
  });

  it("of yesterday are added up with three presses from the start, and come as a file", async () => {
    const began = Date.now();
    const { page } = await come({ as: "finance_team", size: "phone" });
    await page.goto("/ls/");
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "Payments", exact: true }).click();
    await page.getByRole("button", { name: "Yesterday" }).click();
    const tile = page.locator(".tile", { hasText: `Paid on ${day(1)}` });
    await tile.getByText(/payments$/).waitFor();
    expect(Date.now() - began).toBeLessThan(60_000);
    const shown = (await tile.locator("strong").textContent()) ?? "";
    expect(shown).toMatch(/^\d[\d\u202f]*\.\d{2} LSL$/);
    const csv = await page.request.get((await page.getByRole("link", { name: "CSV" }).getAttribute("href")) ?? "");
    expect(csv.headers()["content-disposition"]).toContain(`payments-LS-${day(1)}-${day(1)}.csv`);
    const rows = (await csv.text()).split("\r\n").filter((line) => /,LSL,/.test(line));
    const sum = rows.reduce((total, line) => total + Math.round(Number(line.split(",")[3]) * 100), 0);
    expect((sum / 100).toFixed(2)).toBe(shown.replace(/[\u202f LS]/g, ""));
  });

  it("that went to the wrong account are found and moved in under a minute, on a phone", async () => {
    const receipt = await till.pay({ account: one.account, amountMinor: 3_100 });
    await till.recorded(receipt);
    const { page } = await come({ as: "finance_team", size: "phone" });
    const began = Date.now();
    await page.goto("/ls/");
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "Payments", exact: true }).click();
    // The dashboard that is left has a search of its own.
    await page.waitForURL("**/ls/payments*");
    await page.getByRole("heading", { name: "Payments", level: 1 }).waitFor();
    await page.getByLabel("Find").fill(receipt);
    await page.keyboard.press("Enter");
    await page.getByText("That is all: 1").waitFor();
    await page.getByRole("link", { name: receipt }).click();
    await page.getByRole("button", { name: "Move to another account" }).click();
    await page.getByLabel("Account").fill(other.name.split(" ")[0] ?? "");
    await page.locator(".found button", { hasText: other.account }).click();
    await page.getByLabel("Why").fill("the payer rang: a wrong number");
    await page.getByRole("button", { name: `To ${other.account}` }).click();
    await page.getByRole("status").getByText("Moved").waitFor();
    const tookMs = Date.now() - began;
    await till.stateUntil(receipt, ({ shares: [share] }) => share?.holder.account === other.account);
    expect(tookMs).toBeLessThan(60_000);
    console.info(JSON.stringify({ journey: "misdirected payment", tookMs }));
    await page.locator("td", { hasText: "the payer rang" }).first().waitFor();
    await look({ page }, "receipt");
  });

  it("tell their whole story, on a desktop", async () => {
    const receipt = await till.pay({ account: one.account, amountMinor: 2_900 });
    await till.recorded(receipt);
    const { page, complaints } = await come({ as: "finance_team" });
    await page.goto(`/ls/payments/${receipt}`);
    await page.getByText("the first word").waitFor();
    await page.getByText(`New M-Pesa balance`).first().waitFor();
    await look({ page }, "receipt");
    expect(complaints).toEqual([]);
  });

  it("that do not exist are said to be none", async () => {
    const { page } = await come({ as: "engineering" });
    await page.goto("/ls/payments/NOSUCHRECEIPT");
    await page.getByText("no such receipt here").first().waitFor();
  });
});

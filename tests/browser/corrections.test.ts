import { describe, expect, it } from "vitest";
import { chromiumPath, look, type Visit, world } from "./browser.ts";
import { register } from "./care.ts";
import { come } from "./come.ts";

async function ownAccount(): Promise<string> {
  const person = await come({ as: "superadmin" });
  return (await register(person, { name: "Teboho Makara", phones: [], language: "en" })).account;
}

async function order({ page }: Visit, account: string, amount: string) {
  await page.goto(`/ls/corrections?account=${account}&order=new`);
  await page.getByLabel("How much").fill(amount);
  await page.getByLabel("Document").fill("statement line 7");
  await page.getByLabel("Reason").fill("the till's statement has it");
}

describe.skipIf(chromiumPath === null)("corrections", () => {
  it("are ordered by one and approved by another, and the balance is seen before it changes", async () => {
    const account = await ownAccount();
    const first = await come({ as: "finance_team" });
    await order(first, account, "90000");
    // far above what one person may
    await first.page.getByText(/Balance of the ledger now 0 Wh, \+18.000.0 kWh/).waitFor();
    await look(first, "corrections-order");
    await first.page.getByRole("button", { name: "Order it" }).click();
    await first.page.getByText("a second person has to approve it").waitFor();
    const own = first.page.getByRole("row").filter({ hasText: account });
    await own.getByText("yours: another person approves").waitFor();
    expect(await own.getByRole("button", { name: "Approve" }).count()).toBe(0);

    const second = await come({ as: "onm_team", size: "phone" });
    await second.page.goto(`/ls/corrections?account=${account}`);
    await second.page.getByRole("button", { name: "Approve" }).click();
    await look(second, "corrections-approve");
    await second.page.getByLabel("Reason").fill("seen on the statement");
    await second.page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await second.page.getByText("Approved: it is posted").waitFor();
    await second.page.locator(".badge", { hasText: /^posted$/ }).waitFor();

    await second.page.goto(`/ls/accounts/${account}/explain`);
    await second.page.locator(".entry summary").first().click();
    await second.page.getByText("statement line 7").waitFor();
    await second.page.locator(".story dd", { hasText: "approved by" }).waitFor();
    await look(second, "explain-correction");
    expect([...first.complaints, ...second.complaints]).toEqual([]);
  });

  it("say what is wrong with an amount, and keep what was typed over a reload", async () => {
    const account = await ownAccount();
    const visitor = await come({ as: "onm_team" });
    await order(visitor, account, "25.001");
    await visitor.page.getByText("expected: an amount, as 25.00").waitFor();
    expect(await visitor.page.getByRole("button", { name: "Order it" }).isDisabled()).toBe(true);
    await visitor.page.reload();
    await visitor.page.getByText("What you typed here before is still there.").waitFor();
    expect(await visitor.page.getByLabel("Document").inputValue()).toBe("statement line 7");
    await visitor.page.getByRole("button", { name: "Start afresh" }).click();
  });

  it("are typed on a device that has no room left for drafts, too", async () => {
    const account = await ownAccount();
    const { page, complaints } = await come({ as: "onm_team" });
    await page.goto(`/ls/corrections?account=${account}&order=new`);
    await page.getByLabel("Document").fill("statement line 7");
    await page.evaluate(() => {
      const used = Object.values({ ...localStorage }).join("").length;
      for (let room = 5_300_000 - used; room > 1; room = Math.floor(room / 2))
        try {
          localStorage.setItem(`full ${room}`, "x".repeat(room));
        } catch {}
    });
    const reason = "a long story. ".repeat(30);
    await page.getByLabel("Reason").fill(reason);
    expect(await page.getByLabel("Reason").inputValue()).toBe(reason);
    expect(await page.getByLabel("Document").inputValue()).toBe("statement line 7");
    expect(complaints).toEqual([]);
  });

  it("are not offered to whoever may not order them", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/corrections?order=new");
    await page.getByRole("heading", { name: "Corrections" }).waitFor();
    expect(await page.getByRole("button", { name: /Order/ }).count()).toBe(0);
  });

  it.each(["phone", "desktop"] as const)("and wallets and vendors' credits are read on a %s", async (size) => {
    const { page, complaints } = await come({ as: "finance_team", size, dark: size === "phone" });
    await page.goto("/ls/corrections");
    await page.getByRole("heading", { name: "Corrections" }).waitFor();
    await page.getByText(/That is all|No correction here/).waitFor();
    await look({ page }, "corrections");
    await page.goto("/ls/vendor-credits?state=confirmed");
    await page
      .getByText(/That is all|shown|Nothing waits/)
      .first()
      .waitFor();
    await look({ page }, "vendor-credits");
    await page.goto("/ls/wallets");
    await page.getByLabel("Account").fill(world().countries.LS.vendorCustomers[0]?.account ?? "");
    await page.getByRole("button", { name: "Compare now" }).first().click();
    await page.getByRole("status").getByText("Compared").waitFor();
    await page
      .getByText(/That is all|shown|No wallet was compared/)
      .first()
      .waitFor();
    await look({ page }, "wallets");
    expect(complaints).toEqual([]);
  });
});

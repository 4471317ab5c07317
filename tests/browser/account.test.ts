import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";
import { isLive, SWITCHED, WATCHED } from "./watched.ts";

describe.skipIf(chromiumPath === null)("the page of an account", () => {
  it.each(["phone", "desktop"] as const)("shows what is known now, live, on a %s", async (size) => {
    const { page, complaints } = await come({ as: "superadmin", size });
    await page.goto(`/ls/accounts/${WATCHED.toLowerCase()}`);
    await isLive({ page });
    await page.getByRole("heading", { name: "Money and energy" }).waitFor();
    await page.locator(".entry").first().waitFor();
    await look({ page }, "account");
    await page.locator(".entry").last().locator("summary").click();
    await look({ page }, "account-entry");
    for (const [tab, shown] of [
      ["Energy", ".chart canvas"],
      ["Meters", "td >> text=23099009"],
      ["SMS", "td >> text=MPESA"],
    ] as const) {
      await page.getByRole("button", { name: tab, exact: true }).click();
      await page.locator(shown).first().waitFor();
      await look({ page }, `account-${tab.toLowerCase()}`);
    }
    expect(complaints).toEqual([]);
  });

  it.each(["phone", "desktop"] as const)("explains the balance, on a %s", async (size) => {
    const { page, complaints } = await come({ as: "generic", size, dark: true });
    await page.goto(`/ls/accounts/${WATCHED}/explain`);
    await page.getByText("It adds up").waitFor();
    await page.locator(".entry").first().waitFor();
    await look({ page }, "explain");
    const file = page.waitForEvent("download");
    await page.getByRole("button", { name: "All lines as CSV" }).click();
    expect((await file).suggestedFilename()).toContain(WATCHED);
    expect(complaints).toEqual([]);
  });

  it("says that it is not live when the line is lost, and is live again when it is back", async () => {
    const { page, context } = await come({ as: "generic" });
    await page.goto(`/ls/accounts/${WATCHED}`);
    await isLive({ page });
    await context.setOffline(true);
    await page.getByRole("status").getByText("not live").waitFor();
    await look({ page }, "account-not-live");
    await context.setOffline(false);
    await isLive({ page });
  });

  it("disconnects and connects by hand, with a reason, and says why not", async () => {
    const { page } = await come({ as: "onm_team", size: "phone" });
    await page.goto(`/ls/accounts/${SWITCHED}`);
    await isLive({ page });
    await page.getByRole("button", { name: "Disconnect", exact: true }).click();
    await page.getByLabel("Reason").fill("a wire is down at the house");
    await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
    const answer = page.getByRole("status").getByText(/Ordered|less than 10 minutes ago|not been heard/);
    await answer.waitFor();
    if (!((await answer.textContent()) ?? "").includes("Ordered")) return;
    await page.getByText("a wire is down at the house").waitFor();
    // A second order at once is refused, and the page says by which rule.
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByLabel("Reason").fill("mended");
    await page.getByRole("dialog").getByRole("button", { name: "Connect" }).click();
    await page.getByText("less than 10 minutes ago").waitFor();
    // A word over the relay goes before every rule, and ends by itself.
    await page.getByRole("button", { name: "Keep it so …" }).click();
    await page.getByLabel("Reason").fill("mended");
    await page.getByRole("dialog").getByRole("button", { name: "Set" }).click();
    await page.getByText(/stays lit, also at zero for 2[34] h more/).waitFor();
    await look({ page }, "account-override");
    await page.getByRole("button", { name: "Back to the balance" }).click();
    await page.getByLabel("Reason").fill("enough");
    await page.getByRole("dialog").getByRole("button", { name: "Yes" }).click();
    await page.getByRole("button", { name: "Keep it so …" }).waitFor();
  });

  it("offers nothing that one may not do, and says where no such account is", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto(`/ls/accounts/${WATCHED}`);
    await isLive({ page });
    for (const name of ["Disconnect", "Connect"])
      expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Record a payment" }).count()).toBe(0);
    await page.goto("/ls/accounts/9999MAK");
    await page.getByText("There is no account 9999MAK").waitFor();
    await page.goto("/ls/accounts/nothing");
    await page.getByText("There is no account nothing").waitFor();
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { ask } from "../stories/world.ts";
import { chromiumPath, look, type Visit, world } from "./browser.ts";
import { come } from "./come.ts";
import { type OwnTill, ownTill } from "./money-world.ts";

const isLive = ({ page }: Pick<Visit, "page">) => page.getByRole("status").getByText("live", { exact: true }).waitFor();

/** Accounts that nobody else's journey touches. */
const WATCHED = "0101MAT";
const SWITCHED = "0115MAK";

describe.skipIf(chromiumPath === null)("the page of an account", () => {
  let till: OwnTill;
  beforeAll(async () => {
    till = await ownTill();
  });

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

  it("changes by itself when somebody pays by SMS, and goes on while the database is down", async () => {
    const { page } = await come({ as: "onm_team" });
    await page.goto(`/ls/accounts/${WATCHED}`);
    await isLive({ page });
    const receipt = await till.pay({ account: WATCHED, amountMinor: 1_300 });
    await page.getByText(receipt).first().waitFor();
    await page.locator(".steps li.done", { hasText: "Credited" }).waitFor();
    await page.locator(".entry", { hasText: receipt }).waitFor();
    await till.recorded(receipt);

    const newcomer = await come({ as: "generic", size: "phone" });
    await newcomer.page.goto("about:blank");
    await ask(`${world().simulators.database}/down`, { json: { seconds: 20 } });
    // Whoever opens the portal meanwhile is told what goes on and what to do, and comes in by itself.
    await newcomer.page.goto(`/ls/accounts/${WATCHED}`);
    await newcomer.page.getByText("payments are taken and credited, power comes back").waitFor();
    await newcomer.page.getByText("leave this page open").waitFor();
    await look(newcomer, "database-down");
    const later = await till.pay({ account: WATCHED, amountMinor: 1_400 });
    await page.locator(".steps code, .copy code").filter({ hasText: later }).waitFor();
    await page.locator(".steps li.done", { hasText: "Credited" }).waitFor();
    await page.locator(".steps li.waits", { hasText: "In the books" }).waitFor();
    await isLive({ page });
    // Once it is back, so are the books.
    await till.recorded(later);
    await page.locator(".steps li.done", { hasText: "In the books" }).waitFor();
    await newcomer.page.locator(".entry", { hasText: later }).waitFor();
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

  it("tells why an account has its balance in under a minute from the dashboard, on a phone", async () => {
    const { page } = await come({ as: "onm_team", size: "phone" });
    await page.goto("/ls/");
    await page.getByRole("searchbox").first().waitFor();
    const began = Date.now();
    let presses = 0;
    const press = async (what: ReturnType<typeof page.locator>) => {
      presses += 1;
      await what.click();
    };
    await press(page.getByRole("searchbox").first());
    await page.keyboard.type(WATCHED);
    await page.keyboard.press("Enter");
    await press(page.getByRole("link", { name: "Explain this balance" }));
    await page.getByText("It adds up").waitFor();
    await press(page.locator(".entry", { hasText: "Payment" }).first().locator("summary"));
    await page.locator(".entry[open]", { hasText: /\d LSL \/ 5\.00 LSL a kWh = / }).waitFor();
    const tookMs = Date.now() - began;
    console.log(`balance explained: ${presses} presses and 7 letters, ${(tookMs / 1_000).toFixed(1)} s`);
    expect(presses).toBeLessThanOrEqual(4);
    expect(tookMs).toBeLessThan(60_000);
  });
});

import { describe, expect, it } from "vitest";
import { ask } from "../stories/world.ts";
import { chromiumPath, look, world } from "./browser.ts";
import { come } from "./come.ts";
import { ownTill } from "./money-world.ts";
import { isLive, WATCHED } from "./watched.ts";

describe.skipIf(chromiumPath === null)("the page of an account, with the world to itself", () => {
  it("changes by itself when somebody pays by SMS, and goes on while the database is down", async () => {
    const till = await ownTill();
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

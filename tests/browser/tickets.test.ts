import { describe, expect, it } from "vitest";
import { SimulatedBridge } from "../../dev/whatsapp.ts";
import { chromiumPath, look, world } from "./browser.ts";
import { familyName, phone, RUN, register } from "./care.ts";
import { come } from "./come.ts";

/** The bridge of the world that these journeys run in. */
const bridgeOf = () => {
  const { url, bridgeKey } = world().countries.LS;
  return new SimulatedBridge(url, bridgeKey);
};

describe.skipIf(chromiumPath === null)("tickets", () => {
  it("are opened for an account, given, commented, resolved and opened again, and stand beside the account", async () => {
    const { page, context, complaints } = await come({ as: "onm_team" });
    const { account } = await register(
      { context },
      { givenName: "Thabo", familyName: familyName(), phones: [phone()] },
    );
    await page.goto(`/ls/accounts/${account}?tab=tickets`);
    await page.getByRole("link", { name: "Open a ticket" }).click();
    await page.getByLabel("What it is").fill(`no light since the storm ${RUN}`);
    await page.reload();
    await page.getByText("What you typed here before is still there.").waitFor();
    await page.locator("form").getByRole("button", { name: "Open a ticket" }).click();
    await page.getByText(/^T\d+ is open$/).waitFor();
    await look({ page }, "tickets-list");
    const row = page.getByRole("row").filter({ hasText: account });
    await row.getByRole("link").first().click();
    await page.getByLabel("Given to").selectOption({ index: 1 });
    await page.getByText("The ticket is changed").first().waitFor();
    await page.getByLabel("Say something about it").fill("pole 14\nis down");
    await page.getByRole("button", { name: "Add it" }).click();
    await page.getByText("pole 14").waitFor();
    await page.getByLabel("Cause").fill("a pole fell");
    await page.getByLabel("What was done").fill("it stands again");
    await page.getByRole("button", { name: "It is resolved" }).click();
    await page.locator(".badge", { hasText: /^resolved$/ }).waitFor();
    await look({ page }, "ticket-resolved");
    await page.getByRole("button", { name: "Open it again" }).click();
    await page.getByLabel("Reason").fill("it fell again");
    await page.getByRole("dialog").getByRole("button", { name: "Open it again" }).click();
    await page.locator(".badge", { hasText: /^open$/ }).waitFor();
    await page.goto(`/ls/accounts/${account}?tab=tickets`);
    await page.getByRole("row").filter({ hasText: RUN }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("of the care line: the conversation stands on the customer's page, and a draft goes out as somebody approves it", async () => {
    const { page, context, complaints } = await come({ as: "onm_team" });
    const own = phone();
    const made = await register({ context }, { givenName: "Palesa", familyName: familyName(), phones: [own] });
    const bridge = bridgeOf();
    const from = `${RUN}${own}@lid`;
    const write = (id: string, text: string) => bridge.write({ id: `${RUN}${id}`, from, phone: `266${own}`, text });
    await write("a", "ke lefile M50 empa ha ke so fumane");
    await page.goto(`/ls/customers/${made.customerId}`);
    await page.getByText("ke lefile M50").waitFor();
    await look({ page }, "customer-conversation");
    await page.getByLabel("Answer").fill("We have found it.");
    await page.getByRole("button", { name: "Approve and send" }).click();
    await page.getByText("waits for the bridge").waitFor();
    const said = (await bridge.fetch()).filter(({ to }) => to === from);
    expect(said.map(({ text }) => text)).toEqual(["We have found it."]);
    await page.reload();
    await page.locator(".badge", { hasText: /^told$/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("are read by whoever may not write them, without a button that leads nowhere", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/tickets");
    await page.getByRole("heading", { name: "Tickets" }).waitFor();
    expect(await page.getByRole("button", { name: "Open a ticket" }).count()).toBe(0);
  });
});

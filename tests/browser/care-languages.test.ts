import { describe, expect, it } from "vitest";
import { chromiumPath, visit } from "./browser.ts";
import { familyName, meterNumber, phone, register } from "./care.ts";

describe.skipIf(chromiumPath === null)("the pages of customers", () => {
  it.each(["fr", "st"] as const)("fit a phone in %s, with no word left in another language's key", async (language) => {
    const here = await visit({ as: "onm_team", size: "phone", language });
    const { page, context, complaints } = here;
    const { customerId, account } = await register(
      here,
      { givenName: "Palesa", familyName: familyName(), phones: [phone()] },
      meterNumber(),
    );
    const below = ["/customers", "/customers/new", `/customers/${customerId}`, "/registrations", "/merges"];
    const ways = ["/commissioning", `/commissioning?account=${account}`];
    for (const path of [...below, ...ways]) {
      const address = `/ls${path}`;
      await page.goto(address);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond, `${address} is wider than the screen, in pixels`).toBeLessThanOrEqual(0);
      // a key that a language lacks shows as itself
      expect(await page.getByText(/^[a-z]+_[a-z_]+$/).count(), address).toBe(0);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});

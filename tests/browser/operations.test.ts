import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("operations", () => {
  it.each(["phone", "desktop"] as const)("says on a %s what came last, what waits and which jobs ran", async (size) => {
    const { page, complaints } = await come({ as: "onm_team", size, dark: size === "phone" });
    await page.goto("/ls/operations");
    await page.getByText("live", { exact: true }).first().waitFor();
    await page.getByRole("table", { name: "Feeds" }).getByText("Gateway phone").first().waitFor();
    await page.getByRole("table", { name: "Jobs" }).getByText("walk-audit").waitFor();
    await page.getByText("answers", { exact: true }).waitFor();
    await look({ page }, "operations");
    expect(complaints).toEqual([]);
  });

  it("compares every object with the books and says what was found", { timeout: 90_000 }, async () => {
    const { page } = await come({ as: "superadmin" });
    await page.goto("/ls/operations");
    await page.getByRole("button", { name: "Compare now" }).click();
    await page.getByText(/No difference\.|\d+ differences/).waitFor({ timeout: 80_000 });
  });

  it("sends a given-up message again, once, with the reason, and whoever comes second is told", async () => {
    const own = await come({ as: "onm_team" });
    const { page } = own;
    // No queue gives up in a healthy world: the list is answered as if one had; the answers to the press are the server's forms.
    let isSent = false;
    const letter = {
      id: 71,
      road: "job",
      about: "heads",
      bodyJson: '{"job":"heads","page":null}',
      diedAt: Date.now() - 3_600_000,
      handledBy: null as string | null,
      handledAt: null as number | null,
    };
    await page.route(/\/api\/dead-letters\?/, (route) =>
      route.fulfill({
        json: { letters: isSent && !route.request().url().includes("all=true") ? [] : [letter], next: null },
      }),
    );
    const asked: unknown[] = [];
    await page.route(/\/api\/dead-letters\/71\/replay/, (route) => {
      asked.push(route.request().postDataJSON());
      if (isSent)
        return route.fulfill({
          status: 409,
          json: { error: { kind: "handled", message: "it was sent again already", details: null } },
        });
      isSent = true;
      Object.assign(letter, { handledAt: Date.now(), handledBy: "staff:2 onm-team@example.org" });
      return route.fulfill({ json: { id: 71, road: "job" } });
    });
    await page.goto("/ls/operations");
    const row = page.getByRole("table", { name: "Given-up messages" }).getByRole("row", { name: /heads/ });
    await row.getByRole("button", { name: "Send again" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Send again" }).click();
    expect(asked).toEqual([]);
    await dialog.getByLabel("Reason").fill("the database is back");
    await dialog.getByRole("button", { name: "Send again" }).click();
    await page.getByText("Sent again", { exact: true }).waitFor();
    await page.getByText("No queue gave up on anything.").waitFor();
    expect(asked).toEqual([{ reason: "the database is back", seen: null }]);
    await page.getByLabel("those sent again too").check();
    await page.getByText(/sent again by staff:2/).waitFor();
    expect(await row.getByRole("button").count()).toBe(0);
  });

  it("offers nothing to press to who only reads", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/operations");
    await page.getByRole("table", { name: "Jobs" }).getByText("walk-audit").waitFor();
    for (const name of ["Send again", "Compare now", "Switch off", "Switch on", "Try again"])
      expect(await page.getByRole("button", { name }).count(), name).toBe(0);
  });
});

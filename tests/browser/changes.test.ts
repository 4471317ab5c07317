import { describe, expect, it } from "vitest";
import { chromiumPath, look, type Visit } from "./browser.ts";
import { come } from "./come.ts";

/** A meter that nobody else knows, made by hand, so that there is an act to take back. */
async function madeMeter({ context }: Visit, number: string) {
  const answer = await context.request.post("/ls/api/tables/meters", {
    data: { meter_number: number, rated_w: 500 },
    headers: { Origin: new URL((await context.request.get("/ls/")).url()).origin },
  });
  expect(answer.status(), await answer.text()).toBe(201);
}

describe.skipIf(chromiumPath === null)("changes", () => {
  it("takes a change back with a reason, shows it before and after, and takes nothing back twice", async () => {
    const own = await come({ as: "superadmin" });
    const { page, complaints } = own;
    const number = `77${String(Date.now()).slice(-8)}`;
    await madeMeter(own, number);
    await page.goto(`/ls/changes?about=meter:${number}`);
    await page.getByRole("table", { name: "Changes" }).getByRole("link", { name: "Meter: made" }).click();
    await page.waitForURL(/\/changes\/\d+/);
    await page.getByText("verified").waitFor();
    await page.getByText("500", { exact: true }).first().waitFor();
    await look({ page }, "change");
    await page.getByRole("button", { name: "Take back" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("made in a test");
    await dialog.getByRole("button", { name: "Take back" }).click();
    await page.getByText(/taken back by change/).waitFor();
    expect(await page.getByRole("button", { name: "Take back" }).count()).toBe(0);
    await page.getByText(/taken back by change/).click();
    await page.getByText(/takes back change/).waitFor();
    await page.getByText("made in a test").waitFor();
    expect(complaints).toEqual([]);
  });

  it.each(["phone", "desktop"] as const)("lists who did what on a %s, and walks the chain to its end", async (size) => {
    const { page } = await come({ as: "finance_team", size, dark: size === "phone" });
    await page.goto("/ls/changes");
    await page.getByRole("table", { name: "Changes" }).getByRole("link").first().waitFor();
    await page.getByRole("button", { name: "Verify the chain" }).click();
    await page.getByText(/whole: [\d,]+ rows/).waitFor();
    await look({ page }, "changes");
  });

  it("says why money is not taken back here, and offers no button to who may not", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/changes?action=site.put");
    await page.getByRole("table", { name: "Changes" }).getByRole("link").first().click();
    await page.waitForURL(/\/changes\/\d+/);
    await page.getByText("What changed").waitFor();
    expect(await page.getByRole("button", { name: "Take back" }).count()).toBe(0);
    await page.goto("/ls/changes?about=nothing:here");
    await page.getByText("No change like this").waitFor();
  });
});

import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { RUN } from "./care.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("campaigns", () => {
  it("are looked at, proposed, started and reported, and what they cost is said before", async () => {
    const person = await come({ as: "finance_team" });
    const name = `Works ${RUN}`;
    await person.page.goto("/ls/campaigns?propose=yes");
    await person.page.getByLabel("Customer type").fill("NONE");
    await person.page.getByLabel("Text in Sesotho").fill("Motlakase o tla tima ka Sontaha.");
    await person.page.getByLabel("Text in English").fill("No power on Sunday: works.");
    await person.page.getByRole("button", { name: "Look who gets it" }).click();
    await person.page.locator(".tile", { hasText: "Numbers" }).getByText("0", { exact: true }).waitFor();
    expect(await person.page.getByRole("button", { name: "Propose it" }).isDisabled()).toBe(true);
    await person.page.getByLabel("Customer type").fill("");
    await person.page.getByRole("button", { name: "Look who gets it" }).click();
    await person.page.getByLabel("Name").fill(name);
    await person.page.getByLabel("Reason").fill("works on the line");
    await look(person, "campaigns-propose");
    await person.page.getByRole("button", { name: "Propose it" }).click();
    const own = person.page.getByRole("row").filter({ hasText: name });
    await own.getByText("proposed", { exact: true }).waitFor();
    await own.getByRole("button", { name: "Start" }).click();
    await person.page.getByRole("dialog").getByLabel("Reason").fill("seen");
    await person.page.getByRole("dialog").getByRole("button", { name: "Start" }).click();
    await person.page.getByText("Started", { exact: true }).waitFor();
    await look(person, "campaigns");
    const small = await come({ as: "onm_team", size: "phone" });
    await small.page.goto("/ls/campaigns");
    await small.page.getByText(name).waitFor();
    await look(small, "campaigns");
    expect([...person.complaints, ...small.complaints]).toEqual([]);
  });

  it("offer nothing to press to whoever may not", async () => {
    const visitor = await come({ as: "generic" });
    await visitor.page.goto("/ls/campaigns?propose=yes");
    await visitor.page.getByRole("heading", { name: "Campaigns" }).waitFor();
    for (const name of ["New campaign", "Start", "Stop"])
      expect(await visitor.page.getByRole("button", { name }).count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { register } from "./care.ts";
import { come } from "./come.ts";

const CONTRACT = { name: "signed.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\nsigned\n") };

describe.skipIf(chromiumPath === null)("advances and plans", () => {
  it("are signed with their contract, shown with their schedule, and split payments from then on", async () => {
    const person = await come({ as: "finance_team" });
    const { page } = person;
    const name = { name: "Mpho Ralebitso", phones: [], language: "en" as const };
    const { account } = await register(await come({ as: "superadmin" }), name);
    await page.goto(`/ls/agreements?account=${account}&sign=new`);
    await page.getByLabel("Amount").fill("501");
    await page.getByLabel("Monthly fee, %").fill("2");
    await page.getByLabel("Reason").fill("signed at the office");
    expect(await page.getByRole("button", { name: "Sign", exact: true }).isDisabled()).toBe(true);
    await page.getByLabel("Signed contract").setInputFiles(CONTRACT);
    await look(person, "agreements-sign");
    await page.getByRole("button", { name: "Sign", exact: true }).click();
    await page.locator(".badge", { hasText: /^charged$/ }).waitFor();

    await page.getByLabel("What").first().selectOption("financing");
    await page.getByLabel("Appliance").fill("freezer");
    await page.getByLabel("Amount").fill("1200");
    await page.getByLabel("Monthly parts").fill("12");
    await page.getByLabel("Penalty, %").fill("5");
    await page.getByLabel("Signed contract").setInputFiles(CONTRACT);
    await page.getByRole("button", { name: "Sign", exact: true }).click();
    await page.getByRole("link", { name: "freezer" }).click();
    await page
      .getByRole("row")
      .filter({ hasText: /1.200\.00/ })
      .last()
      .waitFor();
    await look(person, "agreements");

    await page.goto(`/ls/accounts/${account}`);
    await page.getByText("advance: connection").first().waitFor();
    await page.getByLabel("Where would a payment go?").first().fill("100");
    await page.getByText("the agreed part of what is left").first().waitFor();
    await page.getByLabel("By which number?").selectOption("fees");
    await page.getByText("nothing takes it: a person decides").waitFor();
    await look(person, "agreements-account");
    expect(person.complaints).toEqual([]);
  });

  it("offer nothing to press to whoever may not, and stand on a phone", async () => {
    const visitor = await come({ as: "generic", size: "phone" });
    await visitor.page.goto("/ls/agreements");
    await visitor.page.getByText("Freezer, 120 litres").first().waitFor();
    expect(await visitor.page.getByRole("button", { name: "Sign an agreement" }).count()).toBe(0);
    await look(visitor, "agreements");
    expect(visitor.complaints).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { chromiumPath, look, type Visit } from "./browser.ts";
import { register } from "./care.ts";
import { come } from "./come.ts";
import { ownTill } from "./money-world.ts";

async function indebted(person: Visit): Promise<string> {
  const { account } = await register(person, { name: "Mpho Ralebitso", phones: [], language: "en" });
  await person.page.goto(`/ls/fees?account=${account}&order=new`);
  await person.page.getByLabel("Reason").fill("a new connection");
  await person.page.getByRole("button", { name: "Order it" }).click();
  await person.page.locator(".badge", { hasText: /^posted$/ }).waitFor();
  return account;
}

describe.skipIf(chromiumPath === null)("fees", () => {
  it("are charged, shown with where a payment would go, and paid line by line", async () => {
    const person = await come({ as: "finance_team" });
    const account = await indebted(await come({ as: "superadmin" }));
    await person.page.goto(`/ls/accounts/${account}`);
    await person.page.getByText("501.00 LSL still owed").waitFor();
    await person.page.getByLabel("Where would a payment go?").first().fill("100");
    await person.page.getByText("before there is light all of it pays the fees").waitFor();
    await look(person, "fees-account");
    await person.page.goto(`/ls/accounts/${account}/explain`);
    await person.page.locator(".entry summary", { hasText: "Fee" }).first().waitFor();
    expect(person.complaints).toEqual([]);
  });

  it("are written off by one who orders and another who approves, never by one alone", async () => {
    const first = await come({ as: "finance_team" });
    const account = await indebted(await come({ as: "superadmin" }));
    await first.page.goto(`/ls/fees?account=${account}&order=new`);
    await first.page.getByLabel("What").first().selectOption("writeoff");
    await first.page.getByLabel("How much").fill("101.00");
    await first.page.getByLabel("Document").fill("letter 4");
    await first.page.getByLabel("Reason").fill("the donor pays");
    await look(first, "fees-order");
    await first.page.getByRole("button", { name: "Order it" }).click();
    const own = first.page.getByRole("row").filter({ hasText: "write off" });
    await own.getByText("yours: another person approves").waitFor();
    expect(await own.getByRole("button", { name: "Approve" }).count()).toBe(0);

    const second = await come({ as: "onm_team", size: "phone" });
    await second.page.goto(`/ls/fees?account=${account}`);
    await second.page.getByRole("button", { name: "Approve" }).click();
    await second.page.getByRole("dialog").getByLabel("Reason").fill("seen the letter");
    await second.page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await second.page.getByText("Approved: it is posted").waitFor();
    await look(second, "fees-approved");
    await second.page.goto(`/ls/accounts/${account}`);
    await second.page.getByText("400.00 LSL still owed").waitFor();
    await look(second, "fees-account");
    expect([...first.complaints, ...second.complaints]).toEqual([]);
  });

  it("leave what they do not take of a payment, and a person turns it into energy", async () => {
    const { account } = await register(await come({ as: "superadmin" }), {
      name: "Neo Mohapi",
      phones: [],
      language: "en",
    });
    const till = await ownTill("fees");
    const receipt = await till.pay({ account, amountMinor: 9_900 });
    await till.recorded(receipt);
    const person = await come({ as: "finance_team", size: "phone" });
    await person.page.goto(`/ls/accounts/${account}`);
    await person.page.getByText("99.00 LSL not allocated, of").waitFor();
    await look(person, "fees-rest");
    await person.page.getByRole("button", { name: "Turn into energy" }).click();
    const dialog = person.page.getByRole("dialog");
    await dialog.getByText("at the rate of now").waitFor();
    await dialog.getByLabel("Reason").fill("asks for light");
    await look(person, "fees-rest-asked");
    await dialog.getByRole("button", { name: "Turn into energy" }).click();
    await person.page.getByText("are in the account").waitFor();
    await person.page.getByText("99.00 LSL not allocated, of").waitFor({ state: "detached" });
    const wide = await come({ as: "finance_team" });
    await wide.page.goto(`/ls/payments/${receipt}`);
    await wide.page.getByText("not allocated").first().waitFor();
    await look(wide, "fees-rest-story");
    expect([...person.complaints, ...wide.complaints]).toEqual([]);
  });

  it("offer nothing to press to whoever may not", async () => {
    const visitor = await come({ as: "generic" });
    await visitor.page.goto("/ls/fees");
    await visitor.page.getByText("Nothing waits").waitFor();
    expect(await visitor.page.getByRole("button", { name: "Charge, write off or pay back" }).count()).toBe(0);
  });
});

import { describe, expect, it } from "vitest";
import { png } from "../pictures.ts";
import { chromiumPath, look, type Visit } from "./browser.ts";
import { familyName, meterNumber, phone, register } from "./care.ts";
import { come } from "./come.ts";

/** A line across the field, as a hand draws it. */
async function sign({ page }: Visit, label: string) {
  const field = page.getByRole("img", { name: label });
  await field.scrollIntoViewIfNeeded();
  const box = await field.boundingBox();
  if (box === null) throw new Error("no field to sign in");
  await page.mouse.move(box.x + 30, box.y + 80);
  await page.mouse.down();
  for (const step of [1, 2, 3, 4, 5, 6])
    await page.mouse.move(box.x + 30 + step * 20, box.y + 80 + (step % 2 === 0 ? 30 : -30), { steps: 4 });
  await page.mouse.up();
}

describe.skipIf(chromiumPath === null)("commissioning", () => {
  it.each(["phone", "desktop"] as const)("leads from each count to the names, on a %s", async (size) => {
    const here = await come({ as: "onm_team", size, dark: size === "desktop" });
    const { account } = await register(here, { givenName: "Neo", familyName: familyName() });
    const { page, complaints } = here;
    await page.goto("/ls/commissioning");
    await page.getByLabel("Site").selectOption("MAK");
    await page.getByRole("button", { name: "Registered" }).click();
    await page.getByRole("heading", { name: "Who stands at: Registered" }).waitFor();
    await page.getByRole("link", { name: account }).waitFor();
    await look({ page }, "commissioning");
    await page.getByRole("link", { name: account }).click();
    await page.getByRole("heading", { name: `Way to light of ${account}` }).waitFor();
    await page.getByText("waits").first().waitFor();
    await look({ page }, "commissioning-account");
    expect(complaints).toEqual([]);
  });

  it("signs, commissions, opens the contract as a PDF, and ends what was begun, with the way back", async () => {
    const here = await come({ as: "onm_team" });
    const { page, context, complaints } = here;
    const name = familyName();
    const { account, customerId } = await register(here, {
      givenName: "Palesa",
      familyName: name,
      phones: [phone()],
      language: "st",
    });
    await page.goto(`/ls/customers/${customerId}`);
    await page.getByRole("link", { name: "Commission", exact: true }).click();
    await page.getByRole("button", { name: "Commission", exact: true }).click();
    await page.getByLabel("Meter", { exact: true }).fill(meterNumber());
    await page.getByLabel("Ampacity").fill("twenty");
    const send = page.getByRole("button", { name: "Commission and print the contract" });
    await send.click();
    await page.getByText("expected: a signature").waitFor();
    await sign(here, "Signature of the customer");
    await send.click();
    // the server names each field that is wrong, and the signature stays
    await page
      .getByText(/expected: .*whole amperes/)
      .first()
      .waitFor();
    await page.getByLabel("Ampacity").fill("20");
    await send.click();
    await page.getByText("a number: none is known of this customer").first().waitFor();
    await page.getByLabel("National id").fill("0123456789");
    // 1PWR signs by a photograph of a signature on paper
    await page
      .locator(".signature input[type=file]")
      .nth(1)
      .setInputFiles({ name: "signature.png", mimeType: "image/png", buffer: png() });
    await look({ page }, "commission");
    const sent = page.waitForRequest(/\/commission$/);
    await send.click();
    const body = (await sent).postDataJSON() as { customerSignature: string; staffSignature?: string };
    expect([body.customerSignature, body.staffSignature].map((each) => each?.slice(0, 8))).toEqual([
      "iVBORw0K",
      "iVBORw0K",
    ]);
    expect(body.staffSignature).not.toBe(body.customerSignature);
    await page.getByText(`${account} is commissioned`).waitFor({ timeout: 60_000 });
    const pdf = page.getByRole("link", { name: "PDF · Sesotho" });
    const answer = await context.request.get((await pdf.getAttribute("href")) ?? "");
    expect(answer.headers()["content-type"]).toBe("application/pdf");
    expect((await answer.body()).subarray(0, 5).toString()).toBe("%PDF-");
    await page.getByRole("button", { name: "Decommission" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("the house burnt down");
    await dialog.getByRole("button", { name: "Decommission" }).click();
    await page.getByText(`${account} has ended`).waitFor();
    await page.getByRole("button", { name: "Undo" }).first().click();
    await page.getByText("Taken back").waitFor();
    await page.getByRole("button", { name: "Decommission" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("records a step, puts its day right with a reason, and withdraws it", async () => {
    const here = await come({ as: "onm_team" });
    const { page } = here;
    const { account } = await register(here, { givenName: "Lerato", familyName: familyName() });
    await page.goto(`/ls/commissioning?account=${account}`);
    await page.getByRole("button", { name: /Record\s*: Readyboard tested/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Day").fill("2031-01-01");
    await dialog.getByRole("button", { name: "Record" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByLabel("Day").fill(new Date(Date.now() - 86_400_000).toISOString().slice(0, 10));
    await dialog.getByRole("button", { name: "Record" }).click();
    await page.getByText("Readyboard tested: recorded").waitFor();
    await page.getByRole("button", { name: /Withdraw\s*: Readyboard tested/ }).click();
    await dialog.getByLabel("Reason").fill("it was the neighbour's");
    await dialog.getByRole("button", { name: "Withdraw" }).click();
    await page.getByText("Readyboard tested: withdrawn").waitFor();
    await page.getByRole("button", { name: /Record\s*: Readyboard tested/ }).waitFor();
  });

  it("offers who may only read nothing to press, and says when there is no such account", async () => {
    const maker = await come({ as: "onm_team" });
    const { account } = await register(maker, { givenName: "Mpho", familyName: familyName() });
    const { page } = await come({ as: "finance_team" });
    await page.goto(`/ls/commissioning?account=${account}`);
    await page.getByText("waits").first().waitFor();
    expect(await page.getByRole("button", { name: /Commission|Record|Decommission|Withdraw/ }).count()).toBe(0);
    await page.goto("/ls/commissioning?account=9998MAK");
    await page.getByText("There is no such account here").waitFor();
  });
});

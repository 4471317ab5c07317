import { describe, expect, it } from "vitest";
import { totpCode } from "../../src/adapters/totp.ts";
import { chromiumPath, look } from "./browser.ts";
import { familyName } from "./care.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("staff and roles", () => {
  it("invites a person who comes in by another browser, and whose new role holds at once", {
    timeout: 120_000,
  }, async () => {
    const boss = await come({ as: "superadmin" });
    const email = `invited-${Date.now()}@example.org`;
    await boss.page.goto("/ls/staff");
    await boss.page.getByRole("button", { name: "Invite somebody" }).click();
    const form = boss.page.getByRole("dialog", { name: "Invite somebody" });
    await form.getByLabel("E-mail").fill(email);
    await form.getByLabel("Name").fill("Palesa Invited");
    await form.getByLabel("Finance team").check();
    await look(boss, "staff-invite");
    await form.getByRole("button", { name: "Make the link" }).click();
    const link =
      (await boss.page.getByRole("dialog", { name: "The link, shown once" }).locator("code").textContent()) ?? "";
    await boss.page
      .getByRole("dialog", { name: "The link, shown once" })
      .getByRole("button", { name: "Close" })
      .click();

    const guest = await come({});
    await guest.page.goto(link);
    await guest.page.getByLabel("New password").fill("a long password of mine");
    await guest.page.getByRole("button", { name: "Go on" }).click();
    // Finance moves money: an authenticator first, by the key that stands under the picture.
    const secret = (await guest.page.locator(".copy code").textContent()) ?? "";
    await guest.page.getByLabel("Number").fill(totpCode(secret, Date.now()));
    await guest.page.getByRole("button", { name: "Go on" }).click();
    await guest.page.getByRole("button", { name: "I have them on paper" }).click();
    await guest.page.getByRole("heading", { name: "Lesotho" }).waitFor();
    const staffLink = guest.page
      .getByRole("navigation", { name: "Menu" })
      .getByRole("link", { name: "Staff and roles" });
    expect(await staffLink.count()).toBe(0);

    await boss.page.reload();
    await boss.page.getByRole("link", { name: "Palesa Invited" }).click();
    const person = boss.page.getByRole("dialog", { name: "Palesa Invited" });
    await person.getByLabel("Superadmin").check();
    await person.getByRole("button", { name: "Save" }).click();
    await boss.page.getByText("Changed; it holds from the next request on").waitFor();
    await person.getByText("shown", { exact: true }).waitFor();
    await look(boss, "staff-person");

    await guest.page.reload();
    await staffLink.waitFor();

    await person.getByRole("button", { name: "Send away" }).click();
    await boss.page
      .getByRole("dialog", { name: "Send Palesa Invited away?" })
      .getByRole("button", { name: "Send away" })
      .click();
    await boss.page.getByText("Sent away", { exact: true }).waitFor();
    await guest.page.reload();
    await guest.page.getByRole("button", { name: "Sign in", exact: true }).waitFor();

    // The same link a second time opens nothing.
    const late = await come({});
    await late.page.goto(link);
    await late.page.getByLabel("New password").fill("another long password");
    await late.page.getByRole("button", { name: "Go on" }).click();
    await late.page.getByRole("alert").getByText("This link was used or is too old").waitFor();
  });

  it.each(["desktop", "phone"] as const)(
    "gives somebody another role in another country, at one of its sites, on a %s",
    async (size) => {
      const boss = await come({ as: "superadmin", size });
      const { page } = boss;
      const name = `Afi ${size} ${familyName()}`;
      await page.goto("/ls/staff");
      await page.getByRole("button", { name: "Invite somebody" }).click();
      const form = page.getByRole("dialog", { name: "Invite somebody" });
      await form.getByLabel("E-mail").fill(`elsewhere-${size}-${Date.now()}@example.org`);
      await form.getByLabel("Name").fill(name);
      await form.getByLabel("Engineering").check();
      await form.getByLabel("BJ", { exact: true }).check();
      await form.getByLabel("In BJ", { exact: true }).selectOption("own");
      await form.getByLabel("BJ: Engineering").uncheck();
      await form.getByLabel("BJ: Field registrar").check();
      await form.getByLabel("Site in BJ").selectOption("GBO");
      await look(boss, "staff-elsewhere");
      await form.getByRole("button", { name: "Make the link" }).click();
      await page.getByRole("dialog", { name: "The link, shown once" }).getByRole("button", { name: "Close" }).click();
      await page.getByRole("row", { name }).getByText("Field registrar (GBO)").waitFor();
      await page.getByRole("link", { name }).click();
      const person = page.getByRole("dialog", { name });
      await expect.poll(() => person.getByLabel("Site in BJ").inputValue()).toBe("GBO");
      await person.getByLabel("In BJ", { exact: true }).selectOption("same");
      await person.getByRole("button", { name: "Save" }).click();
      await page.getByText("Changed; it holds from the next request on").waitFor();
      await page.getByRole("row", { name }).getByText("Field registrar (GBO)").waitFor({ state: "detached" });
    },
  );

  it("keeps what was typed when somebody with that e-mail is there already", async () => {
    const { page } = await come({ as: "superadmin" });
    await page.goto("/ls/staff");
    await page.getByRole("button", { name: "Invite somebody" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("E-mail").fill("generic@example.org");
    await form.getByLabel("Name").fill("Twice Invited");
    await form.getByRole("button", { name: "Make the link" }).click();
    await form.getByRole("alert").waitFor();
    expect(await form.getByLabel("Name").inputValue()).toBe("Twice Invited");
  });

  it("tells a registrar who comes by the address what is missing, and offers nothing", async () => {
    const { page } = await come({ as: "field_registrar" });
    await page.goto("/ls/staff");
    await page.getByText("Your roles do not allow this.").waitFor();
    await page.getByText("staff.manage").waitFor();
    expect(await page.getByRole("button", { name: "Invite somebody" }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Staff and roles" }).count()).toBe(0);
  });

  it.each(["phone", "desktop"] as const)("lists everybody on a %s", async (size) => {
    const { page } = await come({ as: "superadmin", size, dark: size === "phone" });
    await page.goto("/ls/staff");
    await page.getByRole("table", { name: "Staff and roles" }).getByRole("link").first().waitFor();
    await look({ page }, "staff");
  });
});

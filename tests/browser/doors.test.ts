import { describe, expect, it } from "vitest";
import { totpCode } from "../../src/adapters/totp.ts";
import { EMAIL_CHARS_MAX } from "../../src/domain/sign-in.ts";
import { chromiumPath, portal, world } from "./browser.ts";
import { familyName, RUN } from "./care.ts";
import { come } from "./come.ts";
import { picture } from "./picture.ts";

/** The doors: what somebody sees who is not in yet. Each has its pictures. */
/** As long as an e-mail address may be, without a place to break it. */
const EMAIL = `${RUN}${"averylongnameofsomebody".repeat(3)}`.slice(0, EMAIL_CHARS_MAX - 12).concat("@example.org");

/** Nobody else is called so, in a world that has run before too. */
const NAME = `Palesa ${familyName()}`;
/** Some forty pictures. */
const PICTURES_MS_MAX = 240_000;

describe.skipIf(chromiumPath === null)("the doors of the portal", { timeout: PICTURES_MS_MAX }, () => {
  it("let a new member of staff in: invitation, authenticator, codes for paper, and the next time a number", async () => {
    const boss = await come({ as: "superadmin" });
    const email = EMAIL;
    const invited = await boss.context.request.post("/ls/api/staff", {
      headers: { Origin: portal() },
      data: { email, name: NAME, roles: ["finance_team"], site: null },
    });
    expect(invited.status(), await invited.text()).toBe(201);
    const { invitation } = (await invited.json()) as { invitation: { code: string } };

    const { page, context, complaints } = await come({});
    await page.goto("/ls/");
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await picture({ page }, "door-password");
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill("not the one");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("alert").getByText("That is not right").waitFor();
    await picture({ page }, "door-password-wrong");

    await page.goto(`/ls/invitation#${invitation.code}`);
    await page.getByLabel("New password").fill("a long password of mine");
    await picture({ page }, "door-invitation");
    await page.getByRole("button", { name: "Go on" }).click();
    const secret = (await page.locator(".copy code").textContent()) ?? "";
    await page.locator("svg.qr").waitFor();
    await picture({ page }, "door-enrol");
    await page.getByLabel("Number").fill(totpCode(secret, Date.now()));
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: "Ten codes for paper" }).waitFor();
    await picture({ page }, "door-codes");
    await page.getByRole("button", { name: "I have them on paper" }).click();
    await page.getByRole("heading", { name: "Lesotho" }).waitFor();

    await context.clearCookies();
    await page.goto("/ls/profile");
    await page.getByLabel("E-mail").fill(email.toUpperCase());
    await page.getByLabel("Password").fill("a long password of mine");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Second factor" }).waitFor();
    await picture({ page }, "door-number");
    await page.getByLabel("Number").fill("000000");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("alert").waitFor();
    // The number of the enrolment is used; its neighbour is taken too.
    await page.getByLabel("Number").fill(totpCode(secret, Date.now() + 30_000));
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: "My profile" }).waitFor();
    await page.locator(".person summary").click();
    await picture({ page }, "profile-long-email");
    expect(complaints).toEqual([]);

    await boss.page.goto("/ls/staff");
    await boss.page.getByText(email).waitFor();
    await picture(boss, "staff-long-email");
    await boss.page.getByRole("link", { name: NAME }).click();
    await boss.page.getByRole("dialog").waitFor();
    await picture(boss, "staff-person-long-email");
  });

  it("show a customer a receipt, and say where there is none, in every shade", async () => {
    const customer = world().countries.LS.customers[0];
    const { page } = await come({});
    await page.goto("/ls/my");
    await page.locator("#account").fill(customer?.account ?? "");
    await page.locator("#password").fill(customer?.password ?? "");
    await page.locator("form.card button").click();
    await page.locator("#payments a[href*=receipt]").first().click();
    await page.getByRole("heading", { name: "Rasiti ea tefo" }).waitFor();
    await picture({ page }, "my-receipt");
    const answer = await page.goto("/ls/my/receipt/NONE0000");
    expect(answer?.status()).toBe(404);
    await picture({ page }, "my-no-receipt");
  });
});

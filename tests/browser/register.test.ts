import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { familyName, phone, register } from "./care.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("the wizard of a new customer", () => {
  it("keeps what is wrong until it is mended, over a reload too, and shows the number it got", async () => {
    const { page, context, complaints } = await come({ as: "onm_team" });
    await context.grantPermissions(["geolocation"]);
    await context.setGeolocation({ latitude: -29.5123456, longitude: 27.8123456, accuracy: 8 });
    const name = familyName();
    await page.goto("/ls/customers/new");
    const next = page.getByRole("button", { name: "Next" });
    await next.click();
    await page.getByText("expected: a given or a family name").waitFor();
    await page.getByLabel("Given name").fill("Palesa");
    await page.getByLabel("Family name").fill(name);
    await page.getByLabel("Phones").fill("12");
    await next.click();
    await page.getByLabel("Site", { exact: true }).selectOption("MAK");
    await page.getByLabel("Plot").fill("mak-0123 hh2");
    await page.getByRole("button", { name: "Take the place of this device" }).click();
    await page.getByText("Found, to about 8 m").waitFor();
    expect(await page.getByLabel("Latitude").inputValue()).toBe("-29.512346");
    await next.click();
    await next.click();
    await page.getByRole("button", { name: "Register", exact: true }).click();
    // back at the step and the field that are wrong, with what was typed
    await page.getByText("expected: a phone number, of Lesotho").waitFor();
    await look({ page }, "register-error");
    await page.reload();
    await page.getByText("What you typed here before is still there").waitFor();
    expect(await page.getByLabel("Family name").inputValue()).toBe(name);
    await page.getByLabel("Phones").fill(phone());
    for (const _ of [1, 2, 3]) await next.click();
    await page.getByText("mak-0123 hh2").waitFor();
    await look({ page }, "register-review");
    await page.getByRole("button", { name: "Register", exact: true }).click();
    await page.getByRole("heading", { name: `Palesa ${name} is registered` }).waitFor();
    const number = await page.locator(".given strong code").textContent();
    expect(number).toMatch(/^\d{4}MAK$/);
    await look({ page }, "registered");
    const commission = page.getByRole("link", { name: "Hang a meter and commission" });
    expect(await commission.getAttribute("href")).toBe(`/ls/commissioning?account=${number}`);
    await page.getByRole("link", { name: "Open the customer" }).click();
    await page.getByText("MAK 0123 HH2").waitFor();
    await page.getByText("HH2", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("warns of somebody with the same phone before it is sent, and leads there", async () => {
    const here = await come({ as: "onm_team" });
    const { page } = here;
    const number = phone();
    const name = familyName();
    const { customerId } = await register(here, { givenName: "Neo", familyName: name, phones: [number] });
    await page.goto("/ls/customers/new");
    await page.getByLabel("Given name").fill("Somebody");
    await page.getByLabel("Family name").fill(familyName());
    await page.getByLabel("Phones").fill(`+266 ${number}`);
    await page.getByText("Somebody like that is there already").waitFor();
    await page.getByText("the same phone").waitFor();
    await page.getByRole("link", { name: "Open that one" }).click();
    await page.waitForURL(`**/ls/customers/${customerId}`);
    // and the draft is still there for who comes back
    await page.goBack();
    await page.getByText("What you typed here before is still there").waitFor();
    expect(await page.getByLabel("Given name").inputValue()).toBe("Somebody");
    await page.getByRole("button", { name: "Start afresh" }).click();
    expect(await page.getByLabel("Given name").inputValue()).toBe("");
  });

  it("registers once when the answer was lost and somebody sends it again, after a reload too", async () => {
    const { page } = await come({ as: "onm_team" });
    const [name, number] = [familyName(), phone()];
    let lost = 0;
    await page.route("**/ls/api/customers", async (route) => {
      if (route.request().method() !== "POST" || lost > 0) return route.continue();
      lost += 1;
      // done there, and nobody hears of it
      await route.fetch();
      await route.abort();
    });
    await page.goto("/ls/customers/new");
    await page.getByLabel("Given name").fill("Thato");
    await page.getByLabel("Family name").fill(name);
    await page.getByLabel("Phones").fill(number);
    const next = page.getByRole("button", { name: "Next" });
    await next.click();
    await page.getByLabel("Site", { exact: true }).selectOption("MAK");
    await next.click();
    await next.click();
    await page.getByRole("button", { name: /register/i }).click();
    await page.getByText("The server does not answer").waitFor();
    await page.reload();
    await page.getByRole("button", { name: /register/i }).click();
    await page.getByRole("heading", { name: `Thato ${name} is registered` }).waitFor();
    await page.goto(`/ls/customers?q=${number}`);
    await page.getByRole("link", { name: `Thato ${name}` }).waitFor();
    expect(await page.getByRole("link", { name: `Thato ${name}` }).count()).toBe(1);
    expect(lost).toBe(1);
  });

  it.each(["phone", "desktop"] as const)("is all a registrar has, at the own site alone, on a %s", async (size) => {
    const { page, complaints } = await come({ as: "field_registrar", size, dark: size === "desktop" });
    await page.goto("/ls/customers/new");
    await look({ page }, "register");
    await page.getByLabel("Given name").fill("Lerato");
    await page.getByLabel("Family name").fill(familyName());
    await page.getByRole("button", { name: "Next" }).click();
    const site = page.getByLabel("Site", { exact: true });
    expect(await site.isDisabled()).toBe(true);
    const own = await site.inputValue();
    expect(own).toMatch(/^[A-Z]{3}$/);
    await look({ page }, "register-place");
    for (const _ of [1, 2]) await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: /register/i }).click();
    const number = page.locator(".given strong code");
    await number.waitFor();
    expect(await number.textContent()).toMatch(new RegExp(`^\\d{4}${own}$`));
    expect(await page.getByRole("link", { name: "Open the customer" }).count()).toBe(0);
    await page.goto("/ls/customers");
    await page.getByText("Your roles do not allow this").waitFor();
    expect(complaints).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { chromiumPath, portal, type Visit, world } from "./browser.ts";
import { RUN } from "./care.ts";
import { come } from "./come.ts";

let invited = 0;
/** A person of this journey alone: whoever signs a demo person out signs out everybody who is that person. */
async function ownPerson(
  roles: string[],
  options: Parameters<typeof come>[0] = {},
): Promise<Visit & { staffId: number }> {
  const boss = await come({ as: "superadmin" });
  const headers = { Origin: portal() };
  invited += 1;
  const data = { email: `leaves-${RUN}-${invited}@example.org`, name: "Palesa Leaves", roles, site: null };
  const made = await boss.context.request.post("/ls/api/staff", { headers, data });
  const { staffId, invitation } = (await made.json()) as { staffId: number; invitation: { code: string } };
  const own = await come(options);
  const taken = { code: invitation.code, password: "a long password of mine" };
  const answer = await own.context.request.post("/ls/api/invitations/take", { headers, data: taken });
  expect(answer.status(), await answer.text()).toBe(200);
  return { ...own, staffId };
}

const signIn = (page: Visit["page"]) => page.getByRole("button", { name: "Sign in", exact: true });

describe.skipIf(chromiumPath === null)("whoever comes to a desk after somebody", () => {
  it.each(["phone", "desktop"] as const)(
    "finds the door by the back button, and nothing of what was shown, on a %s",
    async (size) => {
      const { page } = await ownPerson(["generic"], { size });
      const { account, name } = world().countries.LS.customers[0] ?? { account: "", name: "" };
      await page.goto("/ls/payments");
      await page.getByRole("table", { name: "Payments" }).getByRole("link").first().waitFor();
      await page.goto(`/ls/accounts/${account}`);
      await page.getByText(name).first().waitFor();
      await page.locator(".person summary").click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await signIn(page).waitFor();
      await page.goBack();
      await signIn(page).waitFor();
      expect(await page.locator("body").textContent()).not.toContain(name);
      await page.goForward();
      await signIn(page).waitFor();
    },
  );

  it("finds nothing that only looks as if somebody had left: without a network one is told that one is still in", async () => {
    const { page, context } = await ownPerson(["generic"]);
    await page.goto("/ls/profile");
    await page.locator(".person summary").click();
    await context.setOffline(true);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("you are still signed in").waitFor();
    await page.getByRole("heading", { name: "My profile" }).waitFor();
    await context.setOffline(false);
    await page.getByRole("button", { name: "Sign out" }).click();
    await signIn(page).waitFor();
    await page.reload();
    await signIn(page).waitFor();
  });

  it("finds the door in the other tab too, once it asks for anything", async () => {
    const { page, context } = await ownPerson(["generic"]);
    await page.goto("/ls/customers");
    await page.getByRole("table").getByRole("link").first().waitFor();
    const other = await context.newPage();
    await other.goto("/ls/profile");
    await other.locator(".person summary").click();
    await other.getByRole("button", { name: "Sign out" }).click();
    await signIn(other).waitFor();
    await page.getByRole("searchbox").first().fill("mokoena");
    await signIn(page).waitFor();
    expect(await page.getByRole("table").count()).toBe(0);
  });

  it("finds no customer's page by the back button", async () => {
    const { account, password } = world().countries.LS.customers.at(-8) ?? { account: "", password: "" };
    const { page } = await come({ size: "phone" });
    await page.goto("/ls/my");
    await page.locator("#account").fill(account);
    await page.locator("#password").fill(password);
    await page.locator("form.card button").click();
    await page.locator("#meter, .meter").first().waitFor();
    await page.locator("#payments a[href*=receipt]").first().click();
    await page.locator("main.receipt").waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Tsoa" }).click();
    await page.getByText("U tsoile").waitFor();
    for (let back = 0; back < 3; back++) {
      await page.goBack();
      // Before the first page there is none.
      if (page.url() === "about:blank") break;
      await page.locator("#password").waitFor();
      expect(await page.locator("body").textContent()).not.toMatch(/\d kWh/);
    }
  });
});

describe.skipIf(chromiumPath === null)("whoever has lost a role", () => {
  it("is offered what is left with the next page, and told so where a page is open still", async () => {
    const { page, staffId } = await ownPerson(["generic", "engineering"]);
    const boss = await come({ as: "superadmin" });
    await page.goto("/ls/meters");
    await page.getByRole("table").getByRole("link").first().waitFor();
    const change = { headers: { Origin: portal() }, data: { roles: [] } };
    expect((await boss.context.request.patch(`/ls/api/staff/${staffId}`, change)).status()).toBe(200);
    await page.getByRole("searchbox").first().fill("230");
    await page.getByText("Your roles do not allow this.").first().waitFor();
    await page.reload();
    await page.getByText("Your roles do not allow this.").first().waitFor();
    expect(await page.getByRole("navigation", { name: "Menu" }).getByRole("link", { name: "Meters" }).count()).toBe(0);
  });
});

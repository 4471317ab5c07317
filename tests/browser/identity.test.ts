import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { CountryCode } from "../../src/domain/country.ts";
import { ANSWER_MS_MAX, chromiumPath, look, portal } from "./browser.ts";
import { familyName, RUN } from "./care.ts";
import { come } from "./come.ts";

const PASSWORD = "a long password of mine";
let people = 0;

/** Somebody new, who works in these countries and has yet to take the invitation at home. */
async function invited(countries: CountryCode[]) {
  const boss = await come({ as: "superadmin" });
  const email = `${RUN}-identity-${++people}@example.org`.toLowerCase();
  const answer = await boss.context.request.post("/ls/api/staff", {
    headers: { Origin: portal() },
    data: { email, name: `Afi ${familyName()}`, roles: ["generic"], countries },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  const { invitation } = (await answer.json()) as { invitation: { code: string } };
  return { email, code: invitation.code };
}

async function takes(page: Page, code: string) {
  await page.goto(`/ls/invitation#${code}`);
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Go on" }).click();
}

const statusOf = async (page: Page, path: string) => (await page.request.get(path)).status();

describe.skipIf(chromiumPath === null)("one sign-in for all countries", () => {
  it("opens both to who works in both, goes on when one forgets, says when the home is silent, and ends with one sign-out", async () => {
    const { code } = await invited(["LS", "BJ"]);
    const { page, context, complaints } = await come({});
    await takes(page, code);
    await page.getByRole("heading", { name: "Lesotho" }).waitFor();
    await page.getByLabel("Country").selectOption("bj");
    await page.getByRole("heading", { name: "Benin" }).waitFor();

    // The session there is gone, as after minutes: nobody is asked anything.
    await context.clearCookies({ name: "__Host-cc-bj-session" });
    await page.getByRole("link", { name: "Customers", exact: true }).first().click();
    await expect.poll(() => statusOf(page, "/bj/api/me"), { timeout: ANSWER_MS_MAX }).toBe(200);
    await page.getByRole("table").first().waitFor();

    await page.route("**/ls/api/identity/token", (route) => route.abort());
    await context.clearCookies({ name: "__Host-cc-bj-session" });
    await page.goto("/bj/customers");
    await page.getByText("Where you sign in does not answer just now").waitFor();
    await look({ page }, "home-down");
    await page.unroute("**/ls/api/identity/token");
    await page.getByRole("table").first().waitFor();

    await page.locator(".person summary").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    for (const country of ["bj", "ls"]) expect(await statusOf(page, `/${country}/api/me`)).toBe(401);
    expect(complaints).toEqual([]);
  });

  it("opens the overview of all countries from the first that answers when its own does not, and says which is down", async () => {
    const { code } = await invited(["LS", "BJ"]);
    const { page, complaints } = await come({});
    await takes(page, code);
    await page.getByRole("heading", { name: "Lesotho" }).waitFor();
    await page.route("**/bj/api/**", (route) => route.abort());
    await page.goto("/bj/countries");
    await page.getByText("BJ does not answer: these are all countries as seen from LS.").waitFor();
    await page.getByText("BJ does not answer, so its figures are missing.").waitFor();
    expect(new URL(page.url()).pathname).toBe("/ls/countries");
    await look({ page }, "countries-one-down");

    // A page of that country waits for it, and shows the way to what there is.
    await page.goto("/bj/customers");
    await page.getByRole("link", { name: "All countries that answer" }).waitFor();
    await look({ page }, "country-down");
    await page.unroute("**/bj/api/**");
    await page.getByRole("table").first().waitFor();
    expect(complaints.filter((each) => !/ERR_FAILED|Failed to load resource/.test(each))).toEqual([]);
  });

  it("says until when one stays signed in while the home does not answer, and goes on by itself", async () => {
    const { code } = await invited(["LS", "BJ"]);
    const { page } = await come({});
    await takes(page, code);
    await page.getByLabel("Country").selectOption("bj");
    await page.getByRole("heading", { name: "Benin" }).waitFor();
    await page.route("**/ls/api/**", (route) => route.abort());
    await page.reload();
    await page.getByText(/does not answer. You stay signed in here until \d\d:\d\d/).waitFor();
    await page.getByRole("heading", { name: "Benin" }).waitFor();
    await look({ page }, "home-silent");
    await page.unroute("**/ls/api/**");
    await page.getByText("You stay signed in here until").waitFor({ state: "detached", timeout: 2 * ANSWER_MS_MAX });
    await page.getByRole("heading", { name: "Benin" }).waitFor();
  });

  it("signs out of every country that answers while the home does not, says so, and makes up for it before anybody comes in", async () => {
    const { code } = await invited(["LS", "BJ"]);
    const { page } = await come({});
    await takes(page, code);
    await page.getByLabel("Country").selectOption("bj");
    await page.getByRole("heading", { name: "Benin" }).waitFor();
    await page.route("**/ls/api/**", (route) => route.abort());
    await page.locator(".person summary").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("LS did not answer and has not heard of it").waitFor();
    await look({ page }, "sign-out-owed");
    expect(await statusOf(page, "/bj/api/me")).toBe(401);
    // The request of this test goes another way: at home the session lives still.
    expect(await statusOf(page, "/ls/api/me")).toBe(200);
    await page.reload();
    await page.getByText("LS did not answer and has not heard of it").waitFor();
    await page.unroute("**/ls/api/**");
    await page.getByText("LS did not answer and has not heard of it").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    expect(await statusOf(page, "/ls/api/me")).toBe(401);
  });

  it("lets who works in Benin alone in from its own page, and shows them nothing of Lesotho", async () => {
    const { email, code } = await invited(["BJ"]);
    const { page, context, complaints } = await come({ size: "phone" });
    await takes(page, code);
    await page.getByText("You do not work in Lesotho.").waitFor();
    await look({ page }, "not-here");
    expect(await statusOf(page, "/ls/api/customers")).toBe(403);
    await page.getByRole("link", { name: "To BJ" }).click();
    await page.getByRole("heading", { name: "Benin" }).waitFor();

    await context.clearCookies();
    await page.goto("/bj/customers");
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Customers" }).waitFor();
    expect(complaints).toEqual([]);
  });
});

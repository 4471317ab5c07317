import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";
import { freshAccount, freshMeter, makeAccount, operate, sendReading } from "./metering.ts";

/** Postgres learns of what an account has within seconds; on a busy machine later. */
const COPIED_MS_MAX = 60_000;
const OWN = freshMeter();
const STRAY = freshMeter();
const HILL = freshMeter();
const ACCOUNT = freshAccount("MAK");
const EMPTY = freshAccount("MAK");

describe.skipIf(chromiumPath === null)("the meters", () => {
  beforeAll(async () => {
    await makeAccount(ACCOUNT, "Journey Meter", [{ meterNumber: OWN, thing: `JRN-${OWN}` }]);
    await makeAccount(EMPTY, "Journey Without", []);
    await sendReading(OWN, 50_000);
  });

  it.each(["phone", "desktop"] as const)("are a list with what each says, on a %s", async (size) => {
    const { page, complaints } = await come({ as: "onm_team", size });
    await page.goto("/ls/meters?site=MAK");
    await page.getByRole("link", { name: "23099001" }).waitFor();
    await look({ page }, "meters");
    await page.goto(`/ls/meters?meter=${OWN}`);
    await page.getByRole("heading", { name: `Meter ${OWN}` }).waitFor();
    await page.getByText("JRN-").waitFor();
    await look({ page }, "meter");
    await page.goto("/ls/meters?view=light");
    await page.getByText("Sites where it has stopped itself").waitFor();
    await look({ page }, "meters-light");
    expect(complaints).toEqual([]);
  });

  it("are found by a part of the number, and the question stays in the address", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/meters");
    await page.getByLabel("Find").fill(OWN.slice(2));
    await page.getByRole("link", { name: OWN }).waitFor();
    await expect.poll(() => page.getByRole("row").count()).toBe(2);
    expect(new URL(page.url()).searchParams.get("q")).toBe(OWN.slice(2));
    await page.getByLabel("Find").fill("no such meter");
    await page.getByText("No meter fits this").waitFor();
  });

  it("appear when they send and nobody has placed them, and get an account with one press", async () => {
    const { page } = await come({ as: "engineering" });
    await page.goto("/ls/meters?view=unmapped");
    await page.getByText("These send").waitFor();
    await sendReading(STRAY, 12_345);
    const row = page.getByRole("row").filter({ hasText: STRAY });
    await row.waitFor();
    await row.getByText("12.3 kWh").waitFor();
    await row.getByRole("button", { name: "Place it" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Site").selectOption("MAK");
    // An account that has a meter is refused, and says which; what was chosen stays.
    await dialog.getByLabel("Another account").fill(ACCOUNT);
    await dialog.getByRole("button", { name: "Place it here" }).last().click();
    await dialog.getByRole("alert").getByText(`${ACCOUNT} has primary meter ${OWN}`).waitFor();
    await look({ page }, "meters-place");
    const account = dialog.getByRole("listitem").filter({ hasText: EMPTY });
    await account.getByRole("button", { name: "Place it here" }).click();
    await page.getByText(`${STRAY} is on ${EMPTY}`).waitFor();
    await row.waitFor({ state: "detached" });
    await page.goto(`/ls/meters?meter=${STRAY}`);
    await page.getByRole("link", { name: EMPTY }).first().waitFor();
    // What it said before it was placed was handed over.
    await page.getByRole("table", { name: "Readings" }).getByText("12.3 kWh").waitFor({ timeout: COPIED_MS_MAX });
  });

  it("stand on a map where their customers live, without asking anybody else, and are found on it by a search", async () => {
    await operate("/api/customers", {
      ...{ name: "Journey Hill", latitude: -29.31245, longitude: 28.05123, site: "MAK", phones: [] },
      account: { site: "MAK" },
      meter: { number: HILL },
    });
    const { page } = await come({ as: "generic" });
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await page.goto(`/ls/meters?view=map&q=${HILL}`);
    await page.getByRole("table", { name: "Meters on the map" }).getByText("-29.31245, 28.05123").waitFor();
    const scale = page.locator(".map-scale text");
    const before = await scale.textContent();
    await page.getByRole("button", { name: "Farther" }).click();
    await page.getByRole("button", { name: "Farther" }).click();
    await expect.poll(() => scale.textContent()).not.toBe(before);
    await page.getByRole("button", { name: "All", exact: true }).click();
    await expect.poll(() => scale.textContent()).toBe(before);
    await look({ page }, "meters-map");
    expect([...hosts]).toEqual([new URL(page.url()).origin]);
    await page.locator(".map-dot circle").first().click();
    await page.getByRole("heading", { name: `Meter ${HILL}` }).waitFor();
  });

  it("hold back a reading that no meter can have counted, until a person says what it is", async () => {
    await sendReading(OWN, 900_000_000);
    const { page } = await come({ as: "onm_team" });
    await page.goto(`/ls/meters?meter=${OWN}`);
    const row = page.getByRole("table", { name: "Readings that wait" }).getByRole("row").filter({ hasText: "900" });
    await row.waitFor({ timeout: COPIED_MS_MAX });
    await look({ page }, "meter-waiting");
    await row.getByRole("button", { name: "Discard it" }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("a loose contact in the reader");
    await page.getByRole("dialog").getByRole("button", { name: "Discard it" }).click();
    await page.getByText("Released").waitFor();
    await row.waitFor({ state: "detached", timeout: COPIED_MS_MAX });
  });

  it("go on being put in the dark at a site only when a person has looked, and says so", async () => {
    const { page } = await come({ as: "onm_team" });
    // The local world has no site with so many in the dark: the country's answer is put in its place, the order is real.
    await page.route("**/api/disconnects", (route) =>
      route.fulfill({
        json: { disconnectsOn: true, lacks: [], breakers: [{ site: "MAS", trippedAt: Date.now(), because: "share" }] },
      }),
    );
    await page.goto("/ls/meters?view=light");
    const row = page.getByRole("row").filter({ hasText: "too large a share" });
    await row.getByRole("button", { name: "I have looked: go on" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("a feeder was switched off for repair");
    const order = page.waitForRequest("**/api/breakers/MAS/reset");
    await dialog.getByRole("button", { name: "I have looked: go on" }).click();
    expect((await order).postDataJSON()).toEqual({ reason: "a feeder was switched off for repair" });
    // The real gate has nothing to reset there, and that is said.
    await page.getByText("the breaker of MAS is not open").waitFor();
  });

  it("are kept lit by a person's word that counts down, and follow the balance when it is ended", async () => {
    const { page } = await come({ as: "onm_team" });
    await page.goto(`/ls/meters?meter=${OWN}`);
    await page.getByLabel("For").selectOption("15");
    await page.getByLabel("Reason").fill("the clinic next door hangs on it");
    await page.getByRole("button", { name: "Set a word" }).click();
    const timer = page.getByRole("timer");
    await timer.getByText(/^ends in 00:1[45]:\d\d$/).waitFor();
    const before = await timer.textContent();
    await expect.poll(() => timer.textContent(), { timeout: 5_000 }).not.toBe(before);
    await look({ page }, "meter-word");
    await page.getByRole("button", { name: "End it now" }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("the clinic has its own again");
    await page.getByRole("dialog").getByRole("button", { name: "End it now" }).click();
    await page.getByText("light and dark follow the balance").waitFor();
    await page.getByRole("table", { name: "Words of persons" }).getByText("By the balance again").waitFor({
      timeout: COPIED_MS_MAX,
    });
  });

  it("offer nothing to press to a role that may not", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto(`/ls/meters?meter=${OWN}`);
    await page.getByText("JRN-").waitFor();
    for (const name of ["Set a word", "Place it", "Switch on"])
      expect(await page.getByRole("button", { name }).count(), name).toBe(0);
    expect(await page.getByLabel("Role on this account").count()).toBe(0);
    await page.goto("/ls/meters?view=light");
    await page.getByText("Sites where it has stopped itself").waitFor();
    expect(await page.getByRole("button", { name: /Switch/ }).count()).toBe(0);
  });

  it("say what is missing to somebody who may not see them at all", async () => {
    const { page } = await come({ as: "field_registrar" });
    await page.goto("/ls/meters");
    await page.getByText("meters.read").waitFor();
  });
});

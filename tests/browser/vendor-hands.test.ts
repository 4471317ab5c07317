import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ask } from "../stories/world.ts";
import { chromiumPath, look, portal, type Visit, world } from "./browser.ts";
import { come } from "./come.ts";
import { type OwnTill, ownTill } from "./money-world.ts";

/** The platform is asked, and asked again to be sure; the nightly words of it come within seconds. */
const SEEN_MS_MAX = 90_000;
type Page = Visit["page"];

const koios = <T>(path: string, json?: unknown) =>
  ask<T>(`${world().simulators.koios}${path}`, json === undefined ? {} : { json });
const inWallet = async (account: string, amountMinor: number) =>
  (await koios<{ payments: { amountMinor: number }[] }>(`/truth?code=${account}`)).body.payments.filter(
    (each) => each.amountMinor === amountMinor,
  ).length;

async function confirmWith(page: Page, reason: string, yes: string) {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: yes }).click();
  await dialog.waitFor({ state: "detached" });
}
/** Presses "Look again" until the words are there. */
const lookUntil = (page: Page, words: string | RegExp) =>
  expect
    .poll(
      async () => {
        await page.getByRole("button", { name: "Look again" }).click();
        return page.getByRole("table").getByText(words).first().isVisible();
      },
      { timeout: SEEN_MS_MAX, interval: 2_000 },
    )
    .toBe(true);

describe.skipIf(chromiumPath === null)("what a person does at a vendor's platform", { timeout: 180_000 }, () => {
  let till: OwnTill;
  let account: (nth: number) => string;
  beforeAll(async () => {
    till = await ownTill();
    const own = world().countries.LS.vendorCustomers.filter(({ vendor, site }) => vendor === "koios" && site === "MAT");
    account = (nth) => own[nth]?.account ?? "";
  });

  it("a credit that the platform refused is tried again at once, and is in the wallet once", async () => {
    const paid = 7_100 + (till.seed % 800);
    await koios("/faults", { errors_in_200: { path: account(5), count: 1 } });
    const receipt = await till.pay({ account: account(5), amountMinor: paid });
    const { page, complaints } = await come({ as: "finance_team", size: "phone" });
    await page.goto(`/ls/vendor-credits?account=${account(5)}`);
    await lookUntil(page, /Wallet is locked/);
    const row = page.getByRole("row").filter({ hasText: receipt });
    expect(await row.getByRole("button", { name: "Done by hand" }).count()).toBe(0);
    await look({ page }, "vendor-credits-refused");
    await row.getByRole("button", { name: "Try again" }).click();
    await confirmWith(page, "the wallet is unlocked there", "Try again");
    await page.getByText("It is tried again now").waitFor();
    await page.getByLabel("State").selectOption("confirmed");
    await expect
      .poll(
        async () => {
          await page.getByRole("button", { name: "Look again" }).click();
          return row.locator(".badge", { hasText: /^confirmed$/ }).count();
        },
        { timeout: SEEN_MS_MAX, interval: 2_000 },
      )
      .toBe(1);
    expect(await row.getByRole("button").count()).toBe(0);
    expect(await inWallet(account(5), paid)).toBe(1);
    expect(complaints).toEqual([]);
  });

  it("money that no call can take out of a wallet is settled by hand, once, and tried by nobody", async () => {
    const staff = await come({ as: "finance_team" });
    const order = {
      account: account(3),
      amountMinor: -100 - (till.seed % 900),
      code: "payment_twice",
      document: "a note",
    };
    const ordered = await staff.context.request.post("/ls/api/corrections", {
      data: { ...order, reason: "paid out at the office" },
      headers: { Origin: portal(), "Idempotency-Key": crypto.randomUUID() },
    });
    expect(ordered.ok(), await ordered.text()).toBe(true);
    const { page } = staff;
    await page.goto(`/ls/vendor-credits?account=${account(3)}`);
    await lookUntil(page, "the platform cannot take money out of a wallet");
    const amount = `−${(-order.amountMinor / 100).toFixed(2)} LSL`;
    const row = page.getByRole("row").filter({ hasText: amount });
    expect(await row.getByRole("button", { name: "Try again" }).count()).toBe(0);
    await look({ page }, "vendor-credits-settle");
    const colleague = await come({ as: "onm_team" });
    await colleague.page.goto(`/ls/vendor-credits?account=${account(3)}`);
    const same = colleague.page.getByRole("row").filter({ hasText: amount });
    await same.getByRole("button", { name: "Done by hand" }).click();

    await row.getByRole("button", { name: "Done by hand" }).click();
    await confirmWith(page, "taken out on the platform's page", "Done by hand");
    await page.getByText("Settled").waitFor();
    await confirmWith(colleague.page, "taken out on the platform's page", "Done by hand");
    await colleague.page.getByText("this account has no such credit that is rejected or dead").waitFor();
    await expect
      .poll(
        async () => {
          await page.getByRole("button", { name: "Look again" }).click();
          return row.count();
        },
        { timeout: SEEN_MS_MAX, interval: 2_000 },
      )
      .toBe(0);
    await page.getByLabel("State").selectOption("confirmed");
    await page.getByRole("row").filter({ hasText: amount }).waitFor();
  });

  it("a wallet that somebody changed there is a case, closed with its reason once; if it still differs it opens again", async () => {
    let isChanged = true;
    onTestFinished(async () => {
      if (isChanged) await koios("/console/edits", { code: account(2), amountMinor: -25_000 });
    });
    await koios("/console/edits", { code: account(2), amountMinor: 25_000 });
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/wallets");
    const compare = async () => {
      await page.getByLabel("Account").fill(account(2));
      await page.locator("form.compare-one button", { hasText: "Compare now" }).click();
      await page.getByText("Compared", { exact: true }).last().waitFor();
    };
    await compare();
    const row = page.getByRole("row").filter({ hasText: account(2) });
    await row.getByText("differ", { exact: true }).waitFor();
    await row.getByText("somebody changed the wallet").waitFor();
    await look({ page }, "wallets-case");
    const colleague = await come({ as: "onm_team", size: "phone" });
    await colleague.page.goto("/ls/wallets");
    const same = colleague.page.getByRole("row").filter({ hasText: account(2) });
    await same.getByRole("button", { name: "Close the case" }).click();

    await row.getByRole("button", { name: "Close the case" }).click();
    // Without a reason it stays open.
    await page.getByRole("dialog").getByRole("button", { name: "Close the case" }).click();
    await confirmWith(page, "a gift of the vendor, with a letter", "Close the case");
    await page.getByText("Closed", { exact: true }).waitFor();
    await row.getByRole("button", { name: "Close the case" }).waitFor({ state: "detached" });
    await row.getByRole("button", { name: "Compare now" }).waitFor();
    await confirmWith(colleague.page, "the same letter", "Close the case");
    await colleague.page.getByText("Its case is closed already").waitFor();
    await look(colleague, "wallets");
    await page.goto(`/ls/cases?state=closed&q=${account(2)}`);
    await page.getByText(account(2)).first().waitFor();
    await page.goto("/ls/wallets");
    await compare();
    await row.getByRole("button", { name: "Close the case" }).waitFor();
    await koios("/console/edits", { code: account(2), amountMinor: -25_000 });
    isChanged = false;
    await compare();
    // Its own hours may still be on their way from the platform, in a world that has just begun.
    await row.getByText(/^(agree|time puts it right)$/).waitFor();
  });

  it("is offered to nobody who only reads", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/vendor-credits?state=confirmed");
    await page.getByRole("heading", { name: "Vendor credits", level: 1 }).waitFor();
    await page.goto("/ls/wallets");
    await page.getByRole("heading", { name: "Wallets", level: 1 }).waitFor();
    for (const name of ["Try again", "Done by hand", "Close the case", "Compare now"])
      expect(await page.getByRole("button", { name }).count(), name).toBe(0);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";
import { type OwnTill, ownTill } from "./money-world.ts";

const SIZES = ["phone", "desktop"] as const;

describe.skipIf(chromiumPath === null)("phones, tills, texts, cases and statements", () => {
  let till: OwnTill;
  beforeAll(async () => {
    till = await ownTill();
  });

  it.each(SIZES)("are looked at on a %s", async (size) => {
    const { page, complaints } = await come({ as: "finance_team", size });
    for (const [path, name] of [
      ["/ls/tills", "Phones"],
      ["/ls/tills?view=tills", "Phones"],
      ["/ls/sms", "SMS log"],
      ["/ls/sms?view=out", "SMS log"],
      ["/ls/cases", "Cases"],
      ["/ls/statements", "Statements"],
      ["/ls/statements?view=files", "Statements"],
    ] as const) {
      await page.goto(path);
      await page.getByRole("heading", { name, level: 1 }).waitFor();
      await page.waitForLoadState("networkidle").catch(() => undefined);
      await look({ page }, `money${path.replaceAll(/\W+/g, "-")}`);
    }
    expect(complaints).toEqual([]);
  });

  it("give a phone a new key that works, shown once, and only to who manages staff", async () => {
    const { page } = await come({ as: "superadmin" });
    await page.goto("/ls/tills");
    const row = page.getByRole("row", { name: new RegExp(till.phoneId) });
    await row.getByRole("button", { name: "New key" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "New key" }).click();
    const url = (await page.getByRole("dialog").locator("code").first().textContent()) ?? "";
    expect(url).toContain(`${till.phoneId}:`);
    const { username, password, host, pathname } = new URL(url);
    const poll = await page.request.get(`http://${host}${pathname}`, {
      headers: { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` },
    });
    expect(poll.status()).toBe(200);
    await page.getByRole("button", { name: "It is in the phone" }).click();
    expect(await page.getByText(password).count()).toBe(0);
    const finance = await come({ as: "finance_team" });
    await finance.page.goto("/ls/tills");
    await finance.page.getByText(till.phoneId).first().waitFor();
    expect(await finance.page.getByRole("button", { name: "New key" }).count()).toBe(0);
  });

  it("let a superadmin change a till's caps and senders, beside what they were, with a reason that stays", async () => {
    const { page } = await come({ as: "superadmin", size: "phone" });
    await page.goto("/ls/tills?view=tills");
    const panel = page.locator("section").filter({ hasText: `Journey ${till.seed} (` });
    await panel.getByRole("button", { name: "Change caps and senders" }).click();
    const dialog = page.getByRole("dialog");
    const save = dialog.getByRole("button", { name: "Change it" });
    expect(await save.isDisabled()).toBe(true);
    await dialog.getByLabel("One payment", { exact: true }).fill("much");
    await dialog.getByText("an amount as 20000").waitFor();
    expect(await save.isDisabled()).toBe(true);
    await dialog.getByLabel("One payment", { exact: true }).fill("1500");
    await dialog.getByLabel("Believed senders").fill("MPESA\n199");
    await dialog.getByText("MPESA → MPESA, 199").waitFor();
    await look({ page }, "till-limits");
    await dialog.getByLabel("Reason").fill("the operator has a short code");
    await save.click();
    await page.getByText(`Journey ${till.seed} is changed`).waitFor();
    await panel.getByText("MPESA, 199").waitFor();
    await panel.getByRole("link", { name: "Who changed it" }).click();
    await page.getByText("the operator has a short code").waitFor();
    const finance = await come({ as: "finance_team" });
    await finance.page.goto("/ls/tills?view=tills");
    await finance.page.getByText(`Journey ${till.seed} (`).waitFor();
    expect(await finance.page.getByRole("button", { name: "Change caps and senders" }).count()).toBe(0);
  });

  it("say which machine keys there are to a superadmin, and show none", async () => {
    const { page } = await come({ as: "superadmin" });
    await page.goto("/ls/tills?view=keys");
    const row = page.getByRole("row").filter({ hasText: "OPS_KEY_SHA256" });
    await row.getByText("one", { exact: true }).waitFor();
    await page.getByRole("row").filter({ hasText: "IOT_SIGNING_KEYS" }).getByText("not configured").waitFor();
    expect(await page.getByText(/[0-9a-f]{16}/).count()).toBe(0);
    await look({ page }, "machine-keys");
    const finance = await come({ as: "finance_team" });
    expect((await finance.page.request.get("/ls/api/settings/keys")).status()).toBe(403);
  });

  it("show what was read of a text then and would be today", async () => {
    const receipt = await till.pay({ account: "9995MAK", amountMinor: 1_200 });
    await till.recorded(receipt);
    const { page } = await come({ as: "finance_team" });
    await page.goto(`/ls/sms?q=${receipt}`);
    await page
      .getByRole("row", { name: new RegExp(receipt) })
      .getByRole("button", { name: "Look" })
      .click();
    await page.getByRole("dialog").getByText("The same.").waitFor();
    await look({ page }, "sms-one");
    await page.getByRole("button", { name: "Read it again" }).click();
    await page.getByText("a payment that is known moves nothing").waitFor();
  });

  it("try a statement before it is taken, and take it", async () => {
    const { page } = await come({ as: "finance_team" });
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const stamp = Math.random().toString(36).slice(2, 8).toUpperCase();
    const head =
      "Receipt No,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Reason Type,Other Party Info";
    const csv = `${head}\r\nQS${stamp}A,${day} 10:00:00,${day} 10:00:00,Pay Bill,Completed,25.00,,1025.00,Pay Bill,26650000199 - Neo Sample\r\n`;
    await page.goto("/ls/statements?view=files");
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "day.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await page.getByRole("combobox", { name: "Till" }).selectOption(till.tillId);
    await page.getByRole("textbox", { name: "From (optional)" }).fill(day);
    await page.getByRole("textbox", { name: "To (optional)" }).fill(day);
    await page.getByRole("button", { name: "Look first" }).click();
    await page.getByRole("status").getByText("1 rows").waitFor();
    await page.getByRole("button", { name: "Take it" }).click();
    await page.getByText("Taken: its rows are worked off now").waitFor();
    await page
      .getByRole("row", { name: /day\.csv/ })
      .first()
      .waitFor();
    // Its rows, and the day's lines, one by one.
    await page
      .getByRole("row", { name: /day\.csv/ })
      .getByRole("link")
      .first()
      .click();
    await page.getByText("Rows of file").first().waitFor();
    await page.getByRole("button", { name: "All", exact: true }).click();
    await page
      .getByRole("table", { name: /Rows of file/ })
      .getByText("25.00 LSL")
      .waitFor();
    await look({ page }, "statement-rows");
    await page.goto(`/ls/statements?till=${till.tillId}&operator=mpesa&day=${day}`);
    await page.getByRole("table", { name: "Lines of the day" }).getByText(`QS${stamp}A`).waitFor();
    await look({ page }, "statement-day");
    await page.getByRole("button", { name: "All days" }).click();
    await page.getByLabel("State").waitFor();
    await page.goto("/ls/statements?view=files");
    // What is no list at all is refused by name, and nothing is kept.
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "no.csv", mimeType: "text/csv", buffer: Buffer.from("hello") });
    await page.getByRole("button", { name: "Look first" }).click();
    await page.getByRole("alert").waitFor();
  });
});

import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("settings and help", () => {
  it("writes another wording after showing how it reads, and refuses what no SMS can carry", async () => {
    const { page, complaints } = await come({ as: "onm_team" });
    await page.goto("/ls/settings");
    const item = page.locator(".wordings li").filter({ hasText: "Contract" }).filter({ hasText: "English" });
    await item.getByRole("button", { name: "Write another" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Text").fill("{nothing} here");
    await form
      .getByText(/\{nothing\}|nothing is not known/)
      .first()
      .waitFor();
    expect(await form.getByRole("button", { name: "Use it from now on" }).isDisabled()).toBe(true);
    const text = `1PWR: the contract of {account} is here (${Date.now()}): {link}`;
    await form.getByLabel("Text").fill(text);
    expect(await form.locator("blockquote").textContent()).toContain("0045MAK");
    await look({ page }, "settings-wording");
    await form.getByLabel("Reason").fill("shorter");
    await form.getByRole("button", { name: "Use it from now on" }).click();
    await page.getByText("In use from the next SMS on").waitFor();
    await item.getByText(text).waitFor();
    expect(complaints).toEqual([]);
  });

  it("sets by which way SMS go, says who set it, and takes that back", async () => {
    const person = await come({ as: "superadmin" });
    const { page, complaints } = person;
    await page.goto("/ls/settings");
    const panel = page.locator("section", { has: page.getByRole("heading", { name: "By which way SMS go" }) });
    const priceOf = () => panel.locator("dt", { hasText: "A part by the carrier costs" }).locator("+ dd");
    await panel.getByRole("button", { name: "Set it" }).click();
    const form = page.getByRole("dialog");
    const put = form.getByRole("button", { name: "Use it from now on" });
    await form.getByText("Nothing would be another.").waitFor();
    expect(await put.isDisabled()).toBe(true);
    const price = `0.${10 + (Date.now() % 80)}`;
    await form.getByLabel("A part by the carrier costs").fill("1e3");
    await form.getByText(/an amount of at most/).waitFor();
    expect(await put.isDisabled()).toBe(true);
    await form.getByLabel("A part by the carrier costs").fill(price);
    await form.getByLabel("Quiet from (hour)").fill("21");
    await form.getByLabel("Little is left").selectOption({ label: "the carrier" });
    await form.getByText("a phone → the carrier").waitFor();
    await look(person, "settings-carrier-form");
    await form.getByLabel("Reason").fill("the new contract");
    await put.click();
    await page.getByText("In use from the next SMS on").waitFor();
    await panel.getByText(/the new contract/).waitFor();
    expect(await priceOf().textContent()).toContain(price);
    await panel.getByText(/21:00 to 07:00/).waitFor();
    const small = await come({ as: "superadmin", size: "phone" });
    await small.page.goto("/ls/settings");
    await small.page.getByText(/the new contract/).waitFor();
    await look(small, "settings-carrier");
    await look(person, "settings-carrier");
    await panel.getByRole("button", { name: "Take the last change back" }).click();
    await page.getByRole("dialog").getByText("the carrier → a phone").waitFor();
    await page.getByRole("dialog").getByLabel("Reason").fill("it is not signed yet");
    await page.getByRole("dialog").getByRole("button", { name: "Take the last change back" }).click();
    await panel.getByText(/it is not signed yet/).waitFor();
    await panel.getByText(/20:00 to 07:00/).waitFor();
    expect([...complaints, ...small.complaints]).toEqual([]);
  });

  it("tells the second of two who set something, what and why, keeps what was typed, and sets it over that", async () => {
    const [first, second] = [await come({ as: "superadmin" }), await come({ as: "superadmin", size: "phone" })];
    const open = async ({ page }: typeof first) => {
      await page.goto("/ls/settings");
      await page.getByRole("button", { name: "Set it" }).click();
      const form = page.getByRole("dialog");
      const set = async (label: string, value: string, reason: string) => {
        await form.getByLabel(label).fill(value);
        await form.getByLabel("Reason").fill(reason);
        await form.getByRole("button", { name: "Use it from now on" }).click();
      };
      return { form, set };
    };
    const [one, two] = [await open(first), await open(second)];
    const [perHour, perDay] = [String(100 + (Date.now() % 97)), String(1_000 + (Date.now() % 997))];
    await one.set("At most an hour", perHour, "the network is slow");
    await first.page.getByText("In use from the next SMS on").waitFor();
    await two.set("At most a day", perDay, "it costs too much");
    await two.form.getByText(/the network is slow/).waitFor();
    const told = await two.form.getByText(/the network is slow/).boundingBox();
    const { height } = second.page.viewportSize() ?? { height: 0 };
    expect(told !== null && told.y >= 0 && told.y + told.height <= height, JSON.stringify(told)).toBe(true);
    await look(second, "settings-meanwhile");
    expect(await two.form.getByLabel("At most an hour").inputValue()).toBe(perHour);
    expect(await two.form.getByLabel("At most a day").inputValue()).toBe(perDay);
    await two.form.getByRole("button", { name: "Use it from now on" }).click();
    await second.page.getByText("In use from the next SMS on").waitFor();
    await first.page.reload();
    await first.page.getByText(/it costs too much/).waitFor();
    await look(first, "settings-meanwhile-set");
  });

  it("sets how long things are kept within their bounds, and tells the second of two what the first has set", async () => {
    const [first, second] = [await come({ as: "superadmin" }), await come({ as: "superadmin", size: "phone" })];
    const open = async ({ page }: typeof first) => {
      await page.goto("/ls/settings");
      await page.getByRole("button", { name: "Set the days" }).click();
      return page.getByRole("dialog");
    };
    const [one, two] = [await open(first), await open(second)];
    const [sessions, codes] = [/^Sessions of staff/, /^Codes that open/];
    const put = (form: typeof one) => form.getByRole("button", { name: "Keep it so from now on" });
    await one.getByText("Nothing would be kept for another time.").waitFor();
    await one.getByLabel(sessions).fill("6");
    await one.getByText("a whole number of days from 7 to 400").waitFor();
    expect(await put(one).isDisabled()).toBe(true);
    const [sessionDays, codeDays] = [String(100 + (Date.now() % 97)), String(10 + (Date.now() % 71))];
    await one.getByLabel(sessions).fill(sessionDays);
    await one.getByText(`→ ${sessionDays} days`).waitFor();
    await look(first, "settings-kept-form");
    await one.getByLabel("Reason").fill("the regulator asks for it");
    await put(one).click();
    await first.page.getByText("Kept so from now on").waitFor();
    await two.getByLabel(codes).fill(codeDays);
    await two.getByLabel("Reason").fill("codes are asked about");
    await put(two).click();
    await two.getByText(/the regulator asks for it/).waitFor();
    expect(await two.getByLabel(sessions).inputValue()).toBe(sessionDays);
    expect(await two.getByLabel(codes).inputValue()).toBe(codeDays);
    await look(second, "settings-kept-meanwhile");
    await put(two).click();
    await second.page.getByText("Kept so from now on").waitFor();
    for (const person of [first, second]) {
      await person.page.goto("/ls/settings");
      const panel = person.page.locator("section", {
        has: person.page.getByRole("heading", { name: "How long it is kept" }),
      });
      await panel.getByText(/codes are asked about/).waitFor();
      expect(await panel.locator("dd b").allTextContents()).toEqual([
        "35 days",
        `${codeDays} days`,
        `${sessionDays} days`,
      ]);
      await panel.scrollIntoViewIfNeeded();
      await look(person, "settings-kept");
    }
    expect([...first.complaints, ...second.complaints].filter((line) => !/409/.test(line))).toEqual([]);
  });

  it.each(["phone", "desktop"] as const)(
    "shows the rules of a country on a %s, and offers no pen to who only reads",
    async (size) => {
      const { page } = await come({ as: "generic", size, dark: size === "phone" });
      await page.goto("/ls/settings");
      await page.getByText("Low-balance SMS at").waitFor();
      await look({ page }, "settings");
      expect(await page.getByRole("button", { name: "Write another" }).count()).toBe(0);
      await page.getByRole("heading", { name: "By which way SMS go" }).waitFor();
      for (const name of ["Set it", "Set the days", "Take the last change back"])
        expect(await page.getByRole("button", { name }).count()).toBe(0);
    },
  );

  it("opens help at the page one came from, finds by a word, and says when there is nothing", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/changes");
    await page.getByRole("heading", { name: "Changes" }).waitFor();
    await page.getByRole("navigation", { name: "Menu" }).getByRole("link", { name: "Help" }).click();
    await page.getByRole("heading", { name: "The page you came from" }).waitFor();
    await page.locator("article").first().getByRole("link", { name: "Changes" }).waitFor();
    await page.getByLabel("Search").fill("swap meter");
    await page.getByText("Swap a meter").waitFor();
    expect(await page.getByText("Compare with the operator’s statement").count()).toBe(0);
    await page.getByLabel("Search").fill("zebra");
    await page.getByText("Nothing about this").waitFor();
  });

  it.each([
    ["phone", "st", "Thuso"],
    ["desktop", "fr", "Aide"],
  ] as const)("helps on a %s in %s", async (size, language, title) => {
    const { page } = await come({ as: "superadmin", size, language });
    await page.goto("/ls/help");
    await page.getByRole("heading", { name: title, exact: true }).waitFor();
    await look({ page }, "help");
  });
});

import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { familyName, phone, RUN, register } from "./care.ts";
import { come } from "./come.ts";

const csv = (lines: string[][]) => ({
  name: `village-${RUN}.csv`,
  mimeType: "text/csv",
  buffer: Buffer.from(lines.map((line) => line.join(",")).join("\r\n")),
});
const HEAD = ["First name", "Last name", "Phone", "Rooms", "Shoe size"];

describe.skipIf(chromiumPath === null)("the bulk import", () => {
  it.each(["phone", "desktop"] as const)(
    "shows each row's fault beside its field, takes the good rows, and takes them back, on a %s",
    async (size) => {
      const { page, complaints } = await come({ as: "onm_team", size, dark: size === "phone" });
      const names = [familyName(), familyName(), familyName()];
      await page.goto("/ls/registrations");
      await page.getByRole("heading", { name: "Files so far" }).waitFor();
      await look({ page }, "registrations");
      await page.getByRole("button", { name: "Look at it" }).click();
      await page.getByText("expected: a file").waitFor();
      await page
        .locator("input[type=file]")
        .setInputFiles(
          csv([
            HEAD,
            ["Palesa", names[0] ?? "", phone(), "3", "41"],
            ["Neo", names[1] ?? "", "12", "many", "39"],
            ["Lerato", names[2] ?? "", phone(), "", "40"],
          ]),
        );
      await page.getByLabel("Site of the whole file").selectOption("MAK");
      await page.getByRole("button", { name: "Look at it" }).click();
      await page.waitForURL(/registrations\/\d+/);
      await page.getByText("a phone number, of Lesotho").waitFor();
      await page.getByText("Not read, because nothing here has such a column: Shoe size").waitFor();
      await look({ page }, "registration-faults");
      await page.getByRole("button", { name: "Take the 2 good rows, leave 1" }).click();
      await page.getByText("taken", { exact: true }).waitFor();
      await page.getByRole("button", { name: "all", exact: true }).click();
      await page.getByText("registered", { exact: true }).first().waitFor();
      expect(await page.getByRole("link", { name: /^\d{4}MAK$/ }).count()).toBe(2);
      await look({ page }, "registration-taken");
      await page.getByRole("button", { name: "Take it all back" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Reason").fill("the wrong village");
      await dialog.getByRole("button", { name: "Take it all back" }).click();
      await page.getByText("Taken back by").waitFor();
      await page.getByText("the wrong village").waitFor();
      await page.getByText("taken back", { exact: true }).first().waitFor();
      // an account number that was used is not used again, and its customer is found by nobody
      await page.goto(`/ls/customers?q=${names[0]}`);
      await page.getByText(/Nobody (found|is called so)/).waitFor();
      expect(await page.getByRole("link", { name: `Palesa ${names[0]}` }).count()).toBe(0);
      expect(complaints).toEqual([]);
    },
  );

  it("tells who may be there already, and takes them only when somebody says that they are others", async () => {
    const here = await come({ as: "onm_team" });
    const { page } = here;
    const [name, number] = [familyName(), phone()];
    await register(here, { givenName: "Palesa", familyName: name, phones: [number] });
    await page.goto("/ls/registrations");
    await page.locator("input[type=file]").setInputFiles(csv([HEAD.slice(0, 3), ["Palesa", name, number]]));
    await page.getByLabel("Site of the whole file").selectOption("MAK");
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByText(`may be Palesa ${name}`).waitFor();
    await page.getByText("No row can be taken").waitFor();
    await page.getByLabel("The likely twins are other people").check();
    await page.getByRole("button", { name: "Take all 1 rows" }).click();
    await page.getByText("taken", { exact: true }).waitFor();
  });

  it("says what is wrong with a file that is none, and keeps the choice of the site", async () => {
    const { page } = await come({ as: "onm_team" });
    await page.goto("/ls/registrations");
    await page.getByLabel("Site of the whole file").selectOption("MAK");
    await page.locator("input[type=file]").setInputFiles(
      csv([
        ["Colour", "Shape"],
        ["red", "round"],
      ]),
    );
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.locator(".field.wrong, .trouble").first().waitFor();
    expect(await page.getByLabel("Site of the whole file").inputValue()).toBe("MAK");
    expect(page.url()).toMatch(/registrations$/);
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chromiumPath, SIZES, world } from "./browser.ts";
import { come } from "./come.ts";

const PNG_SIGN = "89504e470d0a1a0a";

describe.skipIf(chromiumPath === null)("a figure", () => {
  it("is read by pointer, by key, as a table, as a picture and as a file, zoomed and as wide as its page", async () => {
    const { page, complaints } = await come({ as: "generic" });
    const { account } = world().countries.LS.customers.at(-4) ?? { account: "" };
    await page.goto(`/ls/accounts/${account}?tab=energy&window=30d`);
    const figure = page.locator("figure.chart").first();
    const drawing = figure.locator(".chart-canvas");
    await figure.locator("canvas").waitFor();
    expect(await drawing.getAttribute("aria-label")).toMatch(/30/);

    await drawing.focus();
    await page.keyboard.press("ArrowLeft");
    const tip = figure.locator(".chart-tip strong");
    const first = await tip.textContent();
    await page.keyboard.press("ArrowLeft");
    expect(await tip.textContent()).not.toBe(first);

    const box = await figure.locator("canvas").boundingBox();
    if (box === null) throw new Error("nothing is drawn");
    await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 5 });
    await page.mouse.up();
    const reset = figure.getByRole("button", { name: "Reset zoom" });
    await reset.click();
    await reset.waitFor({ state: "detached" });

    const files: { [name: string]: string } = {};
    for (const name of ["CSV", "PNG"]) {
      const file = page.waitForEvent("download");
      await figure.getByRole("button", { name }).click();
      files[name] = (await (await file).path()) ?? "";
    }
    expect(
      readFileSync(files.PNG ?? "")
        .subarray(0, 8)
        .toString("hex"),
    ).toBe(PNG_SIGN);
    const lines = readFileSync(files.CSV ?? "", "utf8")
      .trim()
      .split("\r\n");
    await figure.getByRole("button", { name: "Table" }).click();
    const rows = figure.locator(".chart-table tbody tr");
    expect(await rows.count()).toBe(30);
    expect(lines.filter((line) => /^\d{4}-\d\d-\d\d/.test(line))).toHaveLength(30);

    await page.setViewportSize(SIZES.phone);
    await expect
      .poll(async () => (await figure.locator("canvas").boundingBox())?.width ?? 0)
      .toBeLessThan(SIZES.phone.width);
    // A view can be sent to somebody: the address says which tab and how far back.
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ tab: "energy", window: "30d" });
    expect(complaints).toEqual([]);
  });
});

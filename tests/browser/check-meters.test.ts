import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";
import { freshAccount, freshMeter, operate, sendReadings } from "./metering.ts";

const HOUR_MS = 3_600_000;
const ACCOUNT = freshAccount("MAK");
const PRIMARY = freshMeter();
const CHECK = freshMeter();
/** Half-hourly readings of the last twelve hours; the check meter counts a tenth more. */
const COPIED_MS_MAX = 80_000;

describe.skipIf(chromiumPath === null)("check meters", () => {
  beforeAll(async () => {
    const from = new Date(Date.now() - 48 * HOUR_MS).toISOString();
    const meters = [
      { meterNumber: PRIMARY, role: "primary", from },
      { meterNumber: CHECK, role: "check", from },
    ];
    await operate("/api/ops/accounts", {
      accounts: [{ account: ACCOUNT, name: "Journey Pair", phone: null, language: "en", status: "live", meters }],
    });
    const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 12 * HOUR_MS;
    const points = Array.from({ length: 25 }, (_, nth) => ({ at: start + nth * (HOUR_MS / 2), nth }));
    await sendReadings(
      points.flatMap(({ at, nth }) => [
        { meter: PRIMARY, at, registerWh: 10_000 + nth * 100 },
        { meter: CHECK, at, registerWh: 20_000 + nth * 110 },
      ]),
    );
  });

  it("are compared with the primary one, hour by hour, and the pairs go into a file", async () => {
    const { page } = await come({ as: "generic" });
    const row = page.getByRole("row").filter({ hasText: ACCOUNT });
    // Hours are copied within seconds; the page is asked again until they are there.
    await expect
      .poll(
        async () => {
          await page.goto("/ls/check-meters?days=3");
          await row.waitFor();
          return row.textContent();
        },
        { timeout: COPIED_MS_MAX, interval: 3_000 },
      )
      .toContain("+10.0 %");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV of the pairs" }).click();
    const file = readFileSync(await (await download).path(), "utf8");
    expect(file).toContain(`${ACCOUNT},${CHECK},${PRIMARY},`);
    await row.getByRole("button", { name: "Show" }).click();
    await page.getByText("Hour by hour").first().waitFor();
    await page.locator(".chart canvas").first().waitFor();
    await look({ page }, "check-meters");
  });

  it("are readable on a phone", async () => {
    const { page, complaints } = await come({ as: "generic", size: "phone" });
    await page.goto("/ls/check-meters");
    await page.getByRole("row").filter({ hasText: ACCOUNT }).waitFor();
    await look({ page }, "check-meters");
    expect(complaints).toEqual([]);
  });
});

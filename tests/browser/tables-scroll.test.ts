import { describe, expect, it } from "vitest";
import { chromiumPath } from "./browser.ts";
import { come } from "./come.ts";

const ROWS_MANY = 100_000;
/** A machine that does five things at once draws nothing smoothly: what this page takes beyond a page that stands still. */
const SLOWER_MAX = 4;
const FRAME_MS_MIN = 17;

describe.skipIf(chromiumPath === null)("a long table", () => {
  it("scrolls a hundred thousand rows smoothly", { timeout: 120_000 }, async () => {
    const { page } = await come({ as: "generic" });
    await page.route(/\/api\/tables\/sites\?/, (route) =>
      route.fulfill({
        json: {
          table: "sites",
          next: null,
          rows: Array.from({ length: ROWS_MANY }, (_, n) => ({
            code: `S${n}`,
            name: `Site ${n}`,
            district: null,
            facts_version: n,
            created_at: "2026-11-03T12:00:00.000Z",
          })),
        },
      }),
    );
    await page.goto("/ls/tables/sites");
    await page.getByRole("link", { name: "S0", exact: true }).waitFor();
    const frames = await page.evaluate(async () => {
      const still: number[] = [];
      const took: number[] = [];
      let last = performance.now();
      for (let nth = 0; nth < 60; nth++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const now = performance.now();
        still.push(now - last);
        last = now;
      }
      for (let nth = 0; nth < 120; nth++) {
        window.scrollBy(0, nth < 100 ? 300 : 40_000);
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const now = performance.now();
        took.push(now - last);
        last = now;
      }
      const sorted = (list: number[]) => list.sort((a, b) => a - b);
      return { still: sorted(still), took: sorted(took) };
    });
    const part = (list: number[], share: number) => list[Math.floor(list.length * share)] ?? 0;
    const [still, median, p95] = [part(frames.still, 0.5), part(frames.took, 0.5), part(frames.took, 0.95)];
    console.log(
      `100,000 rows: a frame at rest ${still.toFixed(1)} ms; scrolling, half within ${median.toFixed(1)} ms, 95 of 100 within ${p95.toFixed(1)} ms`,
    );
    expect(await page.locator("tbody tr").count()).toBeLessThan(400);
    expect(median).toBeLessThan(Math.max(FRAME_MS_MIN, still) * SLOWER_MAX);
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await page.getByRole("link", { name: `S${ROWS_MANY - 1}`, exact: true }).waitFor();
  });
});

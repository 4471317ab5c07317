import type { Page } from "playwright-core";
import { look, SIZES, shoot, type Visit } from "./browser.ts";

export const SHADES = ["light", "dark"] as const;
/** A page that computes a report takes its time on a busy machine. */
const STANDS_MS_MAX = 60_000;
export const SIZE_NAMES = ["desktop", "phone"] as const;

/** Nothing is on its way any more: what the picture shows is the page and not its beginning. */
export async function stands(page: Page) {
  await page.locator("h1").first().waitFor({ timeout: STANDS_MS_MAX });
  const isDone = () => document.querySelector("main [aria-busy=true], .chart-loading") === null;
  await page.waitForFunction(isDone, undefined, { timeout: STANDS_MS_MAX });
}

/** Both shades and both sizes are judged; what the other two have of their own is how wide they are. */
const JUDGED: readonly string[] = ["desktop light", "phone dark"];

/** The four pictures of a page, without loading it again. */
export async function picture({ page }: Pick<Visit, "page">, name: string) {
  for (const size of SIZE_NAMES) {
    await page.setViewportSize(SIZES[size]);
    for (const colorScheme of SHADES) {
      await page.emulateMedia({ colorScheme });
      await stands(page);
      await (JUDGED.includes(`${size} ${colorScheme}`) ? look : shoot)({ page }, `${name}-${colorScheme}`);
    }
  }
}

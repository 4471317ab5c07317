import { afterAll, afterEach } from "vitest";
import { closeBrowser, type Visit, visit } from "./browser.ts";

const visits: Visit[] = [];
afterEach(async () => {
  for (const { context } of visits.splice(0)) await context.close();
});
afterAll(() => closeBrowser());

/** Somebody comes for one journey; their browser is closed when it is over. */
export async function come(...options: Parameters<typeof visit>): Promise<Visit> {
  const made = await visit(...options);
  visits.push(made);
  return made;
}

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect, inject } from "vitest";
import type { Role } from "../../src/domain/permission.ts";

/** Where Debian and its relatives put the browser; `CHROMIUM` names another. */
const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
export const chromiumPath = PLACES.find((each) => each !== undefined && existsSync(each)) ?? null;
export const SHOTS = fileURLToPath(new URL("../../.data/browser/shots", import.meta.url));
export const ANSWER_MS_MAX = 20_000;

export const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } } as const;
export type Size = keyof typeof SIZES;
export type Country = "ls" | "bj";

let running: Promise<Browser> | undefined;
export const browser = () => {
  running ??= chromium.launch({ executablePath: chromiumPath ?? "", args: ["--no-sandbox"] });
  return running;
};
export const closeBrowser = async () => (await running)?.close();

export const world = () => inject("world");
export const portal = () => world().portal;

type Options = { as?: Role | null; country?: Country; size?: Size; dark?: boolean; language?: "en" | "fr" | "st" };
export type Visit = { page: Page; context: BrowserContext /** What the page complained of. */; complaints: string[] };

/** Somebody at the portal, with a browser of their own: signed in as a demo person of that role, or nobody. */
export async function visit({
  as = null,
  country = "ls",
  size = "desktop",
  dark = false,
  language = "en",
}: Options): Promise<Visit> {
  const context = await (await browser()).newContext({
    viewport: SIZES[size],
    colorScheme: dark ? "dark" : "light",
    hasTouch: size === "phone",
    locale: language === "st" ? "st-LS" : language,
    baseURL: portal(),
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(ANSWER_MS_MAX);
  await context.addInitScript(
    `localStorage.getItem("language") ?? localStorage.setItem("language", ${JSON.stringify(language)})`,
  );
  if (as !== null) {
    const answer = await context.request.post(`/${country}/demo/sign-in`, {
      data: { email: `${as.replace("_", "-")}@example.org` },
    });
    expect(answer.status(), await answer.text()).toBe(200);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A refusal is an answer that pages show; what the page itself does wrong is not.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  return { page, context, complaints };
}

/**
 * Keeps a picture of the page and asks axe whether everybody can use it: no violation of WCAG A and AA, and nothing that
 * reaches beyond the edge of the screen.
 */
export async function look({ page }: Pick<Visit, "page">, name: string): Promise<void> {
  const size = await shoot({ page }, name);
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  let found = await violations(page);
  // What is dimmed because another answer is on its way is judged when that is there; what is wrong stays wrong.
  for (let again = 0; found.length > 0 && again < JUDGED_AGAIN_MAX; again++) {
    await page.locator(".page.stale").waitFor({ state: "detached" });
    found = await violations(page);
  }
  expect(found, `${name} (${size})`).toEqual([]);
}

const JUDGED_AGAIN_MAX = 2;

const violations = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    type Axe = {
      run(
        where: Document,
        how: object,
      ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
    };
    const { axe: loaded } = window as unknown as { axe: Axe };
    const { violations } = await loaded.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] });
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary?.slice(0, 240)}`)
          .join(" | ")}`,
    );
  });

/** The picture alone, and that nothing reaches beyond the edge of the screen. Answers the size it is of. */
export async function shoot({ page }: Pick<Visit, "page">, name: string): Promise<Size> {
  mkdirSync(SHOTS, { recursive: true });
  // What is dimmed, for it answers another question, is no picture of the page.
  await page.locator(".page.stale").waitFor({ state: "detached" });
  const size = (page.viewportSize()?.width ?? 0) < 700 ? "phone" : "desktop";
  await page.screenshot({ path: join(SHOTS, `${name}-${size}.png`), fullPage: true });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(beyond, `${name} (${size}) is wider than the screen, in pixels`).toBeLessThanOrEqual(0);
  return size;
}

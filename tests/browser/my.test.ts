import { gzipSync } from "node:zlib";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { WRITTEN_BYTES } from "../../dev/bundle-limits.ts";
import { browser, type Country, chromiumPath, closeBrowser, look, portal, SIZES, type Size, world } from "./browser.ts";
import { freshMeter, operate, sendReadings } from "./metering.ts";
import { ownTill } from "./money-world.ts";

const HOUR_MS = 3_600_000;
const COPIED_MS_MAX = 60_000;

const contexts: BrowserContext[] = [];
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});
afterAll(() => closeBrowser());

type Visit = { size?: Size; dark?: boolean; more?: BrowserContextOptions };
async function come({ size = "phone", dark = false, more = {} }: Visit = {}) {
  const context = await (await browser()).newContext({
    viewport: SIZES[size],
    colorScheme: dark ? "dark" : "light",
    baseURL: portal(),
    reducedMotion: "reduce",
    ...more,
  });
  contexts.push(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  return { context, page, complaints };
}

const customerOf = (nth: number, country: "LS" | "BJ" = "LS") => {
  const customer = world().countries[country].customers.at(nth);
  if (customer === undefined) throw new Error("the demo world has fewer customers");
  return customer;
};

async function signIn(page: Page, customer: { account: string; password: string }, country: Country = "ls") {
  await page.goto(`/${country}/my`);
  await page.locator("#account").fill(customer.account.toLowerCase());
  await page.locator("#password").fill(customer.password);
  await page.locator("form.card button").click();
  await page.locator("#meter").waitFor();
}

describe.skipIf(chromiumPath === null)("the customer's page", () => {
  it.each(["phone", "desktop"] as const)(
    "is a door and a meter that everybody can use, on a %s, light and dark",
    async (size) => {
      for (const dark of [false, true]) {
        const { page, complaints } = await come({ size, dark });
        const shade = dark ? "dark" : "light";
        await page.goto("/ls/my");
        await look({ page }, `my-door-${shade}`);
        await page.goto("/ls/my?do=claim");
        await look({ page }, `my-code-${shade}`);
        await page.goto("/ls/my?do=code");
        await look({ page }, `my-claim-${shade}`);
        await signIn(page, customerOf(-4));
        await page.locator(".chart-canvas canvas").first().waitFor();
        await page.getByText("hona joale", { exact: true }).waitFor();
        await look({ page }, `my-${shade}`);
        expect(complaints).toEqual([]);
      }
    },
  );

  it("is whole without a script: in, the meter, a receipt on paper, and out", async () => {
    const { page } = await come({ more: { javaScriptEnabled: false } });
    const customer = customerOf(0);
    await signIn(page, customer);
    await page
      .getByText(/^-?\d+\.\d+ kWh$/)
      .first()
      .waitFor({ state: "attached" });
    await page.locator("#payments a[href*=receipt]").first().click();
    await page.getByRole("heading", { name: "Rasiti ea tefo" }).waitFor();
    await page.getByText(customer.account).waitFor();
    await page.getByRole("link", { name: "Leqepheng la ka" }).click();
    await page.getByRole("button", { name: "Tsoa" }).click();
    await page.getByText("U tsoile").waitFor();
  });

  it("keeps what was typed and says in Sesotho what is wrong", async () => {
    const { page } = await come();
    await page.goto("/ls/my");
    await page.locator("#account").fill("0045mak");
    await page.locator("#password").fill("not the one");
    await page.locator("form.card button").click();
    await page.getByRole("alert").getByText("ha ea nepahala").waitFor();
    expect(await page.locator("#account").inputValue()).toBe("0045mak");
    await page.getByRole("link", { name: "English" }).click();
    await page.getByRole("heading", { name: "My electricity" }).waitFor();
  });

  it("is French in Benin, with its own money", async () => {
    const { page } = await come();
    await signIn(page, customerOf(1, "BJ"), "bj");
    await page.getByRole("heading", { name: "Derniers paiements" }).waitFor();
    await page.getByText(/FCFA/).first().waitFor();
    await look({ page }, "my-benin");
  });

  it("shows a payment by SMS without a touch: the meter rises, and the payment comes with its way to the light", async () => {
    const { page } = await come();
    const customer = customerOf(-6);
    await signIn(page, customer);
    await page.getByText("hona joale", { exact: true }).waitFor();
    const before = await page.locator("#kwh").textContent();
    const { pay } = await ownTill();
    const receipt = await pay({ account: customer.account, amountMinor: 5_500 });
    await page.getByText(`Rasiti ${receipt}`).waitFor();
    await page.waitForFunction((was) => document.getElementById("kwh")?.textContent !== was, before);
    await look({ page }, "my-paid");
  });

  it("looks back as far as is asked, and the address says how far", async () => {
    const { page } = await come();
    await signIn(page, customerOf(-5));
    await page.getByRole("button", { name: "Likhoeli tse 12" }).click();
    await page.getByText("Tšebeliso ka khoeli").waitFor();
    expect(new URL(page.url()).searchParams.get("window")).toBe("12m");
    await page.reload();
    await page.getByText("Tšebeliso ka khoeli").waitFor();
    await page.getByRole("button", { name: "Lethathamo" }).first().click();
    expect(await page.locator(".chart-table tbody tr").count()).toBe(12);
  });

  it("puts two meters of one account side by side, and one alone beside nothing", async () => {
    const customer = customerOf(-11);
    const { page } = await come();
    await signIn(page, customer);
    await page.locator(".chart-canvas canvas").first().waitFor();
    expect(await page.getByText("Limithara tsa hau li bapile").count()).toBe(0);

    const check = freshMeter();
    const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 5 * HOUR_MS;
    const placing = { account: customer.account, role: "check", from: new Date(start).toISOString() };
    await operate(`/api/meters/${check}/place`, { ...placing, reason: "is the other one right?" });
    // 3 kWh an hour, of which the customer is billed nothing.
    const points = Array.from({ length: 9 }, (_, nth) => ({ meter: check, at: start + (nth * HOUR_MS) / 2 }));
    await sendReadings(points.map((point, nth) => ({ ...point, registerWh: 40_000 + nth * 1_500 })));
    // The hours are in the database within seconds.
    await expect
      .poll(
        async () => {
          await page.goto("/ls/my?window=24h");
          await page.locator(".chart-canvas canvas").first().waitFor();
          return page.getByText("Limithara tsa hau li bapile").count();
        },
        { timeout: COPIED_MS_MAX, interval: 3_000 },
      )
      .toBeGreaterThan(0);
    const figure = page.locator("figure", { hasText: "Limithara tsa hau li bapile" });
    await figure.locator("canvas").waitFor();
    await figure.getByRole("button", { name: "Lethathamo" }).click();
    const heads = await figure.locator(".chart-table thead th").allTextContents();
    expect(heads.filter((head) => head.includes(check) || head.includes(customer.meter))).toHaveLength(2);
    // Each hour of the check meter is there; hours that it did not tell are gaps.
    const nth = heads.findIndex((head) => head.includes(check)) + 1;
    const told = await figure.locator(`.chart-table tbody tr > :nth-child(${nth})`).allTextContents();
    expect(told.filter((value) => /^3\skWh$/.test(value)).length).toBeGreaterThanOrEqual(3);
    expect(told.filter((value) => !/\d/.test(value)).length).toBeGreaterThan(10);
    await look({ page }, "my-two-meters");
    await page.setViewportSize(SIZES.desktop);
    await look({ page }, "my-two-meters");
  });

  it("opens without a network with what was last known, says so, and forgets it when somebody signs out", async () => {
    const { page, context } = await come();
    await signIn(page, customerOf(-7));
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(async () => {
      const [name] = (await caches.keys()).filter((each) => each.startsWith("my "));
      return name !== undefined && (await (await caches.open(name)).match("/ls/my")) !== undefined;
    });
    // The files of the page come into the phone's keeping with the first page that its worker serves.
    await page.reload();
    await page.getByText("hona joale", { exact: true }).waitFor();
    await context.setOffline(true);
    await page.reload();
    await page.locator("#meter").waitFor();
    await page.getByText("Ha ho khokahano").waitFor();
    await page.getByText("ha e sa ncha", { exact: true }).waitFor();
    await look({ page }, "my-offline");
    await context.setOffline(false);
    await page.getByText("hona joale", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Tsoa" }).click();
    await page.getByText("U tsoile").waitFor();
    await context.setOffline(true);
    expect(await page.reload().catch(() => null)).toBeNull();
  });

  it("asks no other host, and its first visit weighs little", async () => {
    const { page } = await come();
    await signIn(page, customerOf(-3));
    const asked: { url: string; bytes: number }[] = [];
    page.on("response", (response) => {
      const type = response.headers()["content-type"] ?? "";
      if (!type.includes("event-stream"))
        void response.body().then(
          (body) => asked.push({ url: response.url(), bytes: gzipSync(body).length }),
          () => undefined,
        );
    });
    await page.goto("/ls/my");
    await page.locator(".chart-canvas canvas").first().waitFor();
    const hosts = new Set(asked.map(({ url }) => new URL(url).origin));
    expect([...hosts]).toEqual([new URL(portal()).origin]);
    const charts = asked.filter(({ url }) => /\/assets\/plot-/.test(url));
    expect(charts.length, "the charts come apart").toBeGreaterThan(0);
    const first = asked.filter((each) => !charts.includes(each));
    const bytes = first.reduce((total, each) => total + each.bytes, 0);
    expect(bytes, first.map((each) => `${each.bytes} ${each.url}`).join("\n")).toBeLessThanOrEqual(60 * 1_024);
    const html = first.find(({ url }) => new URL(url).pathname === "/ls/my");
    expect(html?.bytes).toBeLessThanOrEqual(WRITTEN_BYTES);
  });

  /** On a machine that does other work the best of a few is what the page can do. */
  const TRIES = 3;
  it.each([
    { latency: 150, kbits: 1_600, maxMs: 1_500 },
    { latency: 400, kbits: 400, maxMs: 3_000 },
  ])(
    "stands within $maxMs ms at $latency ms and $kbits kbit/s with a processor four times slower",
    async ({ latency, kbits, maxMs }) => {
      const customer = customerOf(-2);
      const times: number[] = [];
      for (let tries = 0; tries < TRIES && !times.some((ms) => ms <= maxMs); tries++) {
        const { page, context } = await come({ more: { serviceWorkers: "block" } });
        await signIn(page, customer);
        await page.goto("about:blank");
        const line = await context.newCDPSession(page);
        await line.send("Network.enable");
        await line.send("Network.clearBrowserCache");
        await line.send("Network.emulateNetworkConditions", {
          offline: false,
          latency,
          downloadThroughput: (kbits * 1_000) / 8,
          uploadThroughput: (kbits * 1_000) / 8,
        });
        await line.send("Emulation.setCPUThrottlingRate", { rate: 4 });
        await page.goto("/ls/my", { waitUntil: "load" });
        times.push(await page.evaluate(largestPaint));
      }
      console.log(`largest paint at ${latency} ms, ${kbits} kbit/s: ${times.map(Math.round).join(", ")} ms`);
      expect(Math.min(...times)).toBeLessThanOrEqual(maxMs);
    },
  );
});

/** Runs in the page: when its largest part was painted, in milliseconds since it was asked for. */
const largestPaint = () =>
  new Promise<number>((done) => {
    new PerformanceObserver((list) => done(list.getEntries().at(-1)?.startTime ?? Number.POSITIVE_INFINITY)).observe({
      type: "largest-contentful-paint",
      buffered: true,
    });
    setTimeout(() => done(Number.POSITIVE_INFINITY), 15_000);
  });

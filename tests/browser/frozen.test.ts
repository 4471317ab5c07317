import { describe, expect, it } from "vitest";
import { chromiumPath, look, portal, type Visit } from "./browser.ts";
import { come } from "./come.ts";

/** The local day so many days ago. */
const localDay = (back: number) => new Date(Date.now() + (120 - back * 1_440) * 60_000).toISOString().slice(0, 10);

/** Summing up the past of a world that has just started takes its time; no other journey waits for it. */
const ADDED_MS_MAX = 420_000;
const SLOW_MS = ADDED_MS_MAX + 90_000;

/** One that is frozen: whoever looks at it depends on no other journey. */
async function frozenOne({ context }: Visit): Promise<string> {
  const data = { report: "days", site: "MAK", from: "2026-10-01", to: "2026-10-31", reason: "a journey" };
  const headers = { Origin: portal(), "Idempotency-Key": crypto.randomUUID() };
  const answer = await context.request.post("/ls/api/reports/frozen", { data, headers });
  expect(answer.ok(), await answer.text()).toBe(true);
  return `/ls/frozen/${((await answer.json()) as { frozen: { frozenId: number } }).frozen.frozenId}`;
}

describe.skipIf(chromiumPath === null)("frozen reports", () => {
  it(
    "are frozen with a reason, opened as they were, and computed again to compare",
    async () => {
      const { page, complaints } = await come({ as: "finance_team" });
      const pending = async () =>
        ((await (await page.request.get("/ls/api/reports/metrics/paid")).json()) as { pendingDays: number })
          .pendingDays;
      // A world that has just started still adds up its past: what is frozen meanwhile is not what it is a moment later.
      await expect.poll(pending, { timeout: ADDED_MS_MAX, interval: 3_000 }).toBeLessThan(3);
      await page.goto("/ls/reports?report=money&from=2026-01-01&to=2026-06-30");
      await page.locator("figure canvas").first().waitFor();
      await page.getByRole("button", { name: "Freeze" }).click();
      await page.locator("dialog textarea").fill("For the board, first half");
      await page.locator("dialog").getByRole("button", { name: "Freeze" }).click();
      await page.waitForURL(/\/ls\/frozen\/\d+/);
      await page.locator("figure canvas").first().waitFor();
      expect(await page.locator("dl.facts").textContent()).toContain("For the board, first half");
      await look({ page }, "frozen-one");
      await page.getByRole("button", { name: "Compute again and compare" }).click();
      await page.getByRole("status").filter({ hasText: /lines/ }).waitFor();
      await look({ page }, "frozen-compared");
      // The same figures are frozen once: whoever presses again comes to the same report.
      const first = page.url();
      await page.goto("/ls/reports?report=money&from=2026-01-01&to=2026-06-30");
      await page.locator("figure canvas").first().waitFor();
      await page.getByRole("button", { name: "Freeze" }).click();
      await page.locator("dialog textarea").fill("Again");
      await page.locator("dialog").getByRole("button", { name: "Freeze" }).click();
      await page.waitForURL(/\/ls\/frozen\/\d+/);
      expect(new URL(page.url()).pathname).toBe(new URL(first).pathname);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );

  it.each(["phone", "desktop"] as const)("are listed and looked at on a %s", async (size) => {
    const own = await come({ as: "finance_team", size });
    const { page, complaints } = own;
    const one = await frozenOne(own);
    await page.goto("/ls/frozen");
    await page.locator("table a").first().waitFor();
    await look({ page }, `frozen-list-${size}`);
    await page.goto(one);
    await page.locator("figure canvas").first().waitFor();
    await look({ page }, `frozen-one-${size}`);
    expect(complaints).toEqual([]);
  });

  it("have files: PDF, XLSX, and the answer as it was kept", async () => {
    const own = await come({ as: "finance_team" });
    const { page } = own;
    await page.goto(await frozenOne(own));
    await page.locator("figure canvas").first().waitFor();
    for (const [name, type] of [
      ["PDF", "application/pdf"],
      ["XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
      ["JSON, as kept", "application/json"],
    ] as const) {
      const href = await page.getByRole("link", { name, exact: true }).getAttribute("href");
      const answer = await page.request.get(href ?? "");
      expect([answer.status(), answer.headers()["content-type"]]).toEqual([200, type]);
    }
  });

  it("are kept of a table too: frozen under it, shown as its paper has it, and compared cell by cell", async () => {
    const { page, complaints } = await come({ as: "finance_team" });
    const day = localDay(20);
    await page.goto(`/ls/losses?site=KET&from=${localDay(24)}&to=${localDay(18)}`);
    await page.getByRole("row").filter({ hasText: day }).waitFor();
    const pdf = await page.getByRole("link", { name: "All of it (PDF)" }).getAttribute("href");
    const paper = await page.request.get(pdf ?? "");
    expect([paper.status(), paper.headers()["content-type"]]).toEqual([200, "application/pdf"]);
    await page.getByRole("button", { name: "Freeze" }).click();
    await page.locator("dialog textarea").fill("The line to Ketane");
    await page.locator("dialog").getByRole("button", { name: "Freeze" }).click();
    await page.waitForURL(/\/ls\/frozen\/\d+/);
    await page.getByRole("row").filter({ hasText: day }).waitFor();
    await page.getByRole("button", { name: "Compute again and compare" }).click();
    await page.getByRole("status").filter({ hasText: /lines/ }).waitFor();
    await look({ page }, "frozen-table");
    await page.goto("/ls/frozen");
    await page.getByRole("row").filter({ hasText: "Losses" }).first().waitFor();
    expect(complaints).toEqual([]);
  });

  it("are not frozen by whoever only reads, and one that is none is named", async () => {
    const { page } = await come({ as: "generic" });
    await page.goto("/ls/reports?report=money");
    await page.locator("figure canvas").first().waitFor();
    expect(await page.getByRole("button", { name: "Freeze" }).count()).toBe(0);
    await page.goto("/ls/frozen/999999");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("no such frozen report");
  });
});

import { describe, expect, it } from "vitest";
import { chromiumPath, look } from "./browser.ts";
import { come } from "./come.ts";

describe.skipIf(chromiumPath === null)("the funnel", () => {
  it.each(["phone", "desktop"] as const)("and its cohorts are read on a %s", async (size) => {
    const { page, complaints } = await come({ as: "finance_team", size });
    await page.goto("/ls/funnel");
    await page.locator("figure canvas").first().waitFor();
    await look({ page }, "funnel");
    await page.getByRole("button", { name: "Cohorts" }).click();
    await page.getByRole("table", { name: "Cohorts" }).getByRole("row").nth(1).waitFor();
    await look({ page }, "cohorts");
    expect(complaints).toEqual([]);
  });

  it("leads to who stands where; list, customer and file say the same", async () => {
    const { page } = await come({ as: "finance_team" });
    await page.goto("/ls/funnel?tab=cohorts");
    await page.getByRole("table", { name: "Cohorts" }).getByRole("row").nth(1).waitFor();
    const counts = await (await page.request.get("/ls/api/reports/customer-cohorts/counts")).json();
    const [first] = counts.counts.filter(({ customers }: { customers: number }) => customers > 0);
    await page.getByLabel("Status").selectOption(first.status);
    await page.waitForURL(/status=/);
    const list = await (await page.request.get(`/ls/api/reports/customer-cohorts?status=${first.status}`)).json();
    expect(list.customers.length).toBe(Math.min(50, first.customers));
    const [one] = list.customers;
    const detail = await (await page.request.get(`/ls/api/reports/customer-cohorts/${one.customerId}`)).json();
    expect(detail.customer).toEqual(one);
    const csv = await page.request.get(`/ls/api/reports/customer-cohorts/csv?status=${first.status}`);
    expect(await csv.text()).toContain(`# end of file: ${first.customers} rows`);
  });

  it("refuses a status that is none, and a customer who is nobody", async () => {
    const { page } = await come({ as: "finance_team" });
    const status = await page.request.get("/ls/api/reports/customer-cohorts?status=rich");
    expect([status.status(), (await status.json()).error.details[0].field]).toEqual([400, "status"]);
    const nobody = await page.request.get("/ls/api/reports/customer-cohorts/999999999");
    expect([nobody.status(), (await nobody.json()).error.kind]).toEqual([404, "unknown_customer"]);
  });
});

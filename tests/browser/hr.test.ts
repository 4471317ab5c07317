import { describe, expect, it } from "vitest";
import { ask } from "../stories/world.ts";
import { chromiumPath, look, portal, world } from "./browser.ts";
import { come } from "./come.ts";
import { say } from "./neighbours.ts";

describe.skipIf(chromiumPath === null)("the HR directory", () => {
  it.each(["desktop", "phone"] as const)(
    "is seen before it is done: who has left is locked by a press, on a %s",
    async (size) => {
      const boss = await come({ as: "superadmin", size });
      const { page } = boss;
      const email = `leaves-${size}-${Date.now()}@example.org`;
      const employee = { employee_id: `E${Date.now()}`, name: "Neo Leaves", email, department: "Night shift" };
      const made = await boss.context.request.post("/ls/api/staff", {
        data: { email, name: "Neo Leaves", roles: ["generic"], site: null, countries: ["LS"] },
        headers: { Origin: portal() },
      });
      expect(made.ok(), await made.text()).toBe(true);
      await ask(`${world().simulators.hr}/employees`, { json: { ...employee, status: "active" } });
      await page.goto("/ls/hr-directory");
      await page.getByRole("row").filter({ hasText: "night shift" }).getByRole("button", { name: "Say which" }).click();
      const dialog = page.getByRole("dialog", { name: "night shift" });
      await dialog.getByLabel("Engineering").check();
      await look(boss, "hr-directory-department");
      await say(page, "Save");
      await page.getByText("night shift: saved").waitFor();
      await page.getByLabel("Employee number").fill(employee.employee_id);
      await page.getByRole("button", { name: "Ask the directory" }).click();
      await page.getByText("works here", { exact: true }).waitFor();

      await ask(`${world().simulators.hr}/employees`, { json: { ...employee, status: "resigned" } });
      await page.reload();
      await page.getByRole("row").filter({ hasText: email }).getByText("has left").waitFor();
      await look(boss, "hr-directory");
      await page.getByRole("button", { name: "Do it now" }).click();
      await say(page, "Do it now");
      await page.getByText(/^Done: \d+$/).waitFor();
      await page.goto("/ls/staff");
      const row = page.getByRole("row").filter({ hasText: email });
      await row.getByText("sent away").waitFor();
      await row.getByText("has left").waitFor();
      await look(boss, "staff-directory");
      expect(boss.complaints).toEqual([]);
    },
  );

  it("that names nobody locks nobody, and is not offered to whoever may not", async () => {
    const boss = await come({ as: "superadmin" });
    await ask(`${world().simulators.hr}/mood`, { json: { mood: "empty" } });
    try {
      await boss.page.goto("/ls/hr-directory");
      await boss.page.getByText("The directory names nobody").waitFor();
      expect(await boss.page.getByRole("button", { name: "Do it now" }).isDisabled()).toBe(true);
    } finally {
      await ask(`${world().simulators.hr}/mood`, { json: { mood: "well" } });
    }
    const clerk = await come({ as: "finance_team" });
    for (const path of ["hr-directory", "machine-keys", "webhooks", "grid-plan"]) {
      await clerk.page.goto(`/ls/${path}`);
      await clerk.page.getByText("Your roles do not allow this.").waitFor();
      expect(await clerk.page.locator(`a[href="/ls/${path}"]`).count()).toBe(0);
    }
  });
});

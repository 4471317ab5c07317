import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANSWER_MS_MAX, chromiumPath, look, portal, type Visit } from "./browser.ts";
import { familyName } from "./care.ts";
import { come } from "./come.ts";
import { say } from "./neighbours.ts";

/** The clock of the world tells others once a minute. */
const TOLD_MS_MAX = 150_000;

const secretIn = async (page: Visit["page"]) => (await page.locator("dialog .copy code").textContent()) ?? "";

describe.skipIf(chromiumPath === null)("keys of other systems", () => {
  it.each(["desktop", "phone"] as const)("are issued, shown once, used and revoked, on a %s", async (size) => {
    const boss = await come({ as: "superadmin", size });
    const { page } = boss;
    const name = `Accounting ${familyName()}`;
    await page.goto("/ls/machine-keys");
    await page.getByRole("button", { name: "Issue a key" }).click();
    const form = page.getByRole("dialog", { name: "Issue a key" });
    await form.getByLabel("Name").fill(name);
    await form.getByLabel("payments").check();
    await form.getByLabel("Reason").fill("the books are kept there");
    await look(boss, "machine-keys-issue");
    await form.getByRole("button", { name: "Make the key" }).click();
    const made = page.getByRole("dialog", { name: `The key of ${name}` });
    const key = (await made.locator("code").textContent()) ?? "";
    await look(boss, "machine-keys-once");
    await made.getByRole("button", { name: "They have it" }).click();
    expect(await page.getByText(key).count()).toBe(0);

    const read = () =>
      fetch(`${portal()}/ls/api/machine/v1/payments?from=2026-02-01T00:00:00Z&to=2026-02-02T00:00:00Z`, {
        headers: { Authorization: `Bearer ${key}` },
      });
    const row = page.getByRole("row").filter({ hasText: name });
    await row.getByText("never used").waitFor();
    expect((await read()).status).toBe(200);
    await page.reload();
    await row.getByText("in use").waitFor();
    await look(boss, "machine-keys");
    await row.getByRole("button", { name: "Revoke" }).click();
    await say(page, "Revoke");
    await row.getByText("revoked", { exact: true }).waitFor();
    expect((await read()).status).toBe(401);
    expect(boss.complaints).toEqual([]);
  });

  it("of a programme are issued after the programme, whose end is taken back by one press", async () => {
    const boss = await come({ as: "superadmin" });
    const { page } = boss;
    const code = `UEF-${Date.now() % 1_000_000}`;
    await page.goto("/ls/machine-keys");
    await page.getByRole("button", { name: "A new programme" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Code").fill(code.toLowerCase());
    await form.getByLabel("Name").fill("Rural light");
    await form.getByLabel("Funder").fill("A funder");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByLabel("Reason").fill("contract 12");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText("at least one site").first().waitFor();
    await form.getByLabel("MAK").check();
    await look(boss, "machine-keys-programme");
    await form.getByRole("button", { name: "Save" }).click();
    const row = page.getByRole("row").filter({ hasText: code });
    await row.getByRole("button", { name: "Change" }).click();
    await form.getByLabel("is read").uncheck();
    await say(page, "Save");
    await row.getByText("has ended").waitFor();
    await page.getByRole("button", { name: "Undo" }).last().click();
    await row.getByText("is read").waitFor();
    expect(boss.complaints).toEqual([]);
  });
});

describe.skipIf(chromiumPath === null)("webhooks", { timeout: 400_000 }, () => {
  let receiver: Server;
  const told: { type: string; signature: string }[] = [];
  beforeAll(async () => {
    receiver = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const { type } = JSON.parse(Buffer.concat(parts).toString("utf8")) as { type: string };
      told.push({ type, signature: String(request.headers["webhook-signature"]) });
      response.writeHead(500).end();
    });
    await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
  });
  afterAll(() => receiver?.close());

  it("tell of a ticket with both secrets, and what was refused stands in the log until it is tried again", async () => {
    const boss = await come({ as: "superadmin" });
    const { page } = boss;
    const name = `Desk ${familyName()}`;
    await page.goto("/ls/webhooks");
    await page.getByRole("button", { name: "Tell one more" }).click();
    const form = page.getByRole("dialog", { name: "Tell one more" });
    await form.getByLabel("Name").fill(name);
    await form.getByLabel("Address").fill("https://10.0.0.1/hook");
    await form.getByLabel("tickets").check();
    await form.getByLabel("Reason").fill("they keep the desk");
    await form.getByRole("button", { name: "Make the secret" }).click();
    await form.getByText("no number and no inner one").first().waitFor();
    await form.getByLabel("Address").fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`);
    await look(boss, "webhooks-add");
    await form.getByRole("button", { name: "Make the secret" }).click();
    await page.getByRole("dialog", { name: `The secret of ${name}` }).waitFor();
    expect(await secretIn(page)).toMatch(/^whsec_/);
    await page.getByRole("button", { name: "They have it" }).click();

    const row = page.getByRole("table", { name: "Who is told" }).getByRole("row").filter({ hasText: name });
    await row.getByRole("button", { name: "Second secret" }).click();
    await say(page, "Yes");
    await page.getByRole("dialog", { name: `The secret of ${name}` }).waitFor();
    await page.getByRole("button", { name: "They have it" }).click();
    await row.getByText("two secrets sign").waitFor();

    const answer = await boss.context.request.post("/ls/api/tickets", {
      data: { summary: "no light since the storm", category: "no-power", site: "MAK" },
      headers: { Origin: portal(), "Idempotency-Key": `neighbours-${Date.now()}` },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
    const log = page.getByRole("table", { name: "What was told" });
    const line = log.getByRole("row").filter({ hasText: name }).first();
    await expect
      .poll(
        async () => {
          await page.getByRole("button", { name: "Look again" }).click();
          return line.getByText("500").count();
        },
        { timeout: TOLD_MS_MAX, interval: 3_000 },
      )
      .toBe(1);
    await look(boss, "webhooks");
    expect(told.at(-1)?.signature.split(" ")).toHaveLength(2);
    await row.getByRole("button", { name: "End the first secret" }).click();
    await say(page, "Yes");
    await row.getByText("two secrets sign").waitFor({ state: "detached" });
    await row.getByRole("button", { name: "Let it rest" }).click();
    await say(page, "Yes");
    await row.getByText("rests", { exact: true }).waitFor();
    expect(boss.complaints).toEqual([]);
  });
});

describe.skipIf(chromiumPath === null)("the planning tool", () => {
  it("shows whose each connection is and why not, is written by a run and is as it was after an undo", async () => {
    const worker = await come({ as: "engineering" });
    const { page } = worker;
    await page.goto("/ls/grid-plan");
    const sites = page.getByRole("table", { name: "Sites and projects" });
    await sites.getByRole("row").filter({ hasText: "MAS" }).getByText("several may be meant").waitFor();
    await sites.getByRole("row").filter({ hasText: "KET" }).getByText("no project").waitFor();
    await page.getByText("Projects that no site claims: Basin · BAS").waitFor();
    await sites.getByRole("row").filter({ hasText: "MAK" }).getByRole("button", { name: "Preview" }).click();
    const write = page.getByRole("button", { name: /^Write \d+ fields$/ });
    await write.waitFor();
    await look(worker, "grid-plan");
    await page.getByRole("button", { name: "Connections of nobody" }).click();
    await page.getByText("its customer code is no account of this site").waitFor();
    await page.getByRole("button", { name: "Places that cannot be meant" }).click();
    await page.getByText("GPS_X and GPS_Y are exchanged").waitFor();
    await write.click();
    await say(page, "Write it");
    await page.getByText(/^Written: \d+ connections\.$/).waitFor();
    const runs = page.getByRole("table", { name: "What was written" });
    const wrote = runs.getByRole("row").filter({ has: page.getByText("written", { exact: true }) });
    await wrote.first().getByRole("button", { name: "Take back" }).click();
    await say(page, "Take back");
    await page.getByText(/^Taken back: [1-9]\d*; changed since, and left: 0$/).waitFor({ timeout: ANSWER_MS_MAX });
    await runs.getByText("written, and taken back").first().waitFor();
    await look(worker, "grid-plan-runs");
    expect(worker.complaints).toEqual([]);
  });

  it("is looked at on a phone, where several projects may be meant and a person names one", async () => {
    const worker = await come({ as: "engineering", size: "phone" });
    await worker.page.goto("/ls/grid-plan?site=MAS");
    const project = worker.page.getByRole("combobox", { name: "Project", exact: true });
    await project.selectOption("Mashai minigrid");
    await worker.page.getByText("Everything stands there already").waitFor();
    await look(worker, "grid-plan");
  });
});

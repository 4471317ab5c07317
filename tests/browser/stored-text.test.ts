import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SimulatedBridge } from "../../dev/whatsapp.ts";
import { chromiumPath, closeBrowser, portal, type Visit, visit, world } from "./browser.ts";
import { phone, RUN, register } from "./care.ts";

/**
 * What a customer, a phone, another system or somebody who works here may type, full of what a browser could take for more than
 * text, in every place where it is shown.
 */
const WEB = fileURLToPath(new URL("../../web", import.meta.url));
const PAGES = [...readFileSync(join(WEB, "routes.ts"), "utf8").matchAll(/\{ path: "([^"]+)", page: "/g)]
  .map(([, path = ""]) => path)
  .filter((path) => !path.includes(":"));

/** Runs where an attribute, an element, a script or an address is made of text; `of` says where it was typed. */
const short = (of: string) => `${of}<img src=x onerror=window.ran=1>"'`;
const nasty = (of: string) =>
  `${short(of)}><svg/onload=window.ran=1><script>window.ran=1</script><a href="javascript:window.ran=1">${RUN}</a>\${7*7}{{7*7}}`;

type Made = { customerId: number; account: string; ticketId: number; batchId: number; correctionId: string };

const headers = (key: string) => ({ Origin: portal(), "Idempotency-Key": `text-${RUN}-${key}`.padEnd(12, "-") });
async function send<T>({ context }: Visit, path: string, data: object | Buffer): Promise<T> {
  const answer = await context.request.post(`/ls/api${path}`, {
    data,
    headers: headers(path.replaceAll(/[^a-z0-9]/gi, "").slice(0, 40)),
  });
  expect(answer.ok(), `${path} ${await answer.text()}`).toBe(true);
  return (await answer.json()) as T;
}

/** Everything that can be typed, typed. */
async function typed(own: Visit): Promise<Made> {
  const mine = phone();
  const { customerId, account } = await register(own, {
    givenName: short("given"),
    familyName: short("family"),
    phones: [mine],
  });
  const { ticket } = await send<{ ticket: { ticketId: number } }>(own, "/tickets", {
    summary: nasty("summary"),
    category: "no-power",
    account,
  });
  await send(own, `/tickets/${ticket.ticketId}/comments`, { text: nasty("comment") });
  const { correction } = await send<{ correction: { id: string } }>(own, "/corrections", {
    account,
    amountMinor: 1_500,
    code: "goodwill",
    reason: nasty("reason"),
    document: short("document"),
  });
  const rows = ["First name,Last name,Phone", `"${short("file").replaceAll('"', '""').slice(0, 90)}",Ramo${RUN},12`];
  const name = encodeURIComponent(`${short("filename")}.csv`);
  const { batch } = await send<{ batch: { batchId: number } }>(
    own,
    `/registrations?site=MAK&name=${name}`,
    Buffer.from(rows.join("\r\n")),
  );
  const { url, bridgeKey, phones } = world().countries.LS;
  await new SimulatedBridge(url, bridgeKey).write({
    id: `TEXT-${RUN}`,
    from: `266${mine}@c.us`,
    phone: `266${mine}`,
    text: nasty("whatsapp"),
  });
  const medic = new URL(phones[0]?.medicUrl ?? "");
  const at = String(Date.now());
  const brought = await fetch(`${medic.origin}${medic.pathname}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: `Basic ${btoa(`${decodeURIComponent(medic.username)}:${decodeURIComponent(medic.password)}`)}`,
    },
    body: JSON.stringify({
      messages: [
        {
          id: `text-${RUN}`,
          from: short("sender"),
          content: nasty("sms"),
          sms_sent: at,
          sms_received: at,
        },
      ],
      updates: [],
    }),
  });
  expect(brought.status, await brought.text()).toBe(200);
  return { customerId, account, ticketId: ticket.ticketId, batchId: batch.batchId, correctionId: correction.id };
}

describe.skipIf(chromiumPath === null)("what somebody typed", { timeout: 300_000 }, () => {
  let own: Visit;
  let made: Made;
  beforeAll(async () => {
    own = await visit({ as: "superadmin" });
    made = await typed(own);
  });
  afterAll(async () => {
    await own.context.close();
    await closeBrowser();
  });

  /** Nothing ran, nothing tried to, and nothing of it became an element. */
  async function isText(path: string): Promise<string> {
    await own.page.goto(`/ls${path}`);
    await own.page.getByRole("heading", { level: 1 }).waitFor();
    await own.page.waitForLoadState("networkidle");
    const found = await own.page.evaluate(() => ({
      ran: (window as unknown as { ran?: unknown }).ran ?? null,
      made: document.querySelectorAll('img[src="x"], svg[onload], a[href^="javascript:"], body script:not([src])')
        .length,
      text: document.body.textContent ?? "",
      values: [...document.querySelectorAll("input, textarea")]
        .map((each) => (each as HTMLInputElement).value)
        .join("\n"),
    }));
    expect([path, found.ran, found.made]).toEqual([path, null, 0]);
    expect([path, ...own.complaints]).toEqual([path]);
    return `${found.text}\n${found.values}`;
  }

  it("is text on the pages that show it: names, tickets, messages, SMS, orders, files and their names", async () => {
    const shown: [string, string[]][] = [
      [`/customers/${made.customerId}`, ["given", "whatsapp", "summary"]],
      [`/tickets/${made.ticketId}`, ["summary", "comment"]],
      [`/corrections/${made.correctionId}`, ["reason", "document"]],
      [`/registrations/${made.batchId}`, ["file"]],
      [`/registrations`, ["filename"]],
      [`/accounts/${made.account}`, ["given"]],
      [`/sms`, ["sms"]],
    ];
    for (const [path, ofs] of shown) {
      const text = await isText(path);
      for (const of of ofs) expect(text, `${path} shows what was typed as ${of}`).toContain(short(of));
    }
  });

  it.each(PAGES)("runs nowhere, and makes no element, on %s", async (path) => {
    await isText(path);
  });

  it("would be stopped by the policy of the page, if a page made it an element after all", async () => {
    await own.page.goto("/ls/help");
    const ran = await own.page.evaluate(async () => {
      const box = document.createElement("div");
      // As a careless page would.
      box.insertAdjacentHTML("beforeend", '<img src="x" onerror="window.ran=1">');
      document.body.append(box);
      const script = document.createElement("script");
      script.textContent = "window.ran=2";
      document.body.append(script);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return (window as unknown as { ran?: unknown }).ran ?? null;
    });
    expect(ran).toBeNull();
    expect(own.complaints.some((said) => /Content Security Policy/i.test(said))).toBe(true);
    own.complaints.length = 0;
  });
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, closeBrowser, portal, SHOTS, SIZES, type Visit, visit, world } from "./browser.ts";
import { familyName, phone, RUN, register } from "./care.ts";
import { picture, SHADES, SIZE_NAMES, stands } from "./picture.ts";

/** A picture of everything: each page of the portal at both sizes, light and dark. A page that has none turns this red. */
const WEB = fileURLToPath(new URL("../../web", import.meta.url));

/** The pages of the table in web/routes.ts, which only the bundler can run. */
const ROUTES = [...readFileSync(join(WEB, "routes.ts"), "utf8").matchAll(/\{ path: "([^"]+)", page: "([^"]+)"/g)].map(
  ([, path = "", page = ""]) => ({ path, page }),
);
const nameOf = (path: string) => `page${path.replaceAll(/[/:]+/g, "-").replace(/-$/, "-dashboard")}`;

type Made = { account: string; customerId: number };
/** What stands in an address where the table has something variable. */
const EXAMPLES: Record<string, (own: Visit, made: Made) => Promise<string> | string> = {
  "/customers/:id": (_, { customerId }) => `/customers/${customerId}`,
  "/registrations/:id": async (own) => {
    const rows = ["First name,Last name,Phone", `Palesa,${familyName()},${phone()}`, `Neo,${familyName()},12`];
    const file = Buffer.from(rows.join("\r\n"));
    const { batch } = await tell<{ batch: { batchId: number } }>(own, `/registrations?site=MAK&name=${RUN}.csv`, file);
    return `/registrations/${batch.batchId}`;
  },
  "/accounts/:account": () => `/accounts/${payer()}`,
  "/accounts/:account/explain": () => `/accounts/${payer()}/explain`,
  "/payments/:receipt": async (own) => {
    const { payments } = await read<{ payments: { receipt: string }[] }>(own, "/payments");
    return `/payments/${payments[0]?.receipt}`;
  },
  "/corrections/:id": async (own, { account }) => {
    const order = { account, amountMinor: 1_500, code: "goodwill", reason: "a picture", document: "line 7" };
    const { correction } = await tell<{ correction: { id: string } }>(own, "/corrections", order);
    return `/corrections/${correction.id}`;
  },
  "/tickets/:id": async (own, { account }) => {
    const told = { summary: "no light since the storm", category: "no-power", account };
    const { ticket } = await tell<{ ticket: { ticketId: number } }>(own, "/tickets", told);
    return `/tickets/${ticket.ticketId}`;
  },
  "/frozen/:id": async (own) => {
    const asked = { report: "money", from: "2026-07-01", to: "2026-09-30", reason: "a picture" };
    const { frozen } = await tell<{ frozen: { frozenId: number } }>(own, "/reports/frozen", asked);
    return `/frozen/${frozen.frozenId}`;
  },
  "/tables/:table": () => "/tables/sites",
  "/changes/:id": async (own) => {
    const { acts } = await read<{ acts: { seq: number }[] }>(own, "/audit");
    return `/changes/${acts[0]?.seq}`;
  },
};
const payer = () => world().countries.LS.customers[0]?.account ?? "";

async function read<T>({ context }: Visit, path: string): Promise<T> {
  const answer = await context.request.get(`/ls/api${path}`);
  expect(answer.status(), `${path} ${await answer.text()}`).toBe(200);
  return (await answer.json()) as T;
}
async function tell<T>({ context }: Visit, path: string, data: object): Promise<T> {
  const headers = { Origin: portal(), "Idempotency-Key": `pages-${RUN}-${path}`.slice(0, 60) };
  const answer = await context.request.post(`/ls/api${path}`, { data, headers });
  expect(answer.ok(), `${path} ${await answer.text()}`).toBe(true);
  return (await answer.json()) as T;
}

describe.skipIf(chromiumPath === null)("every page", { timeout: 180_000 }, () => {
  let own: Visit;
  let made: Made;
  beforeAll(async () => {
    own = await visit({ as: "superadmin" });
    made = await register(own, { givenName: "Palesa", familyName: familyName(), phones: [phone()] });
  });
  afterAll(async () => {
    await own.context.close();
    await closeBrowser();
  });

  it("of web/pages is in the table of pages, and each address with something variable has an example", () => {
    const drawn = readdirSync(join(WEB, "pages")).filter((page) => existsSync(join(WEB, "pages", page, "page.tsx")));
    expect([...new Set(ROUTES.map(({ page }) => page))].sort()).toEqual(drawn.sort());
    const variable = ROUTES.map(({ path }) => path).filter((path) => path.includes(":"));
    expect(variable.sort()).toEqual(Object.keys(EXAMPLES).sort());
  });

  it.each(ROUTES)("has its pictures, light and dark, on a phone and on a desktop: $path", async ({ path }) => {
    const example = path.includes(":") ? EXAMPLES[path] : () => path;
    if (example === undefined) throw new Error(`${path} has no example address: add one, so that it has a picture`);
    own.complaints.length = 0;
    await own.page.setViewportSize(SIZES.desktop);
    await own.page.goto(`/ls${await example(own, made)}`);
    await stands(own.page);
    expect(await own.page.getByText("There is no such page").count()).toBe(0);
    expect(await own.page.locator("main [role=alert]").allTextContents()).toEqual([]);
    await picture(own, nameOf(path));
    expect(own.complaints).toEqual([]);
    for (const shade of SHADES)
      for (const size of SIZE_NAMES) expect(existsSync(join(SHOTS, `${nameOf(path)}-${shade}-${size}.png`))).toBe(true);
  });
});

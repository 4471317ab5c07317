import pg from "pg";
import { beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { MedicPhone } from "../../dev/medic-phone.ts";
import { SECOND_LOOK_MS } from "../../src/domain/disconnect.ts";
import { ask, sleep } from "../stories/world.ts";
import { chromiumPath, look, portal, type Visit, world } from "./browser.ts";
import { come } from "./come.ts";
import { DARK_SITE } from "./darkening.ts";
import { freshAccount, freshMeter, makeAccount, sendReading } from "./metering.ts";
import { type OwnTill, ownTill } from "./money-world.ts";

/**
 * What stops by itself, and how it is started again. A light goes out only when two looks agree, five minutes apart, and
 * nothing here hurries that: its accounts are made with the world, and these journeys come after all others (vitest.config.ts).
 */
const SITE = DARK_SITE;
/** Registers of their meters when the first look was. */
const REGISTER_WH = 50_000;
/** A phone that was not heard just now belongs to a journey that is over. */
const HEARD_MS = 60_000;
/** Readings that have grown old meanwhile begin again with a first look. */
const TRIPPED_MS_MAX = SECOND_LOOK_MS + 120_000;
/** An account asks the gate at its own alarm. */
const HELD_MS_MAX = 60_000;
const WORD_MS = 25_000;

type Page = Visit["page"];
type AccountView = { meters: { dark?: { because: string } | null }[]; relays?: unknown };

async function confirmWith(page: Page, reason: string, yes: string) {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: yes }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Asks Lesotho's database itself: the Workers' road to it is the one that is broken. */
async function records<T extends object>(sql: string, values: unknown[]): Promise<T[]> {
  const client = new pg.Client({ connectionString: world().countries.LS.databaseUrl });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

const database = (path: string, json: unknown) => ask(`${world().simulators.database}${path}`, { json });

describe.skipIf(chromiumPath === null)("what has stopped by itself", () => {
  let till: OwnTill;
  const { accounts: own, beganAt } = inject("darkening") ?? { accounts: [], beganAt: 0 };
  /** Another one, over which a person says a word. */
  let lamp: string;
  beforeAll(async () => {
    till = await ownTill();
    lamp = freshMeter();
    await makeAccount(freshAccount(SITE), "Journey Lamp", [{ meterNumber: lamp, thing: `JRN-${lamp}` }]);
    await sendReading(lamp, REGISTER_WH);
  });

  it("is a message that a queue gave up on: it is sent again with its reason, once, and its work is done", async () => {
    onTestFinished(async () => void (await database("/fault", { mode: "none" })));
    await database("/fault", { mode: "http-500-after-commit" });
    const payer = till.customers.filter(({ status }) => status === "live")[11]?.account ?? "";
    const receipt = await till.pay({ account: payer, amountMinor: 1_200 });
    await database("/fault", { mode: "none" });
    // As a queue hands it over: while the database is down none gives up a message that asks for rows, for other reasons it may.
    const [letter] = await records<{ id: number; body: { object: string; name: string } }>(
      `INSERT INTO dead_letters (queue, message_id, body, died_at) VALUES ('customer-care-ls-ledger-copy', $1, $2, now())
      RETURNING id::int, body`,
      [crypto.randomUUID(), JSON.stringify({ object: "account_ledger", name: payer })],
    );
    expect(letter).toBeDefined();

    const { page, complaints } = await come({ as: "onm_team", size: "phone" });
    const colleague = await come({ as: "superadmin" });
    for (const each of [page, colleague.page]) await each.goto("/ls/operations");
    const about = `${letter?.body.object}:${letter?.body.name}`;
    const rowOf = (at: Page) =>
      at.getByRole("table", { name: "Given-up messages" }).getByRole("row").filter({ hasText: about }).first();
    await rowOf(page).getByText("the books").waitFor();
    await look({ page }, "operations-letter");
    await rowOf(colleague.page).getByRole("button", { name: "Send again" }).click();
    await rowOf(page).getByRole("button", { name: "Send again" }).click();
    await confirmWith(page, "the database answers again", "Send again");
    await page.getByText("Sent again", { exact: true }).waitFor();
    await confirmWith(colleague.page, "the database answers again", "Send again");
    await colleague.page
      .getByRole("status")
      .getByText(/again|already|handled/i)
      .waitFor();
    await expect
      .poll(() => records("SELECT handled_by FROM dead_letters WHERE id = $1 AND handled_at IS NOT NULL", [letter?.id]))
      .toEqual([{ handled_by: expect.stringContaining("onm-team") }]);
    // What the message was for is done: the payment is in the books.
    await till.recorded(receipt);
    await page.getByLabel("those sent again too").check();
    await page
      .getByText(/sent again by staff:/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
  });

  it("is a person's word over a light: its end is seen without a touch, and the balance decides again", async () => {
    const { page, context } = await come({ as: "onm_team" });
    // The form's shortest is a quarter of an hour; the same order with an end that a journey can wait for.
    const set = async (until: number) =>
      context.request.put(`/ls/api/meters/${lamp}/override`, {
        headers: { Origin: portal() },
        data: { state: "keep_lit", until: new Date(until).toISOString(), reason: "a nurse is on her way" },
      });
    const late = await set(Date.now() - 60_000);
    expect(late.status(), await late.text()).toBe(400);
    const order = await set(Date.now() + WORD_MS);
    expect(order.ok(), await order.text()).toBe(true);
    await page.goto(`/ls/meters?meter=${lamp}`);
    await page
      .getByRole("timer")
      .getByText(/^ends in 00:00:\d\d$/)
      .waitFor();
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await page.getByText("light and dark follow the balance").waitFor({ timeout: WORD_MS + 30_000 });
    expect(await page.getByRole("timer").count()).toBe(0);
    await page.getByRole("button", { name: "Set a word" }).waitFor();
    expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
    await look({ page }, "meter-word-over");
  });

  it("is a site where too many would go dark: the rest stays lit until a person has looked, and says so once", {
    timeout: SECOND_LOOK_MS + TRIPPED_MS_MAX + 120_000,
  }, async () => {
    const { page, complaints } = await come({ as: "onm_team" });
    onTestFinished(
      async () => void (await till.ops("POST", "/disconnects", { on: false, reason: "the journey is over" })),
    );
    await hearAllTills(till);
    await page.goto("/ls/operations");
    await page.getByText("No breaker is open.").waitFor();
    await page.getByRole("button", { name: "Switch on" }).click();
    await confirmWith(page, "the season of prepaid begins", "Switch on");
    await page.getByText("Switched", { exact: true }).waitFor();
    await page.getByText("on", { exact: true }).waitFor();

    // The meters go on, and the second look is due. When these journeys are made alone, what is left of the minutes is waited.
    await sleep(beganAt + SECOND_LOOK_MS + 1_000 - Date.now());
    for (const { meter } of own) await sendReading(meter, REGISTER_WH + 100);
    // Nobody touches the page: it says by itself that the site has stopped.
    const row = page.getByRole("table", { name: "Open breakers" }).getByRole("row").filter({ hasText: SITE });
    await row.getByText("too large a part of the site").waitFor({ timeout: TRIPPED_MS_MAX });
    expect(Date.now() - beganAt).toBeGreaterThanOrEqual(SECOND_LOOK_MS);
    await look({ page }, "operations-breaker");
    // The site stops at the gate; each account hears of it when it asks.
    const held = async () => {
      const views = own.map(({ account }) => till.ops<AccountView>("GET", `/accounts/${account}`));
      return (await Promise.all(views)).filter((view) => JSON.stringify(view).includes("breaker_open")).length;
    };
    await expect.poll(held, { timeout: HELD_MS_MAX }).toBeGreaterThan(0);

    const colleague = await come({ as: "superadmin", size: "phone" });
    await colleague.page.goto("/ls/operations");
    await colleague.page.getByRole("button", { name: "Reset" }).first().click();
    await look(colleague, "operations-reset");
    await row.getByRole("button", { name: "Reset" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await row.getByRole("button", { name: "Reset" }).click();
    await confirmWith(page, "a feeder was off for repair", "Reset");
    await page.getByText("No breaker is open.").waitFor();
    await confirmWith(colleague.page, "a feeder was off for repair", "Reset");
    await colleague.page.getByText(`the breaker of ${SITE} is not open`).waitFor();
    await page.getByRole("button", { name: "Switch off" }).click();
    await confirmWith(page, "the journey is over", "Switch off");
    await page.getByText("off: nobody goes dark by the system").waitFor();
    expect(complaints).toEqual([]);
  });
});

/** Nobody goes dark while a till is silent: those of the demo are heard, and those that journeys have left behind are closed. */
async function hearAllTills(till: OwnTill): Promise<void> {
  for (const { medicUrl } of world().countries.LS.phones) await new MedicPhone({ url: medicUrl }).wake();
  await till.phone.wake();
  type Phones = { phones: { phoneId: string; lastPollAt: number | null; revoked: boolean }[]; asOf: number };
  const { phones, asOf } = await till.ops<Phones>("GET", "/phones");
  for (const { phoneId, lastPollAt, revoked } of phones)
    if (!revoked && asOf - (lastPollAt ?? 0) > HEARD_MS) await till.ops("POST", `/phones/${phoneId}/revoke`);
}

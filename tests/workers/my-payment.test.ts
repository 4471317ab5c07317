import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { expect, it } from "vitest";
import type { MyPayment } from "../../src/queries/my-payments.ts";
import type { Env } from "../../workers/env.ts";
import { frameOf } from "../../workers/portal/my-frame.ts";
import type { MyLook } from "../../workers/portal/my-look.ts";
import { receiptPage } from "../../workers/portal/my-receipt.ts";
import { myView } from "../../workers/portal/my-view.ts";

const NOW = Date.UTC(2026, 10, 5, 12);
const DAY = 86_400_000;
/** M99 to the number of the contract: nothing took M59 of it, and for M40 energy was sold a day later. */
const paid: MyPayment = {
  ...{ seq: 7, receipt: "QK7REST", provider: "mpesa", amountMinor: 9_900, feesMinor: 0, unusedMinor: 5_900 },
  ...{ energyWh: 8_000, rateE4PerKwh: 50_000, balanceAfterWh: 8_000, paidAt: NOW - 2 * DAY, creditedAt: NOW - 2 * DAY },
  later: [{ soldAt: NOW - DAY, amountMinor: 4_000, energyWh: 8_000, rateE4PerKwh: 50_000, balanceAfterWh: 8_000 }],
  ...{ takenBack: false, delivery: [] },
};
const plain: MyPayment = { ...paid, receipt: "QK7PLAIN", unusedMinor: 0, later: [] };
const look = (payments: MyPayment[]): MyLook => ({
  ...{ now: NOW, account: "0045MAK", name: null, status: "live", balance: null, minutesLeft: null },
  ...{ rateE4PerKwh: 50_000, meters: [], payments, older: null, others: [] },
});

/** The page as a browser reads it aloud: its text, without tags. */
async function textOf(of: "receipt" | "page", payment: MyPayment) {
  const app = new Hono<{ Bindings: Env }>()
    .get("/receipt", (c) => receiptPage(frameOf(c), { account: "0045MAK", name: null, now: NOW }, payment))
    .get("/page", (c) => myView(frameOf(c), look([payment]), null));
  const ASSETS = { fetch: async () => new Response("", { status: 404 }) };
  const headers = { Cookie: "__Host-cc-ls-lang=en" };
  const answer = await app.request(`/${of}`, { headers }, { ...env, ASSETS });
  expect(answer.status).toBe(200);
  const [body = ""] = (await answer.text()).split('<script type="application/json"');
  return body.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
}

it("a payment that bought energy later names each sale, what was not used and no fee, on the page and on paper", async () => {
  const page = await textOf("page", paid);
  expect(page).toMatch(/M99\.00 8\.00 kWh/);
  expect(page).toMatch(/M59\.00 of it not used/);
  expect(page).toMatch(/of it 8\.00 kWh sold .+ for M40\.00/);
  expect(page).not.toMatch(/for fees/);
  const receipt = await textOf("receipt", paid);
  expect(receipt).toMatch(/Of it not used M59\.00 Electricity 8\.00 kWh Sold .+ 8\.00 kWh, M40\.00, M5\.00 a kWh/);
  expect(receipt).not.toMatch(/fees|Price/);
});

it("any other payment says nothing of it", async () => {
  const page = await textOf("page", plain);
  expect(page).toMatch(/M99\.00 8\.00 kWh/);
  expect(page).not.toMatch(/not used|sold/);
  expect(await textOf("receipt", plain)).toMatch(/Price M5\.00 a kWh Electricity 8\.00 kWh Credited/);
});

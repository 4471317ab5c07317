import { html } from "hono/html";
import { formatMoney } from "../../src/domain/money.ts";
import { readInstant, readKwh, readRate } from "../../src/domain/my-page/format.ts";
import type { MyPayment } from "../../src/queries/my-payments.ts";
import { type Frame, framed, head } from "./my-frame.ts";
import { providerName } from "./my-view.ts";

/** A payment on paper: what was paid, what it bought, and at which price. Its address opens for its own customer alone. */
export function receiptPage(frame: Frame, of: { account: string; name: string | null; now: number }, paid: MyPayment) {
  const { say, country, language } = frame;
  const at = (instant: number) => readInstant(instant, of.now, country.utcOffsetMinutes, language);
  const perKwh = (rateE4PerKwh: number | null) =>
    rateE4PerKwh === null ? "–" : say("per_kwh", { rate: readRate(rateE4PerKwh, country) });
  const lines: [string, string][] = [
    [say("receipt_number"), paid.receipt],
    [say("account"), of.account],
    [say("receipt_name"), of.name ?? "–"],
    [say("receipt_paid"), at(paid.paidAt)],
    [say("receipt_provider"), providerName(frame, paid.provider)],
    [say("receipt_amount"), formatMoney(paid.amountMinor, country)],
    ...(paid.feesMinor === 0
      ? []
      : [[say("receipt_fees"), formatMoney(paid.feesMinor, country)] satisfies [string, string]]),
    ...(paid.unusedMinor === 0
      ? []
      : [[say("receipt_unused"), formatMoney(paid.unusedMinor, country)] satisfies [string, string]]),
    // Of what was sold later each has the price of its own day.
    ...(paid.later.length > 0 ? [] : [[say("receipt_rate"), perKwh(paid.rateE4PerKwh)] satisfies [string, string]]),
    [say("receipt_energy"), `${readKwh(paid.energyWh, language)} kWh`],
    ...paid.later.map((each): [string, string] => [
      say("receipt_later", { at: at(each.soldAt) }),
      `${readKwh(each.energyWh, language)} kWh, ${formatMoney(each.amountMinor, country)}, ${perKwh(each.rateE4PerKwh)}`,
    ]),
    [say("receipt_credited"), at(paid.creditedAt)],
    [say("receipt_balance"), `${readKwh(paid.balanceAfterWh, language)} kWh`],
  ];
  return framed(frame, {
    up: "../../",
    body: html`${head(frame)}
<main id="page" class="receipt">
<h1>${say("receipt_title")}</h1>
${paid.takenBack ? html`<p class="said said-alert">${say("receipt_taken_back")}</p>` : ""}
<dl class="card">${lines.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p class="quiet">1PWR ${country.name}. ${say("printed", { at: at(of.now) })}</p>
<p class="tools"><button type="button" id="print" hidden>${say("print")}</button> <a href="../../my">${say("to_page")}</a></p>
</main>`,
  });
}

export const noReceiptPage = (frame: Frame) =>
  framed(frame, {
    status: 404,
    up: "../../",
    body: html`${head(frame)}
<main id="page" class="door"><h1>${frame.say("receipt_title")}</h1><p class="card">${frame.say("no_receipt")}</p><p><a href="../../my">${frame.say("to_page")}</a></p></main>`,
  });

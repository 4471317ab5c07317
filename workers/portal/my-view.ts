import { html } from "hono/html";
import { formatMoney } from "../../src/domain/money.ts";
import { meterDigits, readInstant, readKwh, readRate, readSpan, worthMinor } from "../../src/domain/my-page/format.ts";
import { LCD_HEIGHT, lcdPaths } from "../../src/domain/my-page/lcd.ts";
import { LOCALES, monthsOf } from "../../src/domain/my-page/words.ts";
import type { MyPayment } from "../../src/queries/my-payments.ts";
import { type Frame, framed, type Html, head } from "./my-frame.ts";
import type { Balance, MyLook } from "./my-look.ts";

const at = ({ country, language }: Frame, instant: number, now: number) =>
  readInstant(instant, now, country.utcOffsetMinutes, language);

/** The page of a customer who is signed in: every first figure is in it before a script has run. */
export const myView = (frame: Frame, look: MyLook, before: number | null) => {
  const { say, words, country, language } = frame;
  const { minorDigits, money, utcOffsetMinutes, lowBalance } = country;
  const out = html`<form method="post" action="my/sign-out" class="out"><button type="submit">${say("sign_out")}</button></form>`;
  return framed(frame, {
    body: html`${head(frame, out)}
<main id="page" class="mine">
<h1><span>${say("title")}</span> <span class="whose">${look.account}${look.name === null ? "" : ` · ${look.name}`}</span></h1>
<p id="offline" class="said said-alert" role="status" hidden></p>
${meter(frame, look)}
${payments(frame, look, before)}
${meters(frame, look)}
<section class="card use" id="use" aria-labelledby="use-title">
<h2 id="use-title">${say("use")}</h2>
<div id="charts"><noscript><p class="quiet">${say("needs_script")}</p></noscript></div>
</section>
${others(frame, look)}
<p class="quiet foot">${say("install")}</p>
</main>`,
    data: {
      words,
      language,
      locale: LOCALES[language],
      months: monthsOf(language),
      facts: { minorDigits, money, utcOffsetMinutes, lowBalance },
      account: look.account,
      now: look.now,
      source: look.balance?.source ?? "engine",
      payment: look.payments?.[0]?.receipt ?? null,
    },
  });
};

function meter(frame: Frame, look: MyLook): Html {
  const { say, words } = frame;
  const { balance, minutesLeft, status } = look;
  if (balance === null)
    return html`<section class="meter" aria-label="${say("left")}"><p class="unknown">${say("not_known")}</p></section>`;
  const lasts =
    balance.lamp === "none"
      ? say("lasts_none")
      : minutesLeft === null
        ? say("lasts_unknown")
        : say("lasts", { time: readSpan(minutesLeft, words) });
  return html`<section class="meter lamp-${balance.lamp}" id="meter" aria-labelledby="left">
<div class="plate">
<h2 id="left">${say("left")}</h2>
<p class="lamp"><span id="lamp">${say(`lamp_${balance.lamp}`)}</span></p>
</div>
${window_(frame, balance)}
<p class="worth" id="worth">${worth(frame, look)}</p>
<p class="lasts" id="lasts">${status === "postpaid" ? say("postpaid") : status === "terminated" ? say("terminated") : lasts}</p>
<p class="light" id="light">${light(frame, look)}</p>
<p class="as-of"><span id="as-of">${say("as_of", { at: at(frame, balance.asOf, look.now) })}</span>, <span id="source">${say(`source_${balance.source}`)}</span> <span id="live" class="live" hidden></span></p>
${balance.booksWh === null ? "" : html`<p class="as-of" id="books">${say("books_say", { kwh: readKwh(balance.booksWh, frame.language) })}</p>`}
</section>`;
}

/** The window of the meter, drawn; beside it the same to be read aloud. */
function window_({ language }: Frame, { energyWh }: Balance): Html {
  const { lit, dark, width } = lcdPaths(meterDigits(energyWh));
  return html`<p class="window"><svg id="lcd" viewBox="0 -1 ${width} ${LCD_HEIGHT + 2}" preserveAspectRatio="xMaxYMid meet" aria-hidden="true"><path class="lcd-dark" d="${dark}"/><path class="lcd-lit" d="${lit}"/></svg>
<span class="unit" aria-hidden="true">kWh</span><span id="kwh" class="aloud">${readKwh(energyWh, language)} kWh</span></p>`;
}

function worth({ say, country }: Frame, { balance, rateE4PerKwh }: MyLook): string {
  const minor = balance === null ? null : worthMinor(balance.energyWh, rateE4PerKwh, country.minorDigits);
  if (minor === null || rateE4PerKwh === null) return say("no_rate");
  return say("worth", { money: formatMoney(minor, country), rate: readRate(rateE4PerKwh, country) });
}

function light({ say }: Frame, { meters }: MyLook): string {
  const counting = meters.find(({ role }) => role === "primary");
  if (counting === undefined) return "";
  return say(counting.connected === null ? "light_unknown" : counting.connected ? "light_on" : "light_off");
}

const PROVIDERS: Record<string, string> = { mpesa: "M-Pesa", ecocash: "EcoCash", momo: "MoMo" };
export const providerName = ({ say }: Frame, provider: string | null): string =>
  provider === "cash" ? say("provider_cash") : (PROVIDERS[provider ?? ""] ?? provider ?? "–");

function payments(frame: Frame, look: MyLook, before: number | null): Html {
  const { say } = frame;
  const hint = say("pay_hint", { account: look.account });
  const list =
    look.payments === null
      ? html`<p>${say("not_known")}</p>`
      : look.payments.length === 0
        ? html`<p>${before === null ? say("no_payments", { account: look.account }) : say("not_known")}</p>`
        : html`<p class="quiet">${hint}</p><ul class="paid">${look.payments.map((each) => payment(frame, each, look.now))}</ul>`;
  return html`<section class="card" id="payments" aria-labelledby="payments-title">
<h2 id="payments-title">${say("payments")}</h2>
${list}
${look.older === null ? "" : html`<p><a class="more" href="?before=${look.older}#payments">${say("more")}</a></p>`}
</section>`;
}

function payment(frame: Frame, each: MyPayment, now: number): Html {
  const { say, country, language } = frame;
  const steps = each.takenBack ? [] : each.delivery;
  return html`<li class="${each.takenBack ? "back" : ""}">
<p class="sum"><strong>${formatMoney(each.amountMinor, country)}</strong> <span>${readKwh(each.energyWh, language)} kWh</span></p>
<p class="quiet">${providerName(frame, each.provider)}, ${say("paid", { at: at(frame, each.paidAt, now) })}${each.feesMinor === 0 ? "" : ` · ${say("paid_fees", { money: formatMoney(each.feesMinor, country) })}`}${each.unusedMinor === 0 ? "" : ` · ${say("paid_unused", { money: formatMoney(each.unusedMinor, country) })}`}${each.takenBack ? ` · ${say("taken_back")}` : ""}</p>
${each.later.map(
  ({ soldAt, energyWh, amountMinor }) =>
    html`<p class="quiet">${say("paid_later", { at: at(frame, soldAt, now), kwh: readKwh(energyWh, language), money: formatMoney(amountMinor, country) })}</p>`,
)}
${
  steps.length === 0
    ? ""
    : html`<ol class="steps">${steps.map(
        ({ step, state }) =>
          html`<li class="step-${state}"><span class="aloud">${say(`state_${state}`)}: </span>${say(`step_${step}`)}</li>`,
      )}</ol>`
}
<p><a href="my/receipt/${encodeURIComponent(each.receipt)}">${say("receipt")} ${each.receipt}</a></p>
</li>`;
}

function meters(frame: Frame, look: MyLook): Html {
  const { say } = frame;
  return html`<section class="card" aria-labelledby="meters-title">
<h2 id="meters-title">${say("meters")}</h2>
${
  look.meters.length === 0
    ? html`<p class="quiet">${say("no_meters")}</p>`
    : html`<ul class="meters">${look.meters.map(
        ({ meterNumber, role, readAt }) =>
          html`<li><strong>${meterNumber}</strong> <span class="tag">${say(`role_${role ?? "primary"}`)}</span> <span class="quiet">${
            readAt === null ? say("meter_never") : say("meter_read", { at: at(frame, readAt, look.now) })
          }</span></li>`,
      )}</ul>`
}
</section>`;
}

const others = ({ say }: Frame, look: MyLook) =>
  look.others.length === 0
    ? ""
    : html`<section class="card" aria-labelledby="others-title"><h2 id="others-title">${say("accounts")}</h2>
<ul class="meters">${look.others.map((account) => html`<li><strong>${account}</strong></li>`)}</ul></section>`;

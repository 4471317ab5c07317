import { formatMoney } from "../../src/domain/money.ts";
import {
  lampOf,
  meterDigits,
  readInstant,
  readKwh,
  readRate,
  readSpan,
  worthMinor,
} from "../../src/domain/my-page/format.ts";
import { lcdPaths } from "../../src/domain/my-page/lcd.ts";
import type { LiveAccount } from "../../workers/portal/live-view.ts";
import type { Page } from "./data.ts";

/** What the meter on the page says after a look: by element, the text or drawing that it gets. Pure, so that it is tested. */
export function meterTexts(page: Page, live: LiveAccount) {
  const { say, facts, words, language } = page;
  const { availableWh, minutesLeft, rateE4PerKwh, asOf, meters, status } = live;
  const lamp = lampOf(availableWh, facts);
  const minor = worthMinor(availableWh, rateE4PerKwh, facts.minorDigits);
  const counting = meters.find(({ role }) => role === "primary");
  const connected = counting?.connected ?? null;
  return {
    lamp,
    light:
      counting === undefined ? "" : say(connected === null ? "light_unknown" : connected ? "light_on" : "light_off"),
    lcd: lcdPaths(meterDigits(availableWh)),
    kwh: `${readKwh(availableWh, language)} kWh`,
    worth:
      minor === null || rateE4PerKwh === null
        ? say("no_rate")
        : say("worth", { money: formatMoney(minor, facts), rate: readRate(rateE4PerKwh, facts) }),
    lasts:
      status === "postpaid"
        ? say("postpaid")
        : status === "terminated"
          ? say("terminated")
          : lamp === "none"
            ? say("lasts_none")
            : minutesLeft === null
              ? say("lasts_unknown")
              : say("lasts", { time: readSpan(minutesLeft, words) }),
    asOf: say("as_of", { at: readInstant(asOf, asOf, facts.utcOffsetMinutes, language) }),
    books: say("books_say", { kwh: readKwh(availableWh, language) }),
  };
}

const put = (id: string, text: string) => {
  const element = document.getElementById(id);
  if (element !== null && element.textContent !== text) element.textContent = text;
};

/** Where a platform's wallet is shown, our books have a line of their own, and that alone is live. */
export function drawMeter(page: Page, live: LiveAccount) {
  const texts = meterTexts(page, live);
  put("light", texts.light);
  if (page.source !== "engine") return put("books", texts.books);
  const meter = document.getElementById("meter");
  if (meter !== null) meter.className = `meter lamp-${texts.lamp}`;
  put("lamp", page.words[`lamp_${texts.lamp}`]);
  put("kwh", texts.kwh);
  put("worth", texts.worth);
  put("lasts", texts.lasts);
  put("as-of", texts.asOf);
  const { lit, dark, width } = texts.lcd;
  const lcd = document.getElementById("lcd");
  lcd?.setAttribute("viewBox", `0 -1 ${width} 22`);
  lcd?.querySelector(".lcd-lit")?.setAttribute("d", lit);
  lcd?.querySelector(".lcd-dark")?.setAttribute("d", dark);
}

import { readInstant } from "../../src/domain/my-page/format.ts";
import type { LiveAccount } from "../../workers/portal/live-view.ts";
import type { Page } from "./data.ts";
import { drawMeter } from "./meter.ts";

/** Addresses are relative to the page: the country may stand before it. */
const LIVE = "api/my/live";
const ASK = "api/my/payments?limit=1";
/** The server pings every fifteen seconds; a line that is silent longer is broken. */
const SILENT_MS_MAX = 40_000;
const RETRY_MS = 5_000;
/** A payment that is on its way is looked at so often, and so many times. */
const DELIVERY_MS = 4_000;
const DELIVERY_LOOKS_MAX = 45;

/** Keeps the meter and the newest payment on the page as they are now, and says so; on a lost line it says that too. */
export function watch(page: Page) {
  let source: EventSource | null = null;
  let [retry, silence]: (ReturnType<typeof setTimeout> | undefined)[] = [];
  let shown = page.payment;
  let isLive = false;
  let asOf = page.now;

  const mark = (live: boolean) => {
    isLive = live;
    const element = document.getElementById("live");
    if (element === null) return;
    element.hidden = false;
    element.className = live ? "live live-on" : "live live-off";
    element.textContent = page.say(live ? "live" : "not_live");
    if (live) offline(false, page, asOf);
  };
  const lost = () => {
    source?.close();
    source = null;
    clearTimeout(silence);
    if (isLive) mark(false);
    clearTimeout(retry);
    retry = setTimeout(connect, RETRY_MS);
    void whyLost(page, asOf).then((why) => why === "signed out" && location.reload());
    mark(false);
  };
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(lost, SILENT_MS_MAX);
  };
  function connect() {
    clearTimeout(retry);
    if (source !== null || document.hidden) return;
    const line = new EventSource(LIVE);
    source = line;
    line.addEventListener("message", (event) => {
      heard();
      const now = JSON.parse(event.data) as LiveAccount;
      asOf = now.asOf;
      mark(true);
      drawMeter(page, now);
      const newest = now.lastPayment?.receipt ?? null;
      if (newest !== null && newest !== shown) {
        shown = newest;
        void followDelivery();
      }
    });
    line.addEventListener("ping", heard);
    line.addEventListener("trouble", () => mark(false));
    line.addEventListener("error", () => {
      // A line whose time is over: the browser has begun the next one itself.
      if (line.readyState === EventSource.CONNECTING && isLive) return heard();
      lost();
    });
    heard();
  }
  connect();
  if (document.querySelector("#payments .step-waiting") !== null) void followDelivery();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      // Nobody looks: nothing is asked for.
      source?.close();
      source = null;
      clearTimeout(silence);
      clearTimeout(retry);
    } else connect();
  });
  addEventListener("online", connect);
  addEventListener("offline", lost);
}

/** Says above the page that it is an old one, and of when. */
function offline(is: boolean, page: Page, asOf: number) {
  const element = document.getElementById("offline");
  if (element === null) return;
  element.hidden = !is;
  if (is)
    element.textContent = page.say("offline", {
      at: readInstant(asOf, asOf, page.facts.utcOffsetMinutes, page.language),
    });
}

async function whyLost(page: Page, asOf: number): Promise<"signed out" | "offline" | "other"> {
  const answer = await fetch(ASK).catch(() => null);
  // No network, or the records do not answer: either way this page is the kept one, or will not grow newer.
  if (answer === null || answer.status === 503) offline(true, page, asOf);
  return answer === null ? "offline" : answer.status === 401 ? "signed out" : "other";
}

/** Takes the list of payments from a fresh page until the newest one has arrived: it is drawn in one place only. */
async function followDelivery() {
  for (let looks = 0; looks < DELIVERY_LOOKS_MAX; looks++) {
    const answer = await fetch(location.pathname).catch(() => null);
    if (answer?.ok === true) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("payments");
      if (fresh !== null) document.getElementById("payments")?.replaceWith(fresh);
    }
    if (looks > 0 && document.querySelector("#payments .step-waiting") === null) return;
    await new Promise((done) => setTimeout(done, DELIVERY_MS));
  }
}

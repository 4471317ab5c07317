import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { fillWindow, planWindow } from "../../src/domain/energy-window.ts";
import { filled, MY_WORDS, monthsOf } from "../../src/domain/my-page/words.ts";
import { summaryOf } from "../../web/charts/read.ts";
import { chartWords, type Page } from "../../web/my/data.ts";
import { comparedFigure, estimatedHours, usedFigure } from "../../web/my/figures.ts";
import { meterTexts } from "../../web/my/meter.ts";
import type { LiveAccount } from "../../workers/portal/live-view.ts";

const NOW = Date.UTC(2026, 10, 28, 23, 30);

const page = (over: Partial<Page> = {}): Page => ({
  words: MY_WORDS.en,
  language: "en",
  locale: "en",
  months: monthsOf("en"),
  account: "0045MAK",
  now: NOW,
  source: "engine",
  payment: null,
  facts: COUNTRIES.LS,
  say: (key, values = {}) => filled(MY_WORDS.en[key], values),
  ...over,
});

const live = (over: Partial<LiveAccount> = {}): LiveAccount => ({
  asOf: NOW,
  account: "0045MAK",
  status: "live",
  seq: 7,
  availableWh: 2_040,
  minutesLeft: 1_860,
  currency: "LSL",
  rateE4PerKwh: 50_000,
  meters: [{ meterNumber: "23099001", role: "primary", connected: true, seenAt: NOW }],
  command: null,
  lastPayment: null,
  sms: null,
  ...over,
});

describe("the meter after a look", () => {
  it("says what is left, what it is worth, how long it lasts and when that was", () => {
    expect(meterTexts(page(), live())).toMatchObject({
      kwh: "2.04 kWh",
      worth: "Worth about M10.20 at M5.00 a kWh",
      lasts: "Lasts about 31 h at your usual use",
      light: "Light is on",
      lamp: "ok",
      asOf: "as of 29 Nov 01:30",
    });
  });

  it.each`
    over                                           | lasts
    ${{ availableWh: 0, minutesLeft: 0 }}          | ${"Buy electricity to have light."}
    ${{ minutesLeft: null }}                       | ${"How long it lasts is not known yet."}
    ${{ status: "postpaid", availableWh: -5_000 }} | ${"This account pays after use."}
    ${{ status: "terminated", availableWh: 0 }}    | ${"This account is closed."}
  `("with $over says: $lasts", ({ over, lasts }) => expect(meterTexts(page(), live(over)).lasts).toBe(lasts));

  it("says of a light only what the meter that bills has said", () => {
    const meter = { meterNumber: "1", seenAt: null };
    const lightOf = (meters: LiveAccount["meters"]) => meterTexts(page(), live({ meters })).light;
    expect(lightOf([{ ...meter, role: "primary", connected: false }])).toBe("Light is off");
    expect(lightOf([{ ...meter, role: "primary", connected: null }])).toMatch(/has not said/);
    expect(lightOf([{ ...meter, role: "check", connected: true }])).toBe("");
  });

  it("without a price says that there is none, and never that it is worth nothing", () => {
    expect(meterTexts(page(), live({ rateE4PerKwh: null })).worth).toBe("No price is set for this account.");
  });
});

describe("the figures of what was used", () => {
  const plan = planWindow("7d", NOW, 120);
  const row = (meterNumber: string, isPrimary: boolean, energyWh: number) => ({
    meterNumber,
    isPrimary,
    at: plan.starts[0] ?? 0,
    energyWh,
    hours: 24,
    estimatedHours: 3,
  });
  const energy = (...rows: ReturnType<typeof row>[]) => ({
    ...fillWindow("7d", plan, rows),
    asOf: NOW,
    averageDayWh: null,
  });

  it("have a gap where nothing is known, the day that is not over marked, and the country's time", () => {
    const figure = usedFigure(page(), energy(row("1", true, 1_234)));
    expect(figure).toMatchObject({ running: true, utcOffsetMinutes: 120, bucket: "day", asOf: NOW });
    expect(figure.series[0]?.values).toEqual([1_234, null, null, null, null, null, null]);
    expect(summaryOf(figure, chartWords(page()))).toMatch(
      /^1 values from 23 Nov 2026 to 29 Nov 2026\. .*Nothing is known of 6\.$/,
    );
  });

  it("set two meters beside each other, and one beside nothing", () => {
    expect(comparedFigure(page(), energy(row("1", true, 1)))).toBeNull();
    expect(
      comparedFigure(page(), energy(row("1", true, 1), row("2", false, 2)))?.series.map(({ name }) => name),
    ).toEqual(["meter 1", "meter 2"]);
  });

  it("say how much of them is estimated, of the meters that bill", () => {
    expect(estimatedHours(energy(row("1", true, 1), row("2", false, 2)))).toBe(3);
  });
});

import type { EnergyWindow } from "../../src/domain/energy-window.ts";
import { type Figure, KWH } from "../charts/figure.ts";
import type { Page } from "./data.ts";

/** What `GET /api/my/energy` answers. */
export type Energy = EnergyWindow & { asOf: number; averageDayWh: number | null };

const CHART = { "24h": "chart_24h", "7d": "chart_7d", "30d": "chart_30d", "12m": "chart_12m" } as const;

/** The figure of a window: what was used by the meters that bill. */
export function usedFigure(page: Page, of: Energy): Figure {
  return {
    title: page.say(CHART[of.window]),
    kind: "bar",
    unit: KWH,
    at: of.starts,
    bucket: of.bucket,
    utcOffsetMinutes: page.facts.utcOffsetMinutes,
    running: true,
    series: [{ name: page.say("used"), values: of.energyWh }],
    source: page.say("chart_source"),
    asOf: of.asOf,
  };
}

/** The meters of one account beside each other; null where there is nothing to compare. */
export function comparedFigure(page: Page, of: Energy): Figure | null {
  if (of.meters.length < 2) return null;
  return {
    ...usedFigure(page, of),
    title: page.say("compare"),
    series: of.meters.map(({ meterNumber, energyWh }) => ({
      name: page.say("meter", { number: meterNumber }),
      values: energyWh,
    })),
  };
}

/** Hours of the window that are estimated. */
export const estimatedHours = ({ estimatedHours }: Energy): number =>
  estimatedHours.reduce((total, hours) => total + hours, 0);

import { cash, count } from "../../say.ts";
import { said, wordsOf } from "../../words.ts";
import { type Carrier, type CarrierLine, routeOfKind } from "./carrier-model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");

export const lineName = (line: CarrierLine): string =>
  line === "price" || line === "caps" || line === "quiet" ? t(`carrier_${line}`) : said("settings", "kind", line);

/** A setting's line as people read it. */
export function lineValue(setting: Carrier, line: CarrierLine): string {
  if (line === "price") return setting.partPriceMinor === null ? t("carrier_no_price") : cash(setting.partPriceMinor);
  if (line === "caps") return t("carrier_caps_are", { hour: count(setting.perHourMax), day: count(setting.perDayMax) });
  if (line === "quiet") return t("carrier_quiet_is", { from: hour(setting.quiet.from), to: hour(setting.quiet.to) });
  return said("settings", "route", routeOfKind(setting, line));
}
const hour = (value: number): string => `${String(value).padStart(2, "0")}:00`;

/** What would be another than now. */
export const ChangedLines = ({ now, next, lines }: { now: Carrier; next: Carrier; lines: readonly CarrierLine[] }) => (
  <dl class="facts">
    {lines.map((line) => [
      <dt key={`${line}:`}>{lineName(line)}</dt>,
      <dd key={line}>
        {lineValue(now, line)} → {lineValue(next, line)}
      </dd>,
    ])}
  </dl>
);

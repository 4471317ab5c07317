import type { InferResponseType } from "hono/client";
import { decimalText } from "../../../src/domain/decimal.ts";
import { parseAmountMinor } from "../../../src/domain/money.ts";
import {
  CARRIER_PER_DAY_MAX,
  CARRIER_PER_HOUR_MAX,
  type CarrierSetting,
  PART_PRICE_MINOR_MAX,
  type QuietHours,
} from "../../../src/domain/sms-route.ts";
import type { api } from "../../api.ts";

export type CarrierAnswer = InferResponseType<ReturnType<typeof api>["settings"]["carrier"]["$get"], 200>;
export type Carrier = CarrierSetting & { quiet: QuietHours };
export type RoutedKind = CarrierAnswer["kinds"][number];
export type Route = CarrierAnswer["routes"][number];

/** As it is sent: a kind that has no route is not named. */
export const carrierOf = ({ routes, ...rest }: CarrierAnswer["setting"]): Carrier => ({
  ...rest,
  routes: Object.fromEntries(Object.entries(routes).filter(([, route]) => route !== undefined)),
});

/** What is typed: the price in the country's money, empty where nobody says it; hours as "20". */
export type CarrierTyped = {
  routes: Carrier["routes"];
  price: string;
  perHour: string;
  perDay: string;
  from: string;
  to: string;
};
export type CarrierField = Exclude<keyof CarrierTyped, "routes">;

/** A kind without a route goes by phone. */
export const routeOfKind = ({ routes }: Pick<Carrier, "routes">, kind: RoutedKind): Route => routes[kind] ?? "phone";

export const carrierTyped = (now: Carrier, minorDigits: 0 | 2): CarrierTyped => ({
  routes: now.routes,
  price: now.partPriceMinor === null ? "" : decimalText(now.partPriceMinor, minorDigits),
  perHour: String(now.perHourMax),
  perDay: String(now.perDayMax),
  from: String(now.quiet.from),
  to: String(now.quiet.to),
});

const between = (text: string, min: number, max: number): number | null => {
  const value = /^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : -1;
  return value >= min && value <= max ? value : null;
};
const LAST_HOUR = 23;

/** What was typed, as it is sent; what cannot be read, or is beyond what the server takes, is named. */
export function readCarrier(typed: CarrierTyped, minorDigits: 0 | 2): { setting: Carrier; wrong: CarrierField[] } {
  const hasPrice = typed.price.trim() !== "";
  const priceMinor = hasPrice ? parseAmountMinor(typed.price, minorDigits) : null;
  const read = {
    perHour: between(typed.perHour, 1, CARRIER_PER_HOUR_MAX),
    perDay: between(typed.perDay, 1, CARRIER_PER_DAY_MAX),
    from: between(typed.from, 0, LAST_HOUR),
    to: between(typed.to, 0, LAST_HOUR),
  };
  const wrong: CarrierField[] = (["perHour", "perDay", "from", "to"] as const).filter((name) => read[name] === null);
  if (hasPrice && (priceMinor === null || priceMinor > PART_PRICE_MINOR_MAX)) wrong.unshift("price");
  if (read.from !== null && read.from === read.to) wrong.push("to");
  return {
    setting: {
      routes: typed.routes,
      partPriceMinor: priceMinor,
      perHourMax: read.perHour ?? 0,
      perDayMax: read.perDay ?? 0,
      quiet: { from: read.from ?? 0, to: read.to ?? 0 },
    },
    wrong,
  };
}

/** What was typed from `was` on, over what is set by now: a field that was touched stays, the rest is as it is now. */
export function rebasedCarrier(was: Carrier, typed: CarrierTyped, now: Carrier, minorDigits: 0 | 2): CarrierTyped {
  const [before, after] = [carrierTyped(was, minorDigits), carrierTyped(now, minorDigits)];
  const kinds = [...new Set([before, typed, after].flatMap(({ routes }) => Object.keys(routes)))] as RoutedKind[];
  const pick = (field: CarrierField) => (typed[field] === before[field] ? after[field] : typed[field]);
  return {
    routes: Object.fromEntries(
      kinds.map((kind) => {
        const isTouched = routeOfKind(typed, kind) !== routeOfKind(before, kind);
        return [kind, routeOfKind(isTouched ? typed : after, kind)];
      }),
    ),
    ...{ price: pick("price"), perHour: pick("perHour"), perDay: pick("perDay"), from: pick("from"), to: pick("to") },
  };
}

/** One line of what is set: a kind's route, or one of the figures. */
export type CarrierLine = RoutedKind | "price" | "caps" | "quiet";

/** What would be another than now, a line each. A route that says what goes without saying changes nothing. */
export function carrierChanges(now: Carrier, next: Carrier, kinds: readonly RoutedKind[]): CarrierLine[] {
  const lines: CarrierLine[] = kinds.filter((kind) => routeOfKind(now, kind) !== routeOfKind(next, kind));
  if (now.partPriceMinor !== next.partPriceMinor) lines.push("price");
  if (now.perHourMax !== next.perHourMax || now.perDayMax !== next.perDayMax) lines.push("caps");
  if (now.quiet.from !== next.quiet.from || now.quiet.to !== next.quiet.to) lines.push("quiet");
  return lines;
}

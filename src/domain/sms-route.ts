import { choosePhone, type Pulse } from "./sms-choice.ts";
import { TEMPLATE_KINDS, type TemplateKind } from "./templates.ts";

/** By which channel an SMS goes: a gateway phone, or the bulk carrier; `_else_`: by the other one where the first cannot. */
export const SMS_ROUTES = ["phone", "phone_else_carrier", "carrier", "carrier_else_phone"] as const;
export type SmsRoute = (typeof SMS_ROUTES)[number];

/** Stands where a phone's id would: the SMS is the carrier's. No phone has a colon in its id. */
export const CARRIER_ID = "carrier:cm";

/** How people know the carrier. */
export const CARRIER_NAME = "CM.com";

/** A code opens an account, and the carrier's rows can be read here: it is never theirs. Answers go back through the phone that was asked. */
const BY_PHONE_ONLY: readonly TemplateKind[] = [
  "claim_code",
  "balance",
  "last_payment",
  "menu_help",
  "welcome",
  "contract",
];
export const ROUTED_KINDS = TEMPLATE_KINDS.filter((kind) => !BY_PHONE_ONLY.includes(kind));

/** Local hours in which nobody is written to who did not just do something: from the first one on, until the second. */
export type QuietHours = { from: number; to: number };
export const QUIET_HOURS: QuietHours = { from: 20, to: 7 };

/** What people set of the carrier: the route of each kind (a phone where nothing is said), what a part costs, its caps, and the quiet hours. */
export type CarrierSetting = {
  routes: Partial<Record<TemplateKind, SmsRoute>>;
  /** Minor units a part; null: nobody has said. */
  partPriceMinor: number | null;
  perHourMax: number;
  perDayMax: number;
  /** Absent: `QUIET_HOURS`, as before anybody could say. */
  quiet?: QuietHours;
};
/** Minor units. */
export const PART_PRICE_MINOR_MAX = 10_000;
export const CARRIER_PER_HOUR_MAX = 2_000;
export const CARRIER_PER_DAY_MAX = 10_000;
export const CARRIER_UNSET: CarrierSetting = { routes: {}, partPriceMinor: null, perHourMax: 300, perDayMax: 2_000 };

/** The route of a kind. Without a carrier everything goes by phone. */
export function routeOf(setting: CarrierSetting | null, kind: string | null, hasCarrier: boolean): SmsRoute {
  const routed = ROUTED_KINDS.find((each) => each === kind);
  return !hasCarrier || routed === undefined ? "phone" : (setting?.routes[routed] ?? "phone");
}

/** The channel an SMS is bound to: a phone's id or the carrier's. Null: there is none. */
export function chooseChannel(route: SmsRoute, phones: readonly Pulse[], now: number): string | null {
  if (route === "carrier" || route === "carrier_else_phone") return CARRIER_ID;
  const phone = choosePhone(phones, now);
  if (route === "phone_else_carrier" && phone?.healthy !== true) return CARRIER_ID;
  return phone?.phoneId ?? null;
}

/** Whether the carrier takes what a silent phone has never offered. */
export const takesOver = (route: SmsRoute): boolean => route === "phone_else_carrier";
/** Whether a phone takes what the carrier certainly did not send. */
export const givesBack = (route: SmsRoute): boolean => route === "carrier_else_phone";

/** What is said at any hour: it answers what somebody just did. */
const AT_ANY_HOUR: readonly string[] = ["payment_receipt"] satisfies TemplateKind[];
export const ANY_HOUR_KINDS: readonly string[] = AT_ANY_HOUR;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Whether it is a quiet hour where the customers live. */
export function isQuiet(now: number, utcOffsetMinutes: number, { from, to } = QUIET_HOURS): boolean {
  const hour = Math.floor((now + utcOffsetMinutes * MINUTE_MS) / HOUR_MS) % 24;
  return from > to ? hour >= from || hour < to : hour >= from && hour < to;
}

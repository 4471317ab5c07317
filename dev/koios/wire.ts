import { INTERVAL_MS } from "../vendors/energy.ts";
import type { VendorCustomer } from "../vendors/people.ts";
import type { WalletPayment } from "../vendors/wallets.ts";
import type { KoiosSite, OrgState } from "./org.ts";

/** Koios's envelopes and objects, each in one place. Money and quantities are texts. */

export const list = (data: unknown[], cursor: string | null = null) => ({ errors: [], data, cursor });
export const one = (data: unknown) => ({ errors: [], data });
export const errors = (title: string, details: string | null = null) => ({
  errors: [{ title, details }],
  data: null,
  cursor: null,
});
export const v2Error = (code: string, message: string) => ({ error: true, code, message, details: {} });

/** The three shapes in which Koios says that it knows no such key. */
export const UNAUTHORISED = [
  { errors: [{ title: "Authentication Error", details: "Missing API key" }] },
  { detail: "Invalid API key" },
  { detail: ["Invalid API key"] },
] as const;

const rate = (rateE4PerKwh: number) => (rateE4PerKwh / 10_000).toFixed(3);

export function tariffOf(org: OrgState, { rateE4PerKwh }: Pick<VendorCustomer, "rateE4PerKwh">) {
  const { currency } = org.options;
  const value = rate(rateE4PerKwh);
  return {
    id: org.tariffId(rateE4PerKwh),
    name: `Flat ${value}`,
    rate_amount: value,
    electricity_rate: { value, unit: `${currency}/kWh` },
  };
}

/** `latest_reading` is documented as an object and was always null. */
export function meterOf(org: OrgState, customer: VendorCustomer) {
  const { serial } = customer;
  if (serial === null) return [];
  return [
    {
      id: org.meterId(serial),
      serial,
      address: "",
      coordinates: null,
      operating_mode: org.relays.get(serial) ?? "auto",
      tariff: tariffOf(org, customer),
      latest_reading: null,
    },
  ];
}

export function customerOf(org: OrgState, customer: VendorCustomer) {
  const { code, name, phone, site } = customer;
  const { currency } = org.options;
  const place = org.site(site);
  const money = (minor: number) => ({ value: org.wallets.money(minor), currency });
  return {
    id: org.customerId(code),
    name,
    code,
    phone_number: phone,
    service_area_id: place?.serviceAreaId ?? null,
    site_id: place?.id ?? null,
    balances: { credit: money(org.wallets.balanceMinor(code) ?? 0), debt: money(0), plan: money(0) },
    meters: meterOf(org, customer),
    last_plan_renewal: null,
    next_plan_renewal: null,
    energy_limited: false,
    last_energy_limit_reset_at: null,
    last_energy_limit_reset_energy: null,
  };
}

export function paymentOf(org: OrgState, payment: WalletPayment) {
  return {
    id: payment.id,
    recipient_id: org.customerId(payment.code),
    amount: { value: org.wallets.money(payment.amountMinor), currency: org.options.currency },
    memo: payment.memo,
    external_id: payment.externalId,
    status: org.wallets.isProcessed(payment) ? "processed" : "pending",
    type: payment.kind,
  };
}

/** The same at the browser's endpoint, which says when and where, too. */
export function webPaymentOf(org: OrgState, payment: WalletPayment) {
  const { id, recipient_id, external_id, amount, status, type, memo } = paymentOf(org, payment);
  return {
    id,
    external_id,
    credited_at: stamp(payment.at),
    amount,
    status: org.wallets.isReversed(payment.id) ? "reversed" : status,
    type,
    memo,
    recipient_id,
    customer_meter_serial: org.wallets.customers.get(payment.code)?.serial ?? null,
    customer_code: payment.code,
    creator_name: payment.by === "operator" ? "Console Operator" : "API",
  };
}

export const siteOf = (org: OrgState, site: KoiosSite) => ({
  id: site.id,
  sparkmeter_id: site.sparkmeterId,
  name: site.name,
  site_type: "grid",
  service_area_id: site.serviceAreaId,
  meter_count: org.metered(site.code).length,
});

/** "2026-04-10T13:15:00+00:00" */
export function stamp(at: number): string {
  if (at !== stampedAt) {
    stampedAt = at;
    stamped = `${new Date(at).toISOString().slice(0, 19)}+00:00`;
  }
  return stamped;
}
/** Hundreds of meters are read at one instant, one after the other. */
let stampedAt = Number.NaN;
let stamped = "";

/** Kilowatt-hours of tenths of a watt-hour: the number that is written with up to four decimals. */
export const kwh = (tenthsWh: number) => tenthsWh / 10_000;

export type ReadingShape = { flat: boolean; energyKey: boolean };

/** A reading as it is seen in practice: its timestamp is the interval's start. */
export function readingOf(
  org: OrgState,
  row: { customer: VendorCustomer; startAt: number; tenthsWh: number; code: string | null; isTotal: boolean },
  { flat, energyKey }: ReadingShape,
) {
  const { customer, startAt, tenthsWh, code } = row;
  const energy = kwh(tenthsWh);
  // The schema's timestamp is the period's end.
  if (flat)
    return {
      site_id: org.site(customer.site)?.id,
      meter_id: row.isTotal ? `TOTALIZER-${customer.site}` : customer.serial,
      customer_id: row.isTotal ? null : org.customerId(customer.code),
      timestamp: stamp(startAt + INTERVAL_MS),
      energy,
      voltage_avg: 229.4,
      current_avg: 0.4,
      power_factor_avg: 0.97,
      credit_wallet_balance: null,
      state: "on",
      type: row.isTotal ? "totalizer" : "customer",
    };
  const meter = { serial_number: customer.serial, customer: code === null ? null : { code } };
  return {
    meter,
    timestamp: stamp(startAt),
    ...(energyKey ? { energy } : { kilowatt_hours: energy }),
    voltage_avg: 229.4,
    current_avg: 0.4,
  };
}

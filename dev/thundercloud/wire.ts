import { DAY_MS, INTERVAL_MS } from "../vendors/energy.ts";
import type { VendorCustomer } from "../vendors/people.ts";
import type { WalletPayment } from "../vendors/wallets.ts";
import type { TcState } from "./state.ts";

/** ThunderCloud's objects, each in one place. Here money and energy are numbers. */

export const failure = (error: string) => ({ error, status: "failure" });
export const success = (what: Record<string, unknown>) => ({ ...what, error: null, status: "success" });

const round = (value: number, decimals: number) => Number(value.toFixed(decimals));

/** `credit_balance` is currency, whatever the console's label says. */
export function customerOf(tc: TcState, customer: VendorCustomer, withReadings = true) {
  const { code, name, phone } = customer;
  const scale = 10 ** tc.wallets.options.minorDigits;
  return {
    id: tc.customerId(code),
    code,
    name,
    credit_balance: round((tc.wallets.balanceMinor(code) ?? 0) / scale, 2),
    debt_balance: 0,
    phone_number: phone,
    meters: meterOf(tc, customer, withReadings),
  };
}

function meterOf(tc: TcState, customer: VendorCustomer, withReadings: boolean) {
  const { serial, rateE4PerKwh } = customer;
  const energy = tc.wallets.energyOf(customer);
  if (serial === null || energy === null) return [];
  const { clock, board, wallets } = tc;
  const seenTo = Math.min(clock.now(), tc.lastSync());
  const at = Math.floor(seenTo / INTERVAL_MS) * INTERVAL_MS - INTERVAL_MS;
  const today = Math.floor(at / DAY_MS) * DAY_MS;
  const sinceReset = board.strikes("cumulative_reset", serial) === null ? wallets.openedAt : today;
  const wh = energy.intervalWh(at);
  const watts = wh * 4;
  const isKw = board.strikes("kilowatts", serial) !== null;
  return [
    {
      serial,
      current_daily_energy: round(energy.betweenWh(today, at + INTERVAL_MS) / 1_000, 3),
      total_cycle_energy: round(energy.betweenWh(sinceReset, at + INTERVAL_MS) / 1_000, 3),
      last_energy: round(wh / 1_000, 3),
      last_energy_datetime: new Date(at).toISOString(),
      ...(withReadings
        ? {
            latest_reading: {
              timestamp: new Date(at).toISOString(),
              kilowatt_hours: round(wh / 1_000, 4),
              avg_true_power: isKw ? round(watts / 1_000, 4) : watts,
              avg_voltage: 229,
              cost: round((wh * rateE4PerKwh) / 10_000_000, 4),
            },
          }
        : {}),
    },
  ];
}

/** A line of the console's list of transactions. */
export function transactionOf(tc: TcState, payment: WalletPayment) {
  const scale = 10 ** tc.wallets.options.minorDigits;
  return {
    id: payment.id,
    acct_type: "credit",
    amount: payment.amountMinor / scale,
    created: new Date(payment.at).toISOString(),
    external_id: payment.externalId,
    memo: payment.memo,
    status: tc.isDone(payment) ? "processed" : "pending",
    source: payment.by === "api" ? "api" : "console",
    to_data: {
      meter_serial: tc.wallets.customers.get(payment.code)?.serial ?? null,
      customer_code: payment.code,
    },
  };
}

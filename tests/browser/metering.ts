import { expect } from "vitest";
import { world } from "./browser.ts";

/** What journeys about meters send to the country, as its bridge and its operators would. */

const ls = () => world().countries.LS;

/** A POST with the operators' key. */
export async function operate(path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(new URL(path, ls().url), {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Ops-Key": ls().opsKey,
      "X-Actor": "journey",
      "Idempotency-Key": crypto.randomUUID(),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  expect(answer.ok, `${path}: ${answer.status} ${text}`).toBe(true);
  return JSON.parse(text);
}

/** An account that nobody else uses, with the meters named. */
export const makeAccount = (account: string, name: string, meters: { meterNumber: string; thing?: string }[]) =>
  operate("/api/ops/accounts", { accounts: [{ account, name, phone: null, language: "en", status: "live", meters }] });

/** What a meter says now; its register in watt-hours. */
export async function sendReading(meter: string, registerWh: number, relay: "0" | "1" = "1"): Promise<void> {
  const answer = await fetch(new URL("/api/meters/reading", ls().url), {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-IoT-Key": ls().iotKey },
    body: JSON.stringify({
      meter_id: meter.padStart(12, "0"),
      timestamp: new Date().toISOString(),
      energy_active: (registerWh / 1_000).toFixed(3),
      relay,
    }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

/** The same of many readings, of any instants, in one call. */
export async function sendReadings(readings: { meter: string; at: number; registerWh: number }[]): Promise<void> {
  const answer = await fetch(new URL("/api/meters/readings", ls().url), {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-IoT-Key": ls().iotKey },
    body: JSON.stringify(
      readings.map(({ meter, at, registerWh }) => ({
        meter_id: meter.padStart(12, "0"),
        timestamp: new Date(at).toISOString(),
        energy_active: (registerWh / 1_000).toFixed(3),
        relay: "1",
      })),
    ),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

/** A number that no other run of these journeys has used. */
export const freshMeter = (): string => String(70_000_000 + Math.floor(Math.random() * 9_000_000));
const began = Math.floor(Date.now() / 1_000);
/** Two files are run at a time: one has the odd numbers. */
const WORKER = Number(process.env.VITEST_POOL_ID) % 2;
let accounts = 0;
/** The same of an account: another one each second, so that no two files of one run make the same. */
export function freshAccount(site: string): string {
  accounts += 1;
  return `${7_000 + 2 * ((began + accounts) % 1_000) + WORKER}${site}`;
}

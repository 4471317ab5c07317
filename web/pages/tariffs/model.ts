import type { InferResponseType } from "hono/client";
import { canonicalAccount } from "../../../src/domain/account.ts";
import { wholeUnits } from "../../../src/domain/decimal.ts";
import type { api } from "../../api.ts";

type Client = ReturnType<typeof api>["tariffs"];
export type InForce = InferResponseType<Client["$get"], 200>;
export type HistoryRow = InferResponseType<Client["history"]["$get"], 200>["rows"][number];
export type DryRun = InferResponseType<Client["dry-run"]["$post"], 200>;
export type Told = InferResponseType<Client["told"]["$get"], 200>;

const RATE_DECIMALS = 4;

/** "5.50" from ten-thousandths: two decimals at least where the currency has them, four where they are there. */
export function rateText(rateE4: number, minorDigits: 0 | 2): string {
  const whole = Math.floor(rateE4 / 10_000);
  const decimals = String(rateE4 % 10_000)
    .padStart(RATE_DECIMALS, "0")
    .replace(/0+$/, "")
    .padEnd(minorDigits, "0");
  return decimals === "" ? String(whole) : `${whole}.${decimals}`;
}

/** What somebody typed for a rate, in ten-thousandths; null: it is none, or has more than four decimals. */
export function readRate(typed: string): number | null {
  const text = typed.trim().replace(",", ".");
  if (!/^\d{1,8}(\.\d{1,4})?$/.test(text)) return null;
  const rate = wholeUnits(text, RATE_DECIMALS);
  return rate === null || rate <= 0 ? null : rate;
}

/** A day and time on the country's clock, as a field of the browser has it, as an instant. */
export function instantOf(local: string, utcOffsetMinutes: number): string {
  const size = Math.abs(utcOffsetMinutes);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${local}:00${utcOffsetMinutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export type Form = {
  scope: "global" | "site" | "account";
  site: string;
  account: string;
  kind: "rate" | "nothing" | "ends";
  rate: string;
  from: string;
  reason: string;
};
export const BLANK: Form = { scope: "site", site: "", account: "", kind: "rate", rate: "", from: "", reason: "" };

/** An empty form; where a link names an account, for its rate, however it is spelt. */
export function blankFor(asked: string): Form {
  if (asked.trim() === "") return BLANK;
  const account = canonicalAccount(asked);
  return { ...BLANK, scope: "account", account: account.ok ? account.value : asked.trim() };
}

/** What is asked of the server; null: the rate cannot be read. */
export function wantedOf(form: Form, utcOffsetMinutes: number) {
  const rate = form.kind === "rate" ? readRate(form.rate) : null;
  if (form.kind === "rate" && rate === null) return null;
  return {
    scope: form.scope,
    ...(form.scope === "site" ? { site: form.site } : {}),
    ...(form.scope === "account" ? { account: form.account } : {}),
    ...(form.kind === "ends" && form.scope !== "global" ? { ends: true as const } : { rateE4PerKwh: rate }),
    ...(form.from === "" ? {} : { validFrom: instantOf(form.from, utcOffsetMinutes) }),
  };
}

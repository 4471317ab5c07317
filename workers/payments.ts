import { Hono } from "hono";
import { z } from "zod";
import { canonicalAccount } from "../src/domain/account.ts";
import type { ReceiptState } from "../src/domain/claim.ts";
import { COUNTRIES, type Country, type Operator } from "../src/domain/country.ts";
import { parseAmountMinor } from "../src/domain/money.ts";
import { canonicalPhone } from "../src/domain/phone.ts";
import { canonicalReceipt } from "../src/domain/receipt.ts";
import type { Result } from "../src/domain/result.ts";
import {
  type Received,
  type ReceiveError,
  receivePayment,
  type StatedPayment,
} from "../src/services/receive-payment.ts";
import { allow } from "./allow.ts";
import { isStorable, json, limited, saysJson } from "./body.ts";
import { door } from "./door.ts";
import type { Env } from "./env.ts";
import { fail } from "./errors.ts";
import { sha256Hex } from "./keys.ts";
import { clockOf, countryOf, receivePortsOf } from "./ports.ts";

const text = (max: number) => z.string().min(1).max(max).refine(isStorable, "text without U+0000 and lone surrogates");

/** A payment as providers and the old PHP state it. Amounts are in currency units, as number or decimal text. */
const PaymentBody = z.object({
  account_number: text(20),
  amount: z.union([z.number(), text(30)]),
  reference: text(80).optional(),
  payment_reference: text(80).optional(),
  phone: text(40).nullish(),
  provider: z.enum(["mpesa", "ecocash", "momo", "cash", "manual"]).optional(),
  timestamp: z.union([text(40), z.number()]).nullish(),
  meter_id: text(40).nullish(),
  note: text(500).nullish(),
  /** Whoever states one of these says that it is ours; money of another country is never taken for our own. */
  currency: text(10).nullish(),
  country: text(40).nullish(),
});
type PaymentBody = z.infer<typeof PaymentBody>;

const STATUS = { amount_differs: 409, held_by_another: 409, not_ready: 503 } as const satisfies Record<
  ReceiveError["kind"],
  number
>;
const MESSAGE = {
  amount_differs: "this receipt was claimed with another amount; nothing was moved, and a case is open",
  held_by_another: "this receipt is held by another account; nothing was moved",
  not_ready: "not ready yet; send the same again",
} as const satisfies Record<ReceiveError["kind"], string>;

export const payments = new Hono<{ Bindings: Env }>()
  .post("/webhook", door("gateway", "provider"), limited, saysJson, json(PaymentBody), async (c) => {
    const fromProvider = c.get("caller") === "provider";
    const body = c.req.valid("json");
    const read = readPayment(body, body.reference ?? c.req.header("Idempotency-Key"), countryOf(c.env));
    if (!read.ok) return c.json(read.body, 400);
    const now = clockOf(c.env).now();
    const payment: StatedPayment = {
      ...read.payment,
      road: "webhook",
      actor: null,
      fromProvider,
      sightingKey: `webhook:${sha256Hex(JSON.stringify([read.payment, fromProvider]))}`,
      receivedAt: now,
    };
    return answer(c, body, await receivePayment(receivePortsOf(c.env), payment));
  })
  .post("/record", allow("money.write"), limited, saysJson, json(PaymentBody), async (c) => {
    const by = c.get("actor");
    const body = c.req.valid("json");
    const key = c.req.header("Idempotency-Key");
    const reference = body.payment_reference ?? body.reference ?? (body.provider === "cash" ? key : undefined);
    const read = readPayment(body, reference, countryOf(c.env));
    if (!read.ok) return c.json(read.body, 400);
    const now = clockOf(c.env).now();
    const payment: StatedPayment = {
      ...read.payment,
      road: "manual",
      actor: by,
      fromProvider: false,
      sightingKey: `manual:${sha256Hex(JSON.stringify([read.payment, by]))}`,
      receivedAt: now,
    };
    return answer(c, body, await receivePayment(receivePortsOf(c.env), payment));
  });

type Read =
  | {
      ok: true;
      payment: Pick<StatedPayment, "receipt" | "provider" | "amountMinor" | "account" | "payerPhone" | "statedAt">;
    }
  | { ok: false; body: { error: { kind: string; message: string; details: unknown }; detail: string } };

const isOperator = (provider: PaymentBody["provider"]): provider is Operator =>
  provider !== undefined && provider !== "cash" && provider !== "manual";

/** From what was sent to exact values, or the field that is wrong. */
function readPayment(body: PaymentBody, reference: string | undefined, country: Country): Read {
  const wrong = (field: string, value: unknown, expected: string): Read => ({
    ok: false,
    body: {
      error: { kind: "bad_field", message: `check ${field}`, details: [{ field, value, expected }] },
      detail: `${field}: ${expected}`, // the old clients read this one
    },
  });
  const currency = body.currency?.trim().toUpperCase() ?? "";
  if (/^[A-Z]{3}$/.test(currency) && currency !== country.currency)
    return wrong("currency", body.currency, `${country.currency}, the money of ${country.name}`);
  const code = body.country?.trim().toUpperCase() ?? "";
  if (code in COUNTRIES && code !== country.code)
    return wrong("country", body.country, `${country.code}: send it to that country's own address`);
  const { operators } = country;
  if (isOperator(body.provider) && !operators.includes(body.provider))
    return wrong("provider", body.provider, `${operators.join(", ")}, cash or manual`);
  const account = canonicalAccount(body.account_number);
  if (!account.ok) return wrong("account_number", body.account_number, "4 digits and 3 letters, as 0045MAK");
  const amountMinor = parseAmountMinor(String(body.amount), country.minorDigits);
  if (amountMinor === null || amountMinor <= 0)
    return wrong(
      "amount",
      body.amount,
      `a positive amount of ${country.currency} with at most ${country.minorDigits} decimals`,
    );
  const receipt = reference === undefined ? null : canonicalReceipt(reference);
  if (receipt === null)
    return wrong("reference", reference ?? null, "the operator's receipt, or an Idempotency-Key for cash");
  const phone = body.phone === null || body.phone === undefined ? null : canonicalPhone(body.phone, country);
  return {
    ok: true,
    payment: {
      receipt,
      provider: body.provider === undefined || body.provider === "manual" ? defaultProvider(country) : body.provider,
      amountMinor,
      account: account.value,
      payerPhone: phone,
      statedAt: instantOf(body.timestamp),
    },
  };
}

const defaultProvider = (country: Country) => country.operators[0] ?? "cash";

/** ISO with a zone, or epoch seconds or milliseconds. Anything else is impossible, so that the payment is held for its date. */
function instantOf(stated: string | number | null | undefined): number | null | "impossible" {
  if (stated === null || stated === undefined) return null;
  if (typeof stated === "number")
    return Number.isFinite(stated) ? Math.round(stated < 1e11 ? stated * 1000 : stated) : "impossible";
  const iso = z.iso.datetime({ offset: true }).safeParse(stated.trim());
  if (!iso.success) return "impossible";
  const at = Date.parse(iso.data);
  return Number.isNaN(at) ? "impossible" : at;
}

type C = Parameters<typeof fail>[0];

function answer(c: C, body: PaymentBody, received: Result<Received, ReceiveError>) {
  if (!received.ok) {
    const { kind } = received.error;
    return fail(
      c,
      STATUS[kind],
      kind,
      MESSAGE[kind],
      "state" in received.error ? holdersOf(received.error.state) : null,
    );
  }
  const { status, state } = received.value;
  const entry = state.shares.find((share) => share.entry !== null)?.entry ?? null;
  return c.json({
    status: status === "credited" ? "ok" : status,
    message: SAID[status],
    transaction_id: state.shares[0]?.entryKey ?? null,
    receipt: state.receipt,
    generation: state.generation,
    account_number: entry?.account ?? canonicalOr(body.account_number),
    amount_minor: state.amountMinor,
    currency: state.currency,
    because: received.value.status === "held" ? received.value.because : null,
    kwh_vended: entry === null ? null : entry.energyWh / 1000,
    balance_kwh: entry === null ? null : entry.balanceAfterWh / 1000,
    rate: entry === null ? null : entry.rateE4PerKwh / 10_000,
    meter_id: body.meter_id ?? null,
  });
}

const SAID = {
  credited: "credited",
  duplicate: "already credited; nothing was moved",
  held: "kept safe in suspense; a person assigns it",
  pending: "kept safe; the account is credited as soon as it answers",
} as const satisfies Record<Received["status"], string>;

const canonicalOr = (account: string) => {
  const canonical = canonicalAccount(account);
  return canonical.ok ? canonical.value : account;
};

const holdersOf = (state: ReceiptState) => ({
  receipt: state.receipt,
  generation: state.generation,
  amountMinor: state.amountMinor,
  currency: state.currency,
  holders: state.shares.map(({ holder, amountMinor }) => ({
    kind: holder.kind,
    account: holder.kind === "account" ? holder.account : null,
    amountMinor,
  })),
});

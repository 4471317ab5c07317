import { Hono } from "hono";
import { z } from "zod";
import { matchDelivery } from "../../src/adapters/neon/delivery.ts";
import { canonicalAccount } from "../../src/domain/account.ts";
import type { CallRequest } from "../../src/domain/call-request.ts";
import { deliveryWord } from "../../src/domain/carrier-sms.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { canonicalPhone } from "../../src/domain/phone.ts";
import { canonicalReceipt } from "../../src/domain/receipt.ts";
import { energyValueMinor } from "../../src/domain/value.ts";
import type { CreditState } from "../../src/domain/vendor-credit.ts";
import type { AccountView } from "../../src/ports/accounts.ts";
import { log } from "../../src/ports/log.ts";
import { RECONCILE_KEYS_MAX, reconcileReceipts, SMS_LOG_MAX, smsLog } from "../../src/queries/sms-log.ts";
import { creditsSummary } from "../../src/queries/vendor-credits.ts";
import { requestCall } from "../../src/services/request-call.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import { door } from "../door.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { shownOf } from "../live-balances.ts";
import { directoryOf } from "../objects/locate.ts";
import {
  accountsOf,
  BALANCES_MAX,
  balanceLimitKey,
  callPortsOf,
  clockOf,
  countryOf,
  databaseOf,
  lookupsOf,
  readerOf,
} from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { carrierBookOf } from "../sms-channels.ts";
import { vendorCreditsOf } from "../vendors.ts";

const ACCOUNTS_OF_PHONE_MAX = 20;

const text = (max: number) => z.string().max(max).refine(isStorable, "text without U+0000 and lone surrogates");
const DeliveryBody = z.object({
  phone: text(40),
  status: text(40),
  error_code: z.number().int().nullish(),
  message_error_code: z.number().int().nullish(),
  details: text(1_000).nullish(),
  sent_at: text(40).nullish(),
  /** How our own request named the SMS; the old PHP does not know it. */
  reference: text(40).nullish(),
});
const ReconcileBody = z.object({ receipt_keys: z.array(z.string().max(120)).max(RECONCILE_KEYS_MAX) });

type C = Parameters<typeof fail>[0];

const LogLimit = queryNumber(1, SMS_LOG_MAX).default(100);

/** What the old PHP asks us, under its key. */
export const gatewayRoutes = new Hono<{ Bindings: Env }>()
  .get("/payments/gateway/balance/:account", door("gateway", "provider"), async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    if (!account.ok) return fail(c, 404, "unknown_account", "no such account here");
    const view = await accountsOf(c.env).view(account.value);
    if (view === "not_ready") return fail(c, 503, "not_ready", "not ready yet; ask again");
    if (view === null) return fail(c, 404, "unknown_account", "no such account here");
    return (await overLimit(c, `acct:${account.value}`)) ?? c.json(await balanceOf(c.env, view));
  })
  .get("/payments/gateway/balances-by-phone", door("gateway", "provider"), async (c) => {
    const typed = c.req.query("phone") ?? "";
    const phone = canonicalPhone(typed, countryOf(c.env));
    if (phone === null) return c.json({ phone: typed, accounts: [], error: "no_customer" });
    const found = await lookupsOf(c.env).accountsByPhone(phone);
    if (found === "down") return fail(c, 503, "database_down", "the database does not answer; ask again");
    // The old PHP asks after a missed call and after a keyword such as balance alike, and says which only where it was taught to.
    const because = c.req.query("because");
    if (because !== "keyword") await missedCall(c.env, phone, because === "missed_call" ? "missed_call" : "unsaid");
    if (found.length === 0) return c.json({ phone, accounts: [], error: "no_customer" });
    const limit = await overLimit(c, balanceLimitKey(phone));
    if (limit !== null) return limit;
    const views = await Promise.all(
      found.slice(0, ACCOUNTS_OF_PHONE_MAX).map(({ account }) => accountsOf(c.env).view(account)),
    );
    const known = views.filter((view) => view !== null && view !== "not_ready");
    const accounts = await Promise.all(known.map((view) => balanceOf(c.env, view)));
    return c.json({ phone, accounts, count: accounts.length });
  })
  .get("/payments/sm-credit-status", door("gateway", "provider"), async (c) => {
    const summary = await creditsSummary(readerOf(c.env));
    const of = (...states: CreditState[]) => states.reduce((sum, state) => sum + (summary[state] ?? 0), 0);
    const koios = vendorCreditsOf(c.env, "koios") !== null;
    return c.json({
      thundercloud: vendorCreditsOf(c.env, "thundercloud") !== null,
      // By the old system's names of all its countries.
      ...Object.fromEntries(
        Object.values(COUNTRIES).flatMap(({ code, vendors }) =>
          vendors.koios?.oldName == null ? [] : [[vendors.koios.oldName, koios && c.env.COUNTRY === code]],
        ),
      ),
      retry_queue: {
        pending: of("queued"),
        retrying: of("sent", "taking_back"),
        failed: of("blocked", "rejected", "dead"),
        done: of("confirmed", "withdrawn", "taken_back"),
      },
    });
  })
  .post("/sms/delivery-status", door("gateway", "provider"), limited, saysJson, json(DeliveryBody), async (c) => {
    const body = c.req.valid("json");
    const own = await toldOfCarrier(c.env, body);
    if (own !== null) return c.json({ matched: true, id: own.id, cm_status: body.status });
    const matched = await matchDelivery(databaseOf(c.env), {
      phone: canonicalPhone(body.phone, countryOf(c.env)) ?? body.phone,
      status: body.status,
      detailsJson: JSON.stringify(body),
      at: clockOf(c.env).now(),
    });
    return matched === null
      ? c.json({ matched: false, reason: "no SMS to this number in the last 10 minutes" })
      : c.json({ matched: true, id: matched, cm_status: body.status });
  })
  .post("/sms/reconcile", door("gateway", "provider"), limited, saysJson, json(ReconcileBody), async (c) => {
    const keys = c.req.valid("json").receipt_keys.map((sent) => ({ sent, receipt: canonicalReceipt(sent) ?? sent }));
    return c.json(await reconcileReceipts(readerOf(c.env), keys));
  })
  .get("/sms/inbound-log", door("gateway", "provider"), async (c) => {
    const limit = LogLimit.safeParse(c.req.query("limit"));
    if (!limit.success)
      return fail(c, 400, "bad_field", "check limit", [
        { field: "limit", value: c.req.query("limit"), expected: `1 to ${SMS_LOG_MAX}` },
      ]);
    const account = c.req.query("account");
    const rows = await smsLog(readerOf(c.env), {
      receipt: canonicalReceipt(c.req.query("receipt_key") ?? ""),
      account: account === undefined ? null : canonicalOr(account),
      outcome: c.req.query("outcome") ?? null,
      limit: limit.data,
    });
    return c.json({ count: rows.length, rows });
  });

/** The ticket of a call that nobody took, one at a time a phone as by SMS. The balance is answered whatever becomes of it. */
async function missedCall(env: Env, phone: string, why: CallRequest["why"]) {
  const at = { receivedAt: clockOf(env).now() };
  const asked = await requestCall(callPortsOf(env), at, { phone, why }).catch(String);
  if (typeof asked === "string" || asked.state === "later")
    log.warn("missed call", { error: typeof asked === "string" ? asked : asked.because });
}

/** A network's word on an SMS that went by the carrier; null: it is about none of ours. */
async function toldOfCarrier(env: Env, body: z.infer<typeof DeliveryBody>) {
  const word = deliveryWord(body.status);
  if (word === null) return null;
  const detail = [body.message_error_code ?? body.error_code ?? "", body.details ?? body.status].join(" ").trim();
  const phone = canonicalPhone(body.phone, countryOf(env)) ?? body.phone;
  return carrierBookOf(env).told({
    ...{ phone, reference: body.reference ?? null, word, detail, at: clockOf(env).now() },
  });
}

const canonicalOr = (typed: string) => {
  const account = canonicalAccount(typed);
  return account.ok ? account.value : typed;
};

/** Null while there is room; counted in the Directory, so that it holds with the database down. */
async function overLimit(c: C, key: string) {
  const now = clockOf(c.env).now();
  const full = await directoryOf(c.env).count(key, now, BALANCES_MAX, countryOf(c.env).utcOffsetMinutes);
  if (full === null) return null;
  const detail = { error: "rate_limited", ...full };
  c.header("Retry-After", String(full.retry_after_seconds));
  return c.json({ error: { kind: "rate_limited", message: "asked too often", details: full }, detail }, 429);
}

/** A wallet on a platform is shown as it is there, else the ledger; where it comes from and how old it is, always. */
async function balanceOf(env: Env, view: AccountView) {
  const { minorDigits } = countryOf(env);
  const { account, availableWh, rateE4PerKwh } = view;
  const shown = await shownOf(env, view);
  const minor =
    shown.walletMinor ?? (rateE4PerKwh === null ? null : energyValueMinor(availableWh, rateE4PerKwh, minorDigits));
  return {
    account_number: account,
    balance_kwh: shown.balanceWh / 1000,
    balance_currency: minor === null ? null : minor / 10 ** minorDigits,
    tariff_rate: rateE4PerKwh === null ? null : rateE4PerKwh / 10_000,
    as_of: new Date(shown.asOf).toISOString(),
    age_seconds: Math.round(shown.ageMs / 1000),
    balance_source: shown.source,
    balance_stale: shown.source === "live_stale",
    ledger_kwh: availableWh / 1000,
  };
}

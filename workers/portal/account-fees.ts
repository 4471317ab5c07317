import { Hono } from "hono";
import { z } from "zod";
import { canonicalAccount } from "../../src/domain/account.ts";
import { energyForMoney } from "../../src/domain/energy.ts";
import { debtsOf } from "../../src/domain/fees/debt.ts";
import { splitPayment } from "../../src/domain/fees/split.ts";
import type { ApplyRefusal } from "../../src/domain/fees/unallocated.ts";
import { AMOUNT_MINOR_MAX } from "../../src/domain/money.ts";
import { recordAct } from "../act.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { accountLocator } from "../objects/locate.ts";
import { accountsOf, clockOf, countryOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { reason } from "./fields.ts";
import type { C } from "./refusals.ts";

/** Longest name of a payment's entry. */
const PAYMENT_KEY_CHARS_MAX = 160;
const minor = (expected: string) =>
  z.number(expected).int(expected).min(1, "at least 1").max(AMOUNT_MINOR_MAX, `at most ${AMOUNT_MINOR_MAX}`);

const SplitQuery = z.object({
  amountMinor: queryNumber(1, AMOUNT_MINOR_MAX, `whole minor units from 1 to ${AMOUNT_MINOR_MAX}`),
  channel: z.enum(["electricity", "fees"]).default("electricity"),
});

/** Energy for what nothing took of a payment: all that was seen of it is named, so that one picture is acted on once. */
const ApplyBody = z.strictObject({
  paymentKey: z
    .string()
    .max(PAYMENT_KEY_CHARS_MAX)
    .regex(/^receipt:.+#\d+\.\d+$/, "the payment's entry, as receipt:QK7AAA#1.1"),
  leftMinor: minor("what was seen to be left of it, in whole minor units"),
  amountMinor: minor("whole minor units"),
  reason,
});
const NOT_APPLIED = {
  unknown_account: "no such account here",
  terminated_account: "the account has ended; what is left is paid back",
  nothing_unallocated: "nothing of this payment is unallocated here: look at the account again",
  stale: "somebody has sold energy for it since you looked; look at what is left, and order that",
  more_than_left: "less than that is left: a part was paid back, or it was never so much",
  tariff_unset: "the account has no tariff now, so nobody can say what energy it is",
  too_little: "amountMinor buys less than half a watt-hour at this tariff; order more, or pay it back",
} as const satisfies Record<ApplyRefusal, string>;

/**
 * What an account owes beside energy, and where a payment would go, as the account's own object knows it: also while the
 * database is down. Posted is only what people order of what is unallocated.
 */
export const accountFees = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/:account/fees", allow("money.read"), async (c) => {
    const view = await viewOf(c);
    if (view instanceof Response) return view;
    const { account, currency, asOf, debts, unallocated, unallocatedMore, rateE4PerKwh, terms, commissioned } = view;
    const { fees, features } = countryOf(c.env);
    return c.json({
      account,
      currency,
      asOf,
      debts,
      unallocated,
      unallocatedMore,
      rateE4PerKwh,
      terms,
      isCommissioned: commissioned,
      isOn: features.fees,
      prices: fees,
    });
  })
  .get("/:account/split", allow("money.read"), query(SplitQuery), async (c) => {
    const view = await viewOf(c);
    if (view instanceof Response) return view;
    const { amountMinor, channel } = c.req.valid("query");
    const { fees, features, minorDigits } = countryOf(c.env);
    const { account, currency, asOf, debts, terms, commissioned, rateE4PerKwh } = view;
    const parts = splitPayment({
      ...{ amountMinor, minorDigits, channel },
      isCommissioned: commissioned,
      recognises: true,
      prices: fees,
      debts: debtsOf(features.fees ? debts : [], terms),
    });
    const energyMinor = parts.find(({ to }) => to === "energy")?.amountMinor ?? 0;
    return c.json({
      ...{ account, currency, asOf, amountMinor, channel, parts, rateE4PerKwh },
      /** Null: the account has no tariff, and such a payment waits in suspense. */
      energyWh: rateE4PerKwh === null ? null : energyForMoney(energyMinor, minorDigits, rateE4PerKwh),
    });
  })
  .post("/:account/unallocated/energy", allow("money.write"), limited, saysJson, json(ApplyBody), async (c) => {
    const view = await viewOf(c);
    if (view instanceof Response) return view;
    const { account, currency } = view;
    const { reason: why, ...order } = c.req.valid("json");
    const { paymentKey, leftMinor, amountMinor } = order;
    const said = { payment: paymentKey, left_minor: leftMinor, amount_minor: amountMinor };
    await recordAct(c, "account.apply", `account:${account}`, said, why);
    const by = { actor: c.get("actor"), reason: why, at: clockOf(c.env).now() };
    const answer = await accountLocator(c.env, account).applyUnallocated(account, { ...order, ...by });
    if (answer.status === "not_ready") return fail(c, 503, "not_ready", "not ready yet; send the same again");
    if (answer.status === "refused") return fail(c, 409, answer.because, NOT_APPLIED[answer.because]);
    const { energyWh, balanceAfterWh, rateE4PerKwh } = answer.entry;
    return c.json({ account, currency, paymentKey, amountMinor, energyWh, balanceAfterWh, rateE4PerKwh });
  });

async function viewOf(c: C) {
  const { env } = c as C & { env: Env };
  const account = canonicalAccount(c.req.param("account") ?? "");
  if (!account.ok) return fail(c, 404, "unknown", "an account is 4 digits and 3 letters, as 0045MAK");
  const view = await accountsOf(env).view(account.value);
  if (view === "not_ready") return fail(c, 503, "not_ready", "not ready yet; ask again");
  if (view === null) return fail(c, 404, "unknown", "no such account here");
  // An object of a release before this one, for the seconds in which two meet, has none to tell of.
  const { debts = [], unallocated = [], unallocatedMore = 0, terms = [], commissioned = false } = view;
  return { ...view, debts, unallocated, unallocatedMore, terms, commissioned };
}

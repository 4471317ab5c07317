import { Hono } from "hono";
import { z } from "zod";
import { canonicalAccount } from "../../src/domain/account.ts";
import { energyForMoney } from "../../src/domain/energy.ts";
import { debtsOf } from "../../src/domain/fees/debt.ts";
import { splitPayment } from "../../src/domain/fees/split.ts";
import { AMOUNT_MINOR_MAX } from "../../src/domain/money.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { accountsOf, countryOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import type { C } from "./refusals.ts";

const SplitQuery = z.object({
  amountMinor: queryNumber(1, AMOUNT_MINOR_MAX, `whole minor units from 1 to ${AMOUNT_MINOR_MAX}`),
  channel: z.enum(["electricity", "fees"]).default("electricity"),
});

/**
 * What an account owes beside energy, and where a payment would go, as the account's own object knows it: also while the
 * database is down. Nothing is posted.
 */
export const accountFees = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/:account/fees", allow("money.read"), async (c) => {
    const view = await viewOf(c);
    if (view instanceof Response) return view;
    const { account, currency, asOf, debts, terms, commissioned } = view;
    const { fees, features } = countryOf(c.env);
    return c.json({
      account,
      currency,
      asOf,
      debts,
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
  });

async function viewOf(c: C) {
  const { env } = c as C & { env: Env };
  const account = canonicalAccount(c.req.param("account") ?? "");
  if (!account.ok) return fail(c, 404, "unknown", "an account is 4 digits and 3 letters, as 0045MAK");
  const view = await accountsOf(env).view(account.value);
  if (view === "not_ready") return fail(c, 503, "not_ready", "not ready yet; ask again");
  if (view === null) return fail(c, 404, "unknown", "no such account here");
  // An object of a release before this one, for the seconds in which two meet, has none to tell of.
  return { ...view, debts: view.debts ?? [], terms: view.terms ?? [], commissioned: view.commissioned ?? false };
}

import { Hono } from "hono";
import { canonicalAccount } from "../../src/domain/account.ts";
import { type Acting, allow } from "../allow.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { shownOf } from "../live-balances.ts";
import { accountsOf } from "../ports.ts";

/** An account's balance as it is shown, beside what the ledger says: the wallet on the platform, its source and its age. */
export const accountLiveBalance = new Hono<{ Bindings: Env; Variables: Acting }>().get(
  "/:account/live-balance",
  allow("money.read"),
  async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    if (!account.ok) return fail(c, 404, "unknown", "an account is 4 digits and 3 letters, as 0045MAK");
    const view = await accountsOf(c.env).view(account.value);
    if (view === "not_ready") return fail(c, 503, "not_ready", "not ready yet; ask again");
    if (view === null) return fail(c, 404, "unknown", "no such account here");
    const { currency, rateE4PerKwh, availableWh, asOf } = view;
    return c.json({
      account: account.value,
      currency,
      rateE4PerKwh,
      shown: await shownOf(c.env, view),
      ledger: { availableWh, asOf },
    });
  },
);

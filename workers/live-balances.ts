import { neonLiveBalances } from "../src/adapters/neon/live-balances.ts";
import { type Look, type ShownBalance, shownBalance } from "../src/domain/live-balance.ts";
import type { AccountView } from "../src/ports/accounts.ts";
import { log } from "../src/ports/log.ts";
import { freshLook, type LivePorts } from "../src/services/look-at-wallets.ts";
import type { Env } from "./env.ts";
import { within } from "./objects/turns.ts";
import { clockOf, countryOf, databaseOf } from "./ports.ts";
import { balancesAskedToday, vendorBalancesOf } from "./vendors.ts";

/** Whoever asks for a balance waits no longer for the platform: then the ledger answers. */
const LOOK_MS_MAX = 8_000;

/** What looking at wallets needs of this country. */
export const livePortsOf = (env: Env): LivePorts => ({
  country: countryOf(env),
  live: neonLiveBalances(databaseOf(env)),
  balancesOf: (vendor) => vendorBalancesOf(env, vendor),
  usedToday: (vendor) => balancesAskedToday(env, vendor),
  now: () => clockOf(env).now(),
});

/** The account's wallet on its platform, as fresh as can be had now; null: there is none, or nobody can say. */
async function lookOf(env: Env, account: string): Promise<Look | null> {
  try {
    return await within(LOOK_MS_MAX, freshLook(livePortsOf(env), account));
  } catch (thrown) {
    log.warn("live balance", { error: thrown });
    return null;
  }
}

/** What is shown as the balance: the wallet where there is one, else the ledger; where from and how old, always. */
export async function shownOf(
  env: Env,
  { account, availableWh, asOf }: Pick<AccountView, "account" | "availableWh" | "asOf">,
): Promise<ShownBalance & { ageMs: number }> {
  const look = await lookOf(env, account);
  const now = clockOf(env).now();
  const shown = shownBalance(look, { availableWh, asOf }, now);
  return { ...shown, ageMs: Math.max(0, now - shown.asOf) };
}

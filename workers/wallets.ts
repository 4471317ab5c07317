import { neonWalletBooks } from "../src/adapters/neon/wallet-books.ts";
import type { ComparePorts } from "../src/services/compare-wallets.ts";
import type { Env } from "./env.ts";
import { clockOf, countryOf, databaseOf } from "./ports.ts";
import { vendorBalancesOf } from "./vendors.ts";

/** What the comparison of wallets needs of this country. */
export const comparePortsOf = (env: Env): ComparePorts => ({
  country: countryOf(env),
  books: neonWalletBooks(databaseOf(env)),
  balancesOf: (vendor) => vendorBalancesOf(env, vendor),
  now: () => clockOf(env).now(),
});

import type { Country } from "../domain/country.ts";
import type { AccountStatus } from "../domain/ledger.ts";
import type { ParsedPayment } from "../domain/sms/parsed.ts";
import { type Resolution, resolveAccount, tokensOf } from "../domain/sms/resolve.ts";
import type { Accounts } from "../ports/accounts.ts";
import type { Lookups } from "../ports/lookups.ts";

export type ResolvePorts = { country: Country; accounts: Pick<Accounts, "status">; lookups: Lookups };

/**
 * Whose payment it is. Tokens are put to the accounts' own objects, so one clear token needs no database; alias and
 * phone do. `later`: something that is needed did not answer, and a guess would move money.
 */
export async function resolvePayment(
  ports: ResolvePorts,
  payment: ParsedPayment,
  paidAt: number,
): Promise<Resolution | "later"> {
  const tokens = tokensOf(payment, ports.country);
  const existing: Record<string, AccountStatus> = {};
  for (const { account } of [...tokens.remark, ...tokens.text]) {
    if (existing[account] !== undefined) continue;
    const status = await ports.accounts.status(account);
    if (status === "not_ready") return "later";
    existing[account] = status;
  }
  const facts = {
    remarkTokens: tokens.remark,
    textTokens: tokens.text,
    existing,
    aliasAccount: null,
    payerAccounts: null,
  };
  const byToken = resolveAccount(facts);
  if (byToken.kind === "account") return byToken;
  const aliasAccount = tokens.alias === null ? null : await ports.lookups.accountByAlias(tokens.alias, paidAt);
  if (aliasAccount === "down") return "later";
  if (aliasAccount !== null) {
    const status = await ports.accounts.status(aliasAccount);
    if (status === "not_ready") return "later";
    existing[aliasAccount] = status;
  }
  const payerAccounts = payment.payerPhone === null ? [] : await ports.lookups.accountsByPhone(payment.payerPhone);
  if (payerAccounts === "down") return "later";
  return resolveAccount({ ...facts, aliasAccount, payerAccounts });
}

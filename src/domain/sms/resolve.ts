import { type AccountToken, accountTokens } from "../account.ts";
import type { Country } from "../country.ts";
import type { ParsedPayment } from "./parsed.ts";

export type NamedStatus = "live" | "postpaid" | "terminated" | "unknown";

export type PaymentTokens = {
  remark: AccountToken[];
  /** From the reference and whatever else the text holds beside the operator's own wording. */
  text: AccountToken[];
  /** A reference of nothing but digits: an old channel id that may stand for an account. */
  alias: string | null;
};

const ALIAS = /^\d{6,12}$/;

/** Everything in a payment that may name an account. */
export function tokensOf(payment: ParsedPayment, country: Country): PaymentTokens {
  const scan = (text: string | null) => (text === null ? [] : accountTokens(text, country.siteCodes));
  return {
    remark: scan(payment.remark),
    text: [...scan(payment.reference), ...scan(payment.otherText)],
    alias: payment.reference !== null && ALIAS.test(payment.reference) ? payment.reference : null,
  };
}

export type ResolveFacts = {
  remarkTokens: readonly AccountToken[];
  textTokens: readonly AccountToken[];
  /** Status of every account that a token names; one that is missing is unknown. */
  existing: Readonly<Record<string, NamedStatus>>;
  /** The account that the alias stood for when the payment was made. One without a status here is taken to be live. */
  aliasAccount: string | null;
  /** The accounts registered under the payer's phone; null: not asked, or the text has no phone. */
  payerAccounts: readonly { account: string; status: NamedStatus }[] | null;
};

export type ResolutionHints = { accounts: string[]; note: string };

export type SuspenseBecause =
  | "wrong_token"
  | "two_accounts"
  | "plot_number"
  | "terminated_account"
  | "no_account_token"
  | "phone_shared";

export type Resolution =
  | { kind: "account"; account: string; by: "remark" | "text" | "alias" | "phone" }
  | { kind: "suspense"; because: SuspenseBecause; hints: ResolutionHints };

/**
 * Whose payment it is: what the remark names, then the text, then an old channel id, then the payer's phone; the last two
 * only when nothing in the text has the shape of an account. Any doubt is suspense with hints, since a guess moves money.
 */
export function resolveAccount(facts: ResolveFacts): Resolution {
  const tokens = [...facts.remarkTokens, ...facts.textTokens];
  return tokens.length > 0 ? byTokens(tokens, facts) : byRegistration(facts);
}

function byTokens(tokens: readonly AccountToken[], facts: ResolveFacts): Resolution {
  const statusOf = (account: string): NamedStatus =>
    Object.hasOwn(facts.existing, account) ? (facts.existing[account] ?? "unknown") : "unknown";
  const named = [...new Set(tokens.map((token) => token.account))].filter((account) => statusOf(account) !== "unknown");
  const registered = (facts.payerAccounts ?? []).map((payer) => payer.account);
  const suspense = (because: SuspenseBecause, note: string) => inSuspense(because, [...named, ...registered], note);

  const plot = tokens.find((token) => token.besidePlot);
  if (plot !== undefined) return suspense("plot_number", `"${plot.raw}" looks like a plot number`);
  const [account, second] = named;
  if (second !== undefined) return suspense("two_accounts", `the text names ${named.join(" and ")}`);
  // Beside an account that exists, "100 bob's" is small talk where BOB is no site, and a doubt where it is one.
  const wrong = tokens.find(
    (token) => statusOf(token.account) === "unknown" && (token.knownSite || account === undefined),
  );
  if (wrong !== undefined || account === undefined)
    return suspense("wrong_token", `"${wrong?.raw ?? ""}" is no account here`);
  if (statusOf(account) === "terminated") return suspense("terminated_account", `${account} is terminated`);
  const inRemark = facts.remarkTokens.some((token) => token.account === account);
  return { kind: "account", account, by: inRemark ? "remark" : "text" };
}

function byRegistration(facts: ResolveFacts): Resolution {
  const { aliasAccount } = facts;
  if (aliasAccount !== null) {
    const status = Object.hasOwn(facts.existing, aliasAccount) ? facts.existing[aliasAccount] : "live";
    if (status === "live" || status === "postpaid") return { kind: "account", account: aliasAccount, by: "alias" };
    return inSuspense("terminated_account", [aliasAccount], `the reference stood for ${aliasAccount}, which is closed`);
  }
  const payers = (facts.payerAccounts ?? []).filter((payer) => payer.status !== "unknown");
  const open = [...new Set(payers.filter((payer) => payer.status !== "terminated").map((payer) => payer.account))];
  const [account, second] = open;
  if (second !== undefined) return inSuspense("phone_shared", open, "the payer's phone belongs to several accounts");
  if (account !== undefined) return { kind: "account", account, by: "phone" };
  const closed = payers.map((payer) => payer.account);
  if (closed.length > 0)
    return inSuspense("terminated_account", closed, "the payer's phone belongs to a closed account");
  return inSuspense("no_account_token", [], "the text names no account, and no registered phone matches");
}

function inSuspense(because: SuspenseBecause, accounts: readonly string[], note: string): Resolution {
  return { kind: "suspense", because, hints: { accounts: [...new Set(accounts)], note } };
}

/** Kinds of cases that the page has words for; another is shown by its name. */
export const KINDS = [
  "receipt_conflict",
  "statement_contradiction",
  "reversal",
  "stranger_reversal",
  "chain_break",
  "copy_conflict",
  "ledger_drift",
  "priced_otherwise",
  "refiled_entry",
  "forward_parked",
  "gateway_body",
  "unread_money",
  "foreign_row",
  "dead_letter",
  "reading_quarantined",
  "disconnect_breaker",
  "audit_chain",
  "import_degraded",
  "import_held",
  "import_refused",
  "import_gap",
  "feed_stale",
  "vendor_credit",
  "wallet_drift",
  "mirror_unknown",
  "mirror_reversal",
  "mirror_echo_unknown",
  "mirror_credit_reversed",
  "two_advances",
] as const;
export type Kind = (typeof KINDS)[number];

/** Where a case of this kind is put right: the page that has the act. Null: a command. */
export function placeOf(kind: string, subject: string): string | null {
  const about = encodeURIComponent(subject);
  switch (kind) {
    case "receipt_conflict":
    case "stranger_reversal":
    case "mirror_reversal":
      return `/payments/${about}`;
    case "reversal":
      return "/suspense?because=reversal";
    case "chain_break":
      return "/tills?view=tills";
    case "forward_parked":
      return "/sms?view=parked";
    case "gateway_body":
      return "/tills";
    case "unread_money":
      return "/sms";
    case "statement_contradiction":
      return "/statements";
    case "two_advances":
      return `/accounts/${about}`;
    case "reading_quarantined":
      return /^\d{4}[A-Z]{3}$/.test(subject) ? `/accounts/${subject}` : "/meters";
    case "ledger_drift":
    case "refiled_entry":
    case "priced_otherwise":
      return /^\d{4}[A-Z]{3}$/.test(subject) ? `/accounts/${subject}/explain` : null;
    case "vendor_credit":
      return "/vendor-credits";
    case "wallet_drift":
      return "/wallets";
    case "import_degraded":
    case "import_held":
    case "import_refused":
    case "import_gap":
    case "feed_stale":
      return "/imports";
    case "audit_chain":
      return "/changes";
    case "copy_conflict":
    case "dead_letter":
    case "disconnect_breaker":
      return "/operations";
    default:
      return null;
  }
}

export type Detail = { name: string; value: string };

/** What the case keeps, a line a field, short enough to read. */
export function detailsOf(details: unknown, charsMax = 300): Detail[] {
  if (typeof details !== "object" || details === null) return [];
  return Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ({
      name: name.replaceAll("_", " "),
      value: (typeof value === "object" ? JSON.stringify(value) : String(value)).slice(0, charsMax),
    }));
}

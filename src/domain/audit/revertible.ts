/** Tables whose rows a revert puts back; everything else has a truth elsewhere, or is only ever added to. */
export type RevertTable = "sites" | "customers" | "accounts" | "meters" | "tills" | "fx_rates";

/** How an act is taken back: by putting a row back as it was, or by another act that somebody has to choose. */
export type Revertible = { by: "row"; table: RevertTable } | { by: "act"; instead: string };

const ROWS = new Map<string, RevertTable>(
  Object.entries({
    "site.put": "sites",
    "site.create": "sites",
    "site.change": "sites",
    "site.delete": "sites",
    "site.revert": "sites",
    "customer.create": "customers",
    "customer.change": "customers",
    "customer.revert": "customers",
    "account.terminate": "accounts",
    "account.revert": "accounts",
    "meter.create": "meters",
    "meter.change": "meters",
    "meter.delete": "meters",
    "meter.revert": "meters",
    "till.change": "tills",
    "till.revert": "tills",
    "fx_rate.create": "fx_rates",
    "fx_rate.change": "fx_rates",
    "fx_rate.revert": "fx_rates",
  } as const),
);

/** By action, or by the part before its dot. Money is put right by money's own acts, which leave every line in the books. */
const INSTEAD = new Map<string, string>(
  Object.entries({
    receipt:
      "money is moved, never taken back: receipt:assign, receipt:split, receipt:treasury, receipt:returned or receipt:reverse",
    "account.opening": "an opening stays for ever; what is wrong with it is put right by a correction beside it",
    "account.correction": "an entry stays for ever; another correction goes beside it",
    "account.apply": "energy that was sold stays; it is taken back with its payment: receipt:reverse",
    "account.create": "an account that was opened is ended: account:terminate",
    "account.change": "send the account as it was to the road that changed it",
    "account.restore": "end it again: commission:events with the step terminated",
    "account.status": "say the account's stand again",
    "meter.role": "give the meter its role again: PATCH /api/meters/:id/role",
    "meter.swap": "swap the meters back, with what both show now: meter:swap",
    "meter.place": "a meter that was put up is taken down or exchanged: meter:swap",
    commissioning: "say it the other way: commission:events with correct or withdraw",
    contract: "a contract stays as it was signed; commissioning again makes its next version",
    relay: "order it the other way: relay, or override with the state auto",
    "case.reopen": "close it again, on the page of cases",
    case: "a case closed by hand is opened again on the page of cases; what another was about opens another",
    "till.create": "a till stays, for its payments name it; its senders and caps are changed with till:add",
    phone: "add, rotate or revoke the phone: phone:add, phone:rotate, phone:revoke",
    template: "write the earlier wording again: it becomes the newest",
    tariff: "cancel a rate that has not begun: tariff:cancel; after that set another: tariff:schedule",
    setting: "set it again: disconnects, or init for the cut-over",
    credit_writer: "switch again: credit-writer",
    fee_order:
      "an order that waits is refused: fees:refuse; what is posted stays, and a write-off or a refund goes beside it",
    fee_verification: "what was found stays; the receipt itself is moved by hand: receipt:reverse, receipt:assign",
    correction: "an order that waits is refused: correction:refuse; what is posted stays, and another goes beside it",
    vendor_credit: "a try cannot be taken back; what the wallet got is reversed with its payment: receipt:reverse",
    vendor_site: "say it again as it was: vendor:sites",
    upload: "a file stays with what it brought; money is put right by money's own acts, as receipt:assign",
    message: "what was said is said: write another",
    ticket: "a ticket stays with its history: resolve it, open it again, or change it on its page",
    legacy: "rows of the old books stay; what they claimed is put right by a correction",
  }),
);

const NOTHING = "this act left nothing that could be put back";

export function revertible(action: string): Revertible {
  const table = ROWS.get(action);
  if (table !== undefined) return { by: "row", table };
  const kind = action.split(".")[0] ?? "";
  return { by: "act", instead: INSTEAD.get(action) ?? INSTEAD.get(kind) ?? NOTHING };
}

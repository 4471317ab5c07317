import type { Country, Language } from "../domain/country.ts";
import { formatKwh } from "../domain/energy.ts";
import { formatMoney } from "../domain/money.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { chooseChannel, type SmsRoute } from "../domain/sms-route.ts";
import {
  DEFAULT_TEMPLATES,
  formatHours,
  renderTemplate,
  type TemplateKind,
  type TemplateValues,
} from "../domain/templates.ts";
import type { DirectoryPort, SmsTemplate } from "../ports/directory.ts";
import type { Gate } from "../ports/gate.ts";
import type { OutgoingSms } from "../ports/mailboxes.ts";

/** An SMS that is owed to somebody: everything the text says, as it stood when it came to be owed. */
export type OwedSms = {
  /** Names what the SMS is about, so that it is sent once: `receipt-sms:<receipt>:<account>`, `low-balance:<account>:<day>:<n>`, `welcome:<customer>`. */
  key: string;
  to: string;
  /** Null: of somebody who has none, or several. */
  account: string | null;
  language: Language;
  createdAt: number;
  expiresAt: number;
} & (
  | {
      kind: "payment_receipt";
      receipt: string;
      amountMinor: number;
      /** What of it paid debts; absent: owed by a release that knew of none. */
      feeMinor?: number;
      energyWh: number;
      balanceWh: number;
    }
  | { kind: "low_balance" | "balance"; receipt: null; balanceWh: number; minutesLeft: number | null }
  | { kind: "last_payment"; receipt: string; amountMinor: number; day: string }
  | { kind: "welcome"; receipt: null }
  | { kind: "menu_help"; receipt: null }
  | { kind: "ticket_resolved"; receipt: null; ticketId: number }
  | { kind: "claim_code"; receipt: null; code: string }
  | { kind: "contract"; receipt: null; link: string }
);

export type SmsPorts = {
  country: Country;
  gate: Pick<Gate, "phones">;
  directory: Pick<DirectoryPort, "template">;
  /** By which channel a kind goes; absent: by phone. */
  route?(kind: TemplateKind): Promise<SmsRoute>;
};

/** `phoneId`: the channel it is bound to, a phone or the carrier (`CARRIER_ID`). */
export type BoundSms = { phoneId: string; sms: OutgoingSms };

/** Writes an SMS and binds it to a channel. Keep what comes back and enqueue that, however often: no second one gets it. */
export async function bindSms(
  ports: SmsPorts,
  owed: OwedSms,
  now: number,
): Promise<Result<BoundSms, { kind: "no_phone" }>> {
  const route = (await ports.route?.(owed.kind)) ?? "phone";
  const channel = chooseChannel(route, await ports.gate.phones(), now);
  return channel === null ? err({ kind: "no_phone" }) : ok(await writeSms(ports, owed, channel));
}

/** The same, through a phone that is chosen already: the one that was asked answers. */
export async function writeSms(
  ports: Pick<SmsPorts, "country" | "directory">,
  owed: OwedSms,
  phoneId: string,
): Promise<BoundSms> {
  // In the holder's own language: as somebody wrote it, else the built-in text. A Directory that does not answer changes nothing.
  const edited = await ports.directory.template(owed.kind, [owed.language]).catch(() => null);
  return boundTo(ports.country, owed, phoneId, edited);
}

/** The same, by a template that is known; null: nobody has edited the built-in one. */
export function boundTo(
  country: Country,
  owed: OwedSms,
  phoneId: string,
  edited: Pick<SmsTemplate, "text"> | null,
): BoundSms {
  const { key: id, to, account, receipt, language, createdAt, expiresAt, kind } = owed;
  const text = edited?.text ?? DEFAULT_TEMPLATES[kind][language];
  const content = renderTemplate(text, valuesOf(owed, country));
  return { phoneId, sms: { id, to, content, template: kind, language, account, receipt, createdAt, expiresAt } };
}

/** What a text may say of an SMS that is owed. */
function valuesOf(owed: OwedSms, country: Country): Partial<TemplateValues<TemplateKind>> {
  const { account } = owed;
  if (owed.kind === "contract") return { account, link: owed.link };
  if (owed.kind === "ticket_resolved") return { ticket: `T${owed.ticketId}` };
  if (owed.kind === "welcome" || owed.kind === "menu_help") return { account };
  if (owed.kind === "last_payment")
    return { account, amount: formatMoney(owed.amountMinor, country), day: owed.day, receipt: owed.receipt };
  if (owed.kind === "claim_code") {
    const minutes = Math.round((owed.expiresAt - owed.createdAt) / 60_000);
    return { account, code: owed.code, minutes: String(minutes) };
  }
  if (owed.kind !== "payment_receipt")
    return { account, balance_kwh: formatKwh(owed.balanceWh), hours_left: formatHours(owed.minutesLeft) };
  return {
    account,
    amount: formatMoney(owed.amountMinor, country),
    fees: (owed.feeMinor ?? 0) === 0 ? null : formatMoney(owed.feeMinor ?? 0, country),
    energy_kwh: formatKwh(owed.energyWh),
    balance_kwh: formatKwh(owed.balanceWh),
    receipt: owed.receipt,
  };
}

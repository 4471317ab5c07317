import type { Country, Language } from "../domain/country.ts";
import { formatKwh } from "../domain/energy.ts";
import { formatMoney } from "../domain/money.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { choosePhone } from "../domain/sms-choice.ts";
import { DEFAULT_TEMPLATES, renderTemplate } from "../domain/templates.ts";
import type { DirectoryPort } from "../ports/directory.ts";
import type { Gate } from "../ports/gate.ts";
import type { OutgoingSms } from "../ports/mailboxes.ts";

/** A receipt SMS that is owed to somebody: everything the text says, as it stood when the payment was credited. */
export type ReceiptSms = {
  /** Names what the SMS is about, so that it is sent once: `receipt-sms:<receipt>:<account>`. */
  key: string;
  to: string;
  account: string;
  receipt: string;
  language: Language;
  amountMinor: number;
  energyWh: number;
  balanceWh: number;
  createdAt: number;
  expiresAt: number;
};

export type SmsPorts = {
  country: Country;
  gate: Pick<Gate, "phones">;
  directory: Pick<DirectoryPort, "template">;
};

export type BoundSms = { phoneId: string; sms: OutgoingSms };

/** Writes a receipt SMS and binds it to a phone. Keep what comes back and enqueue that, however often: no second phone gets it. */
export async function bindReceiptSms(
  ports: SmsPorts,
  owed: ReceiptSms,
  now: number,
): Promise<Result<BoundSms, { kind: "no_phone" }>> {
  const phone = choosePhone(await ports.gate.phones(), now);
  if (phone === null) return err({ kind: "no_phone" });
  const { country } = ports;
  const content = renderTemplate(await chooseTemplate(ports, owed.language), {
    account: owed.account,
    amount: formatMoney(owed.amountMinor, country),
    energy_kwh: formatKwh(owed.energyWh),
    balance_kwh: formatKwh(owed.balanceWh),
    receipt: owed.receipt,
  });
  const { key: id, to, account, receipt, language, createdAt, expiresAt } = owed;
  return ok({
    phoneId: phone.phoneId,
    sms: { id, to, content, template: "payment_receipt", language, account, receipt, createdAt, expiresAt },
  });
}

/** In the holder's own language: as somebody wrote it, else the built-in text. A Directory that does not answer changes nothing. */
async function chooseTemplate(ports: SmsPorts, language: Language): Promise<string> {
  const edited = await ports.directory.template("payment_receipt", [language]).catch(() => null);
  return edited?.text ?? DEFAULT_TEMPLATES.payment_receipt[language];
}

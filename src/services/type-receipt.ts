import type { Operator } from "../domain/country.ts";
import type { SuspenseCaseRow } from "../domain/outbox.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { Gate } from "../ports/gate.ts";
import type { SuspenseCases } from "../ports/suspense.ts";
import { type Received, type ReceiveError, type ReceivePorts, receivePayment } from "./receive-payment.ts";

export type TypeReceiptPorts = ReceivePorts & { cases: SuspenseCases; gate: Pick<Gate, "release"> };

/** The operator's receipt for a text that carried none, as a person read it from the operator's own list. */
export type TypedReceipt = {
  caseKey: string;
  /** Canonical. */
  receipt: string;
  provider: Operator;
  amountMinor: number;
  account: string;
  actor: string;
  sightingKey: string;
  at: number;
};

export type TypeReceiptError =
  | ReceiveError
  | { kind: "unknown_case" }
  /** Somebody typed another receipt for this text, and is not refused yet, or it is closed with it. */
  | { kind: "case_taken"; receipt: string | null }
  | { kind: "amount_not_of_text"; amountMinor: number };

/**
 * Claims the receipt, then closes the text's own case, since from now on the money waits, or is credited, under its
 * receipt. The receipt is first noted in the case, so that of two people who type two receipts for one text one wins.
 * Every step can be repeated: doing it twice changes nothing.
 */
export async function typeReceipt(
  ports: TypeReceiptPorts,
  typed: TypedReceipt,
): Promise<Result<Received, TypeReceiptError>> {
  const { cases } = ports;
  const found = await cases.find(typed.caseKey);
  if (found === null || found.because !== "no_receipt") return err({ kind: "unknown_case" });
  if (found.amountMinor !== typed.amountMinor)
    return err({ kind: "amount_not_of_text", amountMinor: found.amountMinor });
  if (found.receipt === null && found.state === "open")
    await cases.put({ ...found, receipt: typed.receipt, version: found.version + 1 });
  const noted = found.receipt === null ? await cases.find(typed.caseKey) : found;
  if (noted === null) return err({ kind: "unknown_case" });
  if (noted.receipt !== typed.receipt) return err({ kind: "case_taken", receipt: noted.receipt });

  const received = await receivePayment(ports, {
    receipt: typed.receipt,
    provider: typed.provider,
    amountMinor: typed.amountMinor,
    account: typed.account,
    payerPhone: noted.payerPhone,
    // The tariff of the day the text came, not of the day somebody found its receipt.
    statedAt: noted.openedAt,
    road: "manual",
    actor: typed.actor,
    fromProvider: false,
    sightingKey: typed.sightingKey,
    receivedAt: typed.at,
  });
  if (!received.ok) {
    // Refused for good: another receipt may be typed. Not ready: the same one comes again.
    if (received.error.kind !== "not_ready" && noted.state === "open")
      await cases.put({ ...noted, receipt: null, version: noted.version + 1 });
    return received;
  }
  // The claim has told the gate of what it holds itself.
  await ports.gate.release(typed.caseKey);
  if (noted.state === "open") await cases.put(closed(noted, received.value.state.generation, typed.at));
  return ok(received.value);
}

const closed = (row: SuspenseCaseRow, generation: number, at: number): SuspenseCaseRow => ({
  ...row,
  generation,
  state: "closed",
  closedAt: at,
  version: row.version + 1,
});

import type { Claim, ClaimAnswer, Holder } from "../domain/claim.ts";
import type { Operator } from "../domain/country.ts";
import { automationOff, beforeCutover, type Hold } from "../domain/hold.ts";
import { paidAtOf } from "../domain/paid-at.ts";
import { type StatementLine, takesBack } from "../domain/statements/line.ts";
import type { Receipts } from "../ports/receipts.ts";
import type { Tills } from "../ports/tills.ts";
import type { TakenRow } from "../ports/uploads.ts";
import { ROAD_TILL } from "./receive-payment.ts";
import { type ResolvePorts, resolvePayment } from "./resolve-payment.ts";

export type LinePorts = ResolvePorts & {
  receipts: Pick<Receipts, "claim" | "block" | "state">;
  tills: Pick<Tills, "assess">;
  cutoverAt(): Promise<number | null>;
  /** Whether Postgres has this receipt: then it uses no cap of the day its statement comes. */
  isKnown(receipt: string): boolean;
};

/** Whose statement it is, who brought it and when. */
export type LineOf = { tillId: string; provider: Operator; actor: string; at: number };

export type Taken = Omit<TakenRow, "row">;

/**
 * What becomes of a line of a statement. A payment is claimed by the same road as every other: known with this amount, it is
 * one more sighting; with another, a case; unknown, it goes to the one account that its text names exactly, else to suspense.
 * A reversal blocks the receipt that it names, where that has its amount, and debits nothing. Null: something did not answer; ask again.
 */
export async function takeStatementLine(ports: LinePorts, line: StatementLine, of: LineOf): Promise<Taken | null> {
  if (line.kind === "reversal") return takeReversal(ports, line, of);
  if (line.kind !== "payment") return { result: line.kind, because: null, account: null };
  const paidAt = paidAtOf(line.at, of.at);
  const text = { remark: null, reference: null, otherText: line.text };
  const { receipt, amountMinor } = line;
  // By what is written alone: a registered phone or an old channel id would be a guess, months later.
  const resolution = await resolvePayment(
    ports,
    {
      ...text,
      kind: "payment",
      provider: of.provider,
      receipt,
      amountMinor,
      payerPhone: null,
      printedAt: line.at,
      newBalanceMinor: null,
    },
    paidAt.at,
  );
  if (resolution === "later") return null;
  const account = resolution.kind === "account" ? resolution.account : null;
  const early = beforeCutover(await ports.cutoverAt(), paidAt);
  const till = await ports.tills.assess(ROAD_TILL.statement, {
    receipt,
    provider: of.provider,
    sender: "statement",
    amountMinor,
    newBalanceMinor: null,
    account,
    paidAt: paidAt.at,
    receivedAt: of.at,
    isOld: early !== null || ports.isKnown(receipt),
  });
  if (till === "not_ready") return null;
  const stop = ((): Hold | null => {
    const off = automationOff(ports.country);
    if (off !== null) return off;
    if (!paidAt.inWindow) return { because: "date", note: "the statement came too long after its time" };
    if (early !== null) return early;
    return till.allow ? null : { because: till.because, note: till.detail };
  })();
  const holder: Holder =
    stop !== null
      ? {
          kind: "suspense",
          because: stop.because,
          hints: { accounts: account === null ? [] : [account], note: stop.note },
        }
      : resolution.kind === "account"
        ? { kind: "account", account: resolution.account }
        : { kind: "suspense", because: resolution.because, hints: resolution.hints };
  const claim: Claim = {
    receipt,
    provider: of.provider,
    amountMinor,
    currency: ports.country.currency,
    paidAt: paidAt.at,
    payerPhone: line.payerPhone,
    till: of.tillId,
    road: "statement",
    sightingKey: `statement:${of.tillId}:${receipt}:${amountMinor}`,
    seenAt: of.at,
    holder,
    actor: of.actor,
    fromProvider: false,
  };
  return takenBy(await ports.receipts.claim(claim));
}

async function takeReversal(ports: LinePorts, line: StatementLine, of: LineOf): Promise<Taken | null> {
  const ours = line.linked === null ? null : await ports.receipts.state(line.linked);
  if (ours === "not_ready") return null;
  const { block, result, because } = takesBack(line, ours?.amountMinor ?? null);
  if (block !== null)
    await ports.receipts.block({
      receipt: block,
      provider: of.provider,
      because: "reversal",
      sightingKey: `statement:${of.tillId}:reversal:${line.receipt}`,
      at: of.at,
    });
  return { result, because, account: null };
}

/** What the claim's answer means for the row. */
function takenBy(answer: ClaimAnswer): Taken | null {
  if (answer.status === "not_ready") return null;
  const { state, status } = answer;
  const holders = state.shares.map(({ holder }) => holder);
  const held = holders.find((holder) => holder.kind === "suspense");
  const because = held?.kind === "suspense" ? held.because : null;
  const accounts = holders.flatMap((holder) => (holder.kind === "account" ? [holder.account] : []));
  const account = accounts.length === 1 ? (accounts[0] ?? null) : null;
  if (status === "conflict")
    return { result: "conflict", because: `we have ${state.amountMinor} ${state.currency} in minor units`, account };
  if (status === "same") return { result: "known", because, account };
  if (held !== undefined) return { result: "held", because, account };
  return {
    result: state.shares.every(({ posting }) => posting === "posted") ? "credited" : "pending",
    because,
    account,
  };
}

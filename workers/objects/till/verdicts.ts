import {
  assessNamed,
  assessPayment,
  assessRepeat,
  isOfStranger,
  type JudgedPayment,
  localDay,
} from "../../../src/domain/till-rules.ts";
import type { TillFacts, TillQuestion, TillVerdict } from "../../../src/ports/tills.ts";
import type { TillTable } from "./table.ts";

/**
 * What a till says of a payment: its first verdict on the receipt stays, and a repeat uses no cap. The first text that names
 * the account is judged by that account's day alone, where those before named nobody. Of a text that is not its operator's
 * nothing is kept. Call inside a transaction.
 */
export function verdictOn(table: TillTable, facts: TillFacts, question: TillQuestion): TillVerdict {
  const { receipt, account, amountMinor } = question;
  // The day of the server's receipt: a forged text could print any date.
  const day = localDay(question.receivedAt, facts.utcOffsetMinutes);
  const judged = table.judged(receipt);
  if (judged !== null) {
    const told = assessRepeat(facts, judged, question);
    if (told !== "judge") return told;
    if (judged.allow) return verdictOnNamed(table, facts, judged, question, day);
  }
  const counted = table.counted(day, account);
  const chainBroken = table.gaps().some(({ state }) => state === "open");
  const decided = assessPayment(
    facts,
    { tillMinor: counted.till.minor, accountMinor: counted.account.minor, chainBroken },
    question,
  );
  if (isOfStranger(decided)) return decided;
  if (judged === null) table.putJudged(receipt, { ...decided, account, amountMinor }, question.receivedAt);
  else table.changeJudged(receipt, { ...decided, account, amountMinor });
  if (decided.allow && !question.isOld) table.count(day, account, amountMinor);
  return decided;
}

/** The till's own day has counted it; what is new is whose it is. */
function verdictOnNamed(
  table: TillTable,
  facts: TillFacts,
  judged: JudgedPayment,
  { receipt, account, amountMinor, isOld }: TillQuestion,
  day: string,
): TillVerdict {
  // What is older than our books never credits by itself, and uses no cap.
  if (account === null || isOld) return { allow: true };
  const decided = assessNamed(facts, table.counted(day, account).account.minor, { amountMinor });
  table.changeJudged(receipt, { ...judged, ...(decided.allow ? { account } : { namedRefusal: decided }) });
  if (decided.allow) table.countNamed(day, account, amountMinor);
  return decided;
}

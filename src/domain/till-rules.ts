const DAY_MS = 86_400_000;

/** What a till lets credit by itself. */
export type TillLimits = {
  senders: readonly string[];
  caps: { paymentMinorMax: number; accountDayMinorMax: number; tillDayMinorMax: number; chainBreakMinorMax: number };
};

type Question = { sender: string; amountMinor: number; account: string | null };
type Verdict = { allow: true } | { allow: false; because: "sender" | "cap" | "chain"; detail: string };

/** What the till has counted on the local day of the question, this receipt not among it. */
export type TillDay = { tillMinor: number; accountMinor: number; chainBroken: boolean };

/** The local day of an instant, as YYYY-MM-DD. */
export const localDay = (at: number, utcOffsetMinutes: number): string =>
  new Date(Math.floor((at + utcOffsetMinutes * 60_000) / DAY_MS) * DAY_MS).toISOString().slice(0, 10);

/** Compared without case and surrounding space, and nothing else: a sender that only looks alike is another sender. */
export const isSenderOf = (senders: readonly string[], sender: string): boolean => {
  const bare = plain(sender);
  return bare !== "" && senders.some((allowed) => plain(allowed) === bare);
};

const plain = (sender: string) => sender.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Caps are what may credit by itself, not what may be paid: above them a person looks. In order of strength. */
export function assessPayment(limits: TillLimits, day: TillDay, question: Question): Verdict {
  const { caps } = limits;
  const { amountMinor } = question;
  if (!isSenderOf(limits.senders, question.sender)) return refuse("sender", "the sender is not on the till's list");
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0)
    return refuse("cap", "the amount is not whole and positive");
  if (amountMinor > caps.paymentMinorMax)
    return refuse("cap", `the payment is above ${caps.paymentMinorMax} minor units`);
  if (day.chainBroken && amountMinor > caps.chainBreakMinorMax)
    return refuse(
      "chain",
      `the till's chain is broken, and the payment is above ${caps.chainBreakMinorMax} minor units`,
    );
  if (question.account !== null && day.accountMinor + amountMinor > caps.accountDayMinorMax)
    return refuse("cap", `the account's day would be above ${caps.accountDayMinorMax} minor units`);
  if (day.tillMinor + amountMinor > caps.tillDayMinorMax)
    return refuse("cap", `the till's day would be above ${caps.tillDayMinorMax} minor units`);
  return { allow: true };
}

const refuse = (because: "sender" | "cap" | "chain", detail: string): Verdict => ({ allow: false, because, detail });

const DAY_MS = 86_400_000;
const NOT_LISTED = "the sender is not on the till's list";

/** What a till lets credit by itself. */
export type TillLimits = {
  senders: readonly string[];
  caps: { paymentMinorMax: number; accountDayMinorMax: number; tillDayMinorMax: number; chainBreakMinorMax: number };
};

type Question = { sender: string; amountMinor: number; account: string | null };
type Refusal = { allow: false; because: "sender" | "cap" | "chain"; detail: string };
type Verdict = { allow: true } | Refusal;

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

/** What a till keeps of a receipt that it has judged. Missing in what an earlier release kept: for whom, and what it was told. */
export type JudgedPayment = Verdict & {
  /** Whose day has counted it; null: nobody was named. */
  account?: string | null;
  amountMinor?: number;
  /** Why the account that a later text named may not have it by itself. */
  namedRefusal?: Refusal;
};

/**
 * Said of one text and its sender, never of a payment: anybody can write down any receipt, and the operator's own text has to
 * find it as if nobody had. A till remembers no such verdict, and not those that an earlier release remembered.
 */
export const isOfStranger = (verdict: Verdict): boolean => !verdict.allow && verdict.because === "sender";

/**
 * What a repeat of a judged payment is told: the first verdict, with two exceptions. A sender who is not on the list is told
 * that, and names nobody. And where the first text named no account, the first that does is judged by that account's day, as
 * if it had come first: `judge` says so, once. So is the operator's, whole, after what was a stranger's.
 */
export function assessRepeat(limits: TillLimits, judged: JudgedPayment, question: Question): "judge" | Verdict {
  if (!isSenderOf(limits.senders, question.sender)) return refuse("sender", NOT_LISTED);
  if (!judged.allow) return isOfStranger(judged) ? "judge" : refuse(judged.because, judged.detail);
  if (question.account === null || judged.account !== null || judged.amountMinor !== question.amountMinor)
    return { allow: true };
  return judged.namedRefusal ?? "judge";
}

/** Whether an account's day has room for a payment that its till has let pass without knowing whose it is. */
export const assessNamed = (
  { caps }: Pick<TillLimits, "caps">,
  accountMinor: number,
  { amountMinor }: Pick<Question, "amountMinor">,
): Verdict =>
  accountMinor + amountMinor > caps.accountDayMinorMax
    ? refuse("cap", `the account's day would be above ${caps.accountDayMinorMax} minor units`)
    : { allow: true };

/** Caps are what may credit by itself, not what may be paid: above them a person looks. In order of strength. */
export function assessPayment(limits: TillLimits, day: TillDay, question: Question): Verdict {
  const { caps } = limits;
  const { amountMinor } = question;
  if (!isSenderOf(limits.senders, question.sender)) return refuse("sender", NOT_LISTED);
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0)
    return refuse("cap", "the amount is not whole and positive");
  if (amountMinor > caps.paymentMinorMax)
    return refuse("cap", `the payment is above ${caps.paymentMinorMax} minor units`);
  if (day.chainBroken && amountMinor > caps.chainBreakMinorMax)
    return refuse(
      "chain",
      `the till's chain is broken, and the payment is above ${caps.chainBreakMinorMax} minor units`,
    );
  const named = question.account === null ? null : assessNamed(limits, day.accountMinor, question);
  if (named?.allow === false) return named;
  if (day.tillMinor + amountMinor > caps.tillDayMinorMax)
    return refuse("cap", `the till's day would be above ${caps.tillDayMinorMax} minor units`);
  return { allow: true };
}

const refuse = (because: Refusal["because"], detail: string): Refusal => ({
  allow: false,
  because,
  detail,
});

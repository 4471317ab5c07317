import type { HoldBecause } from "./claim.ts";
import type { Country } from "./country.ts";
import { mayBeLegacy } from "./legacy.ts";
import type { PaidAt } from "./paid-at.ts";

/** Everything that can keep an SMS payment from crediting by itself, before anybody asks whose it is. */
export type HoldFacts = {
  country: Pick<Country, "name" | "features">;
  channel: "electricity" | "fees";
  /** The country's go-live; null: nothing credits by itself yet. */
  cutoverAt: number | null;
  paidAt: PaidAt;
  /** A text that is not its operator's is no claim, so that nothing of it is held. */
  till: { allow: true } | { allow: false; because: "cap" | "chain"; detail: string };
};

export type Hold = { because: HoldBecause; note: string };

/**
 * The strongest reason to hold, or null. It outranks any question of whose money it is: only a payment whose one fault
 * is that nothing names an account may later be moved by a provider's webhook.
 */
export function holdBefore(facts: HoldFacts): Hold | null {
  const off = automationOff(facts.country);
  if (off !== null) return facts.till.allow ? off : { ...off, note: `${off.note}; ${facts.till.detail}` };
  if (facts.channel === "fees" && !facts.country.features.fees)
    return { because: "fees_channel", note: `no fees are charged in ${facts.country.name}` };
  if (!facts.paidAt.inWindow)
    return { because: "date", note: "the printed date is impossible, or too far from receipt" };
  const early = beforeCutover(facts.cutoverAt, facts.paidAt);
  if (early !== null) return early;
  if (!facts.till.allow) return { because: facts.till.because, note: facts.till.detail };
  return null;
}

/** Where the switch is off a machine may bring money and never credits it: a person assigns it. Cash by hand is a person's. */
export const automationOff = ({ name, features }: Pick<Country, "name" | "features">): Hold | null =>
  features.paymentAutomation
    ? null
    : { because: "automation_off", note: `payments do not credit by themselves in ${name}` };

/**
 * What belongs to the old books. A payment without a date that came before cut-over was made before it, too. Whether its
 * receipt is known there is the claim's to say.
 */
export function beforeCutover(cutoverAt: number | null, paidAt: PaidAt): Hold | null {
  if (cutoverAt === null) return { because: "no_cutover", note: "the country has no cut-over instant yet" };
  if (paidAt.at < cutoverAt)
    return { because: "before_cutover", note: "paid before cut-over, and not in the old books" };
  return null;
}

/**
 * True when only the old books can say: the payment carries no date, and cut-over is less than 30 days ago. An old text
 * that is sent again would look like new money.
 */
export const asksOldBooks = (cutoverAt: number | null, paidAt: PaidAt): boolean =>
  paidAt.inWindow && paidAt.from === "server" && mayBeLegacy(cutoverAt, paidAt.at);

export const LEGACY_TWIN: Hold = {
  because: "legacy_twin",
  note: "without a date, and the old books have this amount of this account or payer without a receipt",
};

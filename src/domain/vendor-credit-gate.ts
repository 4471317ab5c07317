import { type CreditWriterSetting, creditWriterAt, inForce, SWITCH_SILENCE_MS } from "./credit-writer.ts";

/** Why a credit must not be sent now. */
export type NotSendable =
  | "credit_off" // no wallet is credited in this country
  | "not_commissioned" // the customer is not connected yet
  | "no_meter" // no meter of the vendor's stands on the account
  | "legacy_writes_site" // the old system credits this site, or did when the payment came
  | "neither" // the writer was switched: for 30 minutes nobody sends
  | "writer_unknown" // the settings cannot be loaded, and what is not known must not be guessed
  | "vendor_unset"; // this deployment has no key for the vendor

export type SendFacts = {
  /** When the payment was posted, or a person released its credit; null: the old system knows nothing of it. */
  queuedAt: number | null;
  site: string;
  commissioned: boolean;
  /** The account's present primary meter is one of the vendor's. */
  hasMeter: boolean;
  /** Of the site; null: nobody knows. */
  writers: readonly CreditWriterSetting[] | null;
  vendorSet: boolean;
  /** The country credits wallets at all. */
  isOn: boolean;
};

/** How often what only another setting can end is looked at again. */
const LOOK_AGAIN_MS = 15 * 60_000;
const UNKNOWN_MS = 60_000;

/**
 * Whether a credit may be sent, or why not and when to look again; null: nobody looks again by himself. A payment that was
 * posted while the old system credited the site was credited by it: a switch alone never sends it a second time.
 */
export function maySend(facts: SendFacts, now: number): "send" | { because: NotSendable; until: number | null } {
  const { writers, site } = facts;
  if (!facts.isOn) return { because: "credit_off", until: now + LOOK_AGAIN_MS };
  if (writers === null) return { because: "writer_unknown", until: now + UNKNOWN_MS };
  if (facts.queuedAt !== null && inForce(writers, site, facts.queuedAt).writer === "legacy")
    return { because: "legacy_writes_site", until: null };
  const writer = creditWriterAt(writers, site, now);
  if (writer === "neither")
    return { because: "neither", until: (inForce(writers, site, now).switchedAt ?? now) + SWITCH_SILENCE_MS };
  if (writer === "legacy") return { because: "legacy_writes_site", until: now + LOOK_AGAIN_MS };
  if (!facts.vendorSet) return { because: "vendor_unset", until: now + LOOK_AGAIN_MS };
  if (!facts.commissioned) return { because: "not_commissioned", until: now + LOOK_AGAIN_MS };
  if (!facts.hasMeter) return { because: "no_meter", until: now + LOOK_AGAIN_MS };
  return "send";
}

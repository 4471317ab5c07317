import { energyForMoney } from "./energy.ts";
import { divideHalfEven } from "./money.ts";

/** What the vendor's platform says is in a customer's wallet: currency, whatever its screens call it. */
export type WalletSeen = { amountMinor: number; readAt: number };

/** A payment that stands on the platform and that nobody has brought into our books. */
export type ForeignPayment = {
  vendorId: string;
  amountMinor: number;
  at: number;
  kind: "payment" | "reversal";
  /** One of our own credits has the same amount, and is there besides. */
  isTwin: boolean;
};

export type OurCredit = { externalId: string; energyWh: number; state: string };

export type DriftFacts = {
  /** What our ledger says, at the wallet's instant. */
  oursWh: number;
  wallet: WalletSeen | null;
  minorDigits: 0 | 2;
  /** Our rate then; null: nothing is vended, and nobody can say what the wallet is worth. */
  rateE4PerKwh: number | null;
  /** The platform's own rate for this customer; null: not known. */
  theirRateE4PerKwh: number | null;
  /** What the account used since both sides agreed last, or since its opening. */
  usedWh: number;
  /** Credits of ours that the platform is not known to have. */
  undelivered: readonly OurCredit[];
  /** Credits whose payment was reversed, and which the platform still has. */
  unreturned: readonly OurCredit[];
  foreign: readonly ForeignPayment[];
  /** Hours of which our books have no reading of this account's meter. */
  missing: readonly { day: string; hours: number }[];
  /** What this account uses in an hour, and the most that its meter can carry. */
  usualWhPerHour: number | null;
  ratedWhPerHour: number;
};

/** Why the two sides differ. The wording is fixed: tables and people go by it. */
export type CauseKind =
  | "credit_not_delivered" // ours was credited, the platform was not
  | "credit_not_returned" // the payment was reversed, its credit is still there
  | "duplicate_there" // the platform has a payment twice
  | "payment_there" // somebody paid on the platform, and the mirror has not brought it
  | "reversal_there" // somebody took a payment back there
  | "missing_interval" // energy that the platform has charged and we have not read
  | "tariff_differs" // the platform charges another rate
  | "platform_edit"; // what nothing else explains: somebody has changed the wallet

export type Cause = {
  cause: CauseKind;
  /** Share of the difference, theirs less ours. */
  explainsWh: number;
  /** False: an estimate, within what is possible. */
  exact: boolean;
  /** What it is made of, for a person. */
  names: string[];
};

export type Drift =
  | { verdict: "unknown"; because: "no_wallet" | "tariff_unset" }
  | {
      verdict: "agree" | "differ";
      oursWh: number;
      theirsWh: number;
      /** Theirs less ours. */
      deltaWh: number;
      /** The largest share first. They add up to the difference, to within the tolerance. */
      causes: Cause[];
    };

/** Readings come a day late, and of some sites four to eight: so long a missing hour is no fault yet. */
export const LATE_DAYS = 8;

/** True when time alone will put it right: credits on their way, and hours that are late by no more than they may be. */
export function isInTime(drift: Drift, facts: DriftFacts, today: string): boolean {
  if (drift.verdict !== "differ") return drift.verdict === "agree";
  const oldest = new Date(Date.parse(`${today}T00:00:00Z`) - LATE_DAYS * 86_400_000).toISOString().slice(0, 10);
  return drift.causes.every(({ cause }) => {
    if (cause === "credit_not_delivered")
      return facts.undelivered.every(({ state }) => state === "queued" || state === "sent");
    if (cause === "missing_interval") return facts.missing.every(({ day }) => day >= oldest);
    return false;
  });
}

/** A wallet is whole minor units: so much is rounding, and what was used between two looks. */
export const TOLERANCE_WH = 250;
/** Names of one cause that are kept; the number of the others is said. */
const NAMES_MAX = 20;

/**
 * Our balance beside the platform's, and why they differ. A wallet is currency and is divided by the account's own rate; it
 * is never read as energy. Causes that are known to the cent are taken first, then what can only be estimated, and what is
 * left is an edit on the platform. Nothing is ever posted because of it.
 */
export function driftOf(facts: DriftFacts): Drift {
  const { wallet, minorDigits, rateE4PerKwh, oursWh } = facts;
  if (wallet === null) return { verdict: "unknown", because: "no_wallet" };
  if (rateE4PerKwh === null || rateE4PerKwh <= 0) return { verdict: "unknown", because: "tariff_unset" };
  const theirsWh = energyForMoney(wallet.amountMinor, minorDigits, rateE4PerKwh);
  const deltaWh = theirsWh - oursWh;
  const causes = [...exactCauses(facts, rateE4PerKwh)];
  let left = deltaWh - causes.reduce((sum, { explainsWh }) => sum + explainsWh, 0);
  const missing = missingInterval(facts, left);
  if (missing !== null) {
    causes.push(missing);
    left -= missing.explainsWh;
  }
  if (Math.abs(left) > TOLERANCE_WH) causes.push({ cause: "platform_edit", explainsWh: left, exact: false, names: [] });
  causes.sort((one, other) => Math.abs(other.explainsWh) - Math.abs(one.explainsWh));
  return { verdict: Math.abs(deltaWh) > TOLERANCE_WH ? "differ" : "agree", oursWh, theirsWh, deltaWh, causes };
}

function* exactCauses(facts: DriftFacts, rateE4PerKwh: number): Generator<Cause> {
  const { undelivered, unreturned, foreign, minorDigits } = facts;
  const worthOf = ({ amountMinor }: ForeignPayment) => energyForMoney(amountMinor, minorDigits, rateE4PerKwh);
  const of = (cause: CauseKind, rows: readonly { wh: number; name: string }[]): Cause[] => {
    const explainsWh = rows.reduce((sum, { wh }) => sum + wh, 0);
    return explainsWh === 0 ? [] : [{ cause, explainsWh, exact: true, names: namesOf(rows.map(({ name }) => name)) }];
  };
  yield* of(
    "credit_not_delivered",
    undelivered.map(({ externalId, energyWh, state }) => ({ wh: -energyWh, name: `${externalId} ${state}` })),
  );
  yield* of(
    "credit_not_returned",
    unreturned.map(({ externalId, energyWh, state }) => ({ wh: energyWh, name: `${externalId} ${state}` })),
  );
  const payments = foreign.filter(({ kind }) => kind === "payment");
  for (const [cause, isTwin] of [["duplicate_there", true] as const, ["payment_there", false] as const])
    yield* of(
      cause,
      payments.filter((each) => each.isTwin === isTwin).map((each) => ({ wh: worthOf(each), name: each.vendorId })),
    );
  yield* of(
    "reversal_there",
    foreign
      .filter(({ kind }) => kind === "reversal")
      .map((each) => ({ wh: -Math.abs(worthOf(each)), name: each.vendorId })),
  );
  const { theirRateE4PerKwh, usedWh } = facts;
  if (theirRateE4PerKwh === null || theirRateE4PerKwh === rateE4PerKwh) return;
  // What was used was charged at their rate; in energy at ours that is more, or less, than was used.
  const chargedWh = Number(divideHalfEven(BigInt(usedWh) * BigInt(theirRateE4PerKwh), BigInt(rateE4PerKwh)));
  yield* of("tariff_differs", [{ wh: usedWh - chargedWh, name: `${theirRateE4PerKwh} there, ${rateE4PerKwh} here` }]);
}

/** More than so many times the usual use is no late reading. */
const USUAL_TIMES_MAX = 3;
const mostWhPerHour = (usualWh: number | null, ratedWh: number) =>
  usualWh === null ? ratedWh : Math.min(ratedWh, usualWh * USUAL_TIMES_MAX);

/**
 * Energy that the platform has charged and we have not read lowers their side alone, and by no more than three times what is
 * usual here, or, where nothing is usual yet, than the meter can carry.
 */
function missingInterval({ missing, usualWhPerHour, ratedWhPerHour }: DriftFacts, leftWh: number): Cause | null {
  const hours = missing.reduce((sum, each) => sum + each.hours, 0);
  if (hours === 0 || leftWh >= 0) return null;
  const mostWh = hours * mostWhPerHour(usualWhPerHour, ratedWhPerHour);
  const names = namesOf(missing.map((each) => `${each.day} ${each.hours} h`));
  const explainsWh = -Math.min(-leftWh, mostWh);
  const usual = usualWhPerHour === null ? [] : [`usual use of that time: ${hours * usualWhPerHour} Wh`];
  return { cause: "missing_interval", explainsWh, exact: false, names: [...names, ...usual] };
}

const namesOf = (names: string[]) =>
  names.length <= NAMES_MAX ? names : [...names.slice(0, NAMES_MAX), `and ${names.length - NAMES_MAX} more`];

import { canonicalAccount } from "../domain/account.ts";
import type { Country } from "../domain/country.ts";
import { isOurKey, judgeListed, mirrorReceipt } from "../domain/mirror.ts";
import type { Result } from "../domain/result.ts";
import type { Vendor } from "../domain/vendor.ts";
import type { CreditState } from "../domain/vendor-credit.ts";
import type { Mirrors } from "../ports/mirrors.ts";
import type { Receipts } from "../ports/receipts.ts";
import type { FeedRefusal } from "../ports/vendor-feeds.ts";
import type { PlatformPayment, VendorPayments } from "../ports/vendor-payments.ts";
import type { Received, ReceiveError, StatedPayment } from "./receive-payment.ts";

/** A payment may show up in the list so much later than it is dated. */
export const OVERLAP_MS = 120 * 60_000;
/** One that the platform never processes holds the watermark back no longer than this. */
const PENDING_MS_MAX = 7 * 86_400_000;
/** Older payments are a person's: their date would not be believed either. */
const REACH_MS_MAX = 90 * 86_400_000;
/** Pages of one run: 100,000 payments. The next run goes on from the same watermark. */
export const MIRROR_PAGES_MAX = 2_000;
/** An echo of ours that Postgres does not know so long after is a case: whoever sent it has forgotten it. */
const UNKNOWN_ECHO_MS = 60 * 60_000;

export type MirrorPorts = {
  vendor: Vendor;
  country: Country;
  payments: VendorPayments;
  mirrors: Mirrors;
  receipts: Pick<Receipts, "block" | "state">;
  accountOfMeter(meterNumber: string, at: number): Promise<string | null>;
  receive(payment: StatedPayment): Promise<Result<Received, ReceiveError>>;
  cutoverAt(): Promise<number | null>;
  now(): number;
};

/** Where a run stands: which page comes next, since when it looks, and what it knows of the newest and of what is pending. */
export type MirrorPage = {
  number: number;
  since: number;
  newestAt: number;
  pendingAt: number | null;
  counts: Record<string, number>;
};

export type MirrorStep =
  | { status: "next"; page: MirrorPage }
  | { status: "done"; counts: Record<string, number> }
  /** Nothing is lost: the next run begins at the same watermark. */
  | { status: "refused"; refusal: FeedRefusal; counts: Record<string, number> }
  /** Something of ours does not answer: the same page again. */
  | { status: "not_ready" };

/** Where a new run begins; `from` (UTC ms): a person wants it to look further back. Null: the country has no cut-over yet. */
export async function beginMirror(ports: MirrorPorts, from: number | null): Promise<MirrorPage | null> {
  const cutoverAt = await ports.cutoverAt();
  if (cutoverAt === null || cutoverAt > ports.now()) return null;
  const watermark = from ?? (await ports.mirrors.watermark(ports.vendor));
  const since = Math.max((watermark ?? cutoverAt) - OVERLAP_MS, cutoverAt, ports.now() - REACH_MS_MAX);
  return { number: 0, since, newestAt: since, pendingAt: null, counts: {} };
}

/**
 * One page of what the platform's operators were paid there. Each payment is claimed as on every other road, so twice is
 * once, whichever pages it stands on; the watermark moves when the last page is in.
 */
export async function mirrorPage(ports: MirrorPorts, page: MirrorPage): Promise<MirrorStep> {
  const listed = await ports.payments.page(page.number);
  if ("refused" in listed) return { status: "refused", refusal: listed, counts: page.counts };
  const cutoverAt = await ports.cutoverAt();
  const fresh = listed.payments.filter(({ at }) => at >= page.since);
  const run: MirrorPage = { ...page, number: page.number + 1, counts: { ...page.counts } };
  const count = (word: string, n = 1) => {
    run.counts[word] = (run.counts[word] ?? 0) + n;
  };
  for (const [word, n] of Object.entries(listed.leftOut)) count(word, n);
  await lookAtEchoes(ports, fresh, count);
  for (const payment of fresh) {
    run.newestAt = Math.max(run.newestAt, payment.at);
    const verdict = judgeListed(payment, cutoverAt);
    if (verdict === "not_processed") run.pendingAt = Math.min(run.pendingAt ?? payment.at, payment.at);
    if (verdict === "theirs") {
      const outcome = await claim(ports, payment);
      if (outcome === "not_ready") return { status: "not_ready" };
      count(outcome);
    } else if (verdict === "reversed") {
      const outcome = await takenBack(ports, payment);
      if (outcome === "not_ready") return { status: "not_ready" };
      count(outcome);
    } else count(verdict);
  }
  // Older than asked for, or none: the rest was looked at before.
  const isLast = !listed.more || fresh.length < listed.payments.length || run.number >= MIRROR_PAGES_MAX;
  if (!isLast) return { status: "next", page: run };
  if (run.number < MIRROR_PAGES_MAX)
    await ports.mirrors.advance(ports.vendor, watermarkOf(ports, run), run.counts, ports.now());
  return { status: "done", counts: run.counts };
}

/** Never beyond now, where a wrong clock of the platform's would leave out what comes next, nor beyond what is pending. */
function watermarkOf(ports: MirrorPorts, { newestAt, pendingAt }: MirrorPage): number {
  const newest = Math.min(newestAt, ports.now());
  return pendingAt === null ? newest : Math.max(Math.min(newest, pendingAt), ports.now() - PENDING_MS_MAX);
}

async function claim(ports: MirrorPorts, payment: PlatformPayment): Promise<string> {
  const account = await accountOf(ports, payment);
  if (account === null) return tellNobodys(ports, payment);
  const received = await ports.receive({
    receipt: mirrorReceipt(ports.vendor, payment.key),
    // Paid to the operator of the platform, over the counter.
    provider: "cash",
    amountMinor: payment.amountMinor,
    account,
    payerPhone: null,
    statedAt: payment.at,
    road: "mirror",
    actor: null,
    fromProvider: false,
    sightingKey: `mirror:${ports.vendor}:${mirrorReceipt(ports.vendor, payment.key)}`,
    receivedAt: ports.now(),
  });
  if (received.ok) return received.value.status;
  return received.error.kind;
}

/** By the customer's code, or by the meter where the platform names nobody. Null: nobody of this country. */
async function accountOf(ports: MirrorPorts, { customerCode, serial, at }: PlatformPayment): Promise<string | null> {
  if (customerCode === null) return serial === null ? null : ports.accountOfMeter(serial, at);
  const account = canonicalAccount(customerCode);
  // A key that sees another country's customers must not bring their money here.
  return account.ok && ports.country.siteCodes.includes(account.value.slice(-3)) ? account.value : null;
}

async function tellNobodys(ports: MirrorPorts, payment: PlatformPayment): Promise<string> {
  await tell(ports, "mirror_unknown", payment, {
    expected: "an account of this country, or a meter that is placed here",
  });
  return "nobodys";
}

/**
 * Taken back on the platform. Nothing is debited by it: the receipt is blocked, which opens its case and stops disconnects,
 * and a person takes the money out. Where more than one payment may be meant, a person says which.
 */
async function takenBack(ports: MirrorPorts, payment: PlatformPayment): Promise<string> {
  const account = await accountOf(ports, payment);
  const candidates = payment.isReversal
    ? await meant(ports, payment, account)
    : [mirrorReceipt(ports.vendor, payment.key)];
  const [receipt, ...others] = candidates;
  if (others.length > 0) {
    await tell(ports, "mirror_reversal", payment, { account, candidates });
    return "reversal_unclear";
  }
  const state = receipt === undefined ? null : await ports.receipts.state(receipt);
  if (state === "not_ready") return "not_ready";
  // Taken back before it was ever booked here.
  if (receipt === undefined || state === null) return "reversal_of_nothing";
  await ports.receipts.block({
    receipt,
    provider: "cash",
    because: "reversal",
    sightingKey: `mirror:${ports.vendor}:${mirrorReceipt(ports.vendor, payment.key)}:reversal`,
    at: ports.now(),
  });
  return "reversal";
}

/** A reversal does not name what it takes back: the payments of the same amount that were booked for the account before it. */
async function meant(ports: MirrorPorts, payment: PlatformPayment, account: string | null): Promise<string[]> {
  if (account === null) return [];
  const amountMinor = Math.abs(payment.amountMinor);
  const found = await ports.mirrors.mirrored(account, amountMinor, payment.at - REACH_MS_MAX);
  return found.filter(({ at }) => at <= payment.at).map(({ receipt }) => receipt);
}

/** States in which we take the money for being in the wallet, or on its way there. */
const HELD: ReadonlySet<CreditState> = new Set(["queued", "sent", "confirmed"]);

/** Our own credits as the platform has them: one that it took back while we hold it for credited is a case, and so is one we never sent. */
async function lookAtEchoes(ports: MirrorPorts, payments: readonly PlatformPayment[], count: (word: string) => void) {
  const echoes = payments.filter(({ externalId }) => isOurKey(externalId));
  const known = await ports.mirrors.credits([...new Set(echoes.map(({ externalId }) => externalId ?? ""))]);
  for (const echo of echoes) {
    const state = known.get(echo.externalId ?? "");
    const isTakenBack = echo.isReversal || echo.status === "reversed";
    if (state === undefined && echo.at < ports.now() - UNKNOWN_ECHO_MS) {
      count("ours_unknown");
      await tell(ports, "mirror_echo_unknown", echo, { externalId: echo.externalId });
    } else if (isTakenBack && state !== undefined && HELD.has(state)) {
      count("ours_reversed");
      await tell(ports, "mirror_credit_reversed", echo, { externalId: echo.externalId, state });
    }
  }
}

function tell(
  ports: MirrorPorts,
  caseKind: "mirror_unknown" | "mirror_reversal" | "mirror_echo_unknown" | "mirror_credit_reversed",
  payment: PlatformPayment,
  details: object,
): Promise<void> {
  const { key, customerCode, serial, amountMinor, status, at } = payment;
  return ports.mirrors.openCase({
    caseKey: `${caseKind}:${ports.vendor}:${mirrorReceipt(ports.vendor, key)}`,
    caseKind,
    subject: customerCode ?? serial ?? ports.vendor,
    detailsJson: JSON.stringify({
      vendor: ports.vendor,
      key,
      customerCode,
      serial,
      amountMinor,
      status,
      at,
      ...details,
    }),
    state: "open",
    openedAt: ports.now(),
    closedAt: null,
    version: 1,
  });
}

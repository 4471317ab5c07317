import { judgeListed, mirrorReceipt } from "../domain/mirror.ts";
import type { PlatformPayment } from "../domain/vendor-payment.ts";
import type { FeedRefusal } from "../ports/vendor-feeds.ts";
import { lookAtEchoes } from "./mirror-echoes.ts";
import { accountOf, type MirrorPorts, tell } from "./mirror-ports.ts";

/** A payment may show up in the list so much later than it is dated. */
export const OVERLAP_MS = 120 * 60_000;
/** One that the platform never processes holds the watermark back no longer than this. */
const PENDING_MS_MAX = 7 * 86_400_000;
/** Older payments are a person's: their date would not be believed either. */
const REACH_MS_MAX = 90 * 86_400_000;
/** Pages of one run: 100,000 payments. The next run goes on from the same watermark. */
export const MIRROR_PAGES_MAX = 2_000;
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

/**
 * Where a new run begins; `from` (UTC ms): a person wants it to look further back. Never later than the watermark, which
 * would then pass over what nobody has read. Null: the country has no cut-over yet.
 */
export async function beginMirror(ports: MirrorPorts, from: number | null): Promise<MirrorPage | null> {
  const cutoverAt = await ports.cutoverAt();
  if (cutoverAt === null || cutoverAt > ports.now()) return null;
  const watermark = (await ports.mirrors.watermark(ports.vendor)) ?? cutoverAt;
  const since = Math.max(Math.min(from ?? watermark, watermark) - OVERLAP_MS, cutoverAt, ports.now() - REACH_MS_MAX);
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
  const lastFresh = listed.payments.findLastIndex(({ at }) => at >= page.since);
  // What stands above a fresh one was credited later, whatever it is dated.
  const fresh = listed.payments.slice(0, lastFresh + 1).filter(({ at }) => at >= ports.now() - REACH_MS_MAX);
  const run: MirrorPage = { ...page, number: page.number + 1, counts: { ...page.counts } };
  const count = (word: string, n = 1) => {
    run.counts[word] = (run.counts[word] ?? 0) + n;
  };
  for (const [word, n] of Object.entries(listed.leftOut)) count(word, n);
  if ((await lookAtEchoes(ports, fresh, run.counts)) === "not_ready") return { status: "not_ready" };
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
  // Nothing but older ones: the rest was looked at before. One alone says nothing, it may be back-dated.
  const isOlder = listed.payments.length > 0 && lastFresh === -1;
  const isLast = !listed.more || isOlder || run.number >= MIRROR_PAGES_MAX;
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

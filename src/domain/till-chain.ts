/**
 * The chain of one operator's balances at a till. Every text that states a new balance is a link from the balance before it to the one
 * after it. The links are a set, so the order in which they arrive does not matter: a lost, deleted or forged text shows
 * as a balance from which a stretch begins and at which no other ends.
 */

/** More links than this and the oldest are joined to stretches. */
export const LIVE_LINKS_MAX = 500;
/** How many remain as they came. */
export const LINKS_KEPT_MAX = 250;
/** How long a gap may stand, while a phone of the till polls, before a person has to look. */
export const GAP_AGE_MS_MAX = 30 * 60_000;
/** Between two polls further apart than this nobody was polling, and no gap grew older. */
export const POLL_SILENCE_MS_MAX = 20 * 60_000;

/** `at` is the printed instant, or `receivedAt` where none is printed to the minute. Both are UTC ms. */
export type ChainLink = { key: string; fromMinor: number; toMinor: number; at: number; receivedAt: number };

/** `nth` counts gaps that begin at the same balance. */
export type Gap = { startMinor: number; nth: number; endMinor: number | null; since: number };

/** How many pieces the chain is in, and the balance at which the newest of them ends. */
export type ChainSummary = { stretches: number; balanceMinor: number; balanceAt: number };

const STRETCH = "stretch:";
const DAY_MS = 86_400_000;
/** Operators print no seconds. */
const PRINTED_MS = 60_000;

type End = { balanceMinor: number; link: ChainLink };

const byTime = (left: ChainLink, right: ChainLink) =>
  left.at - right.at ||
  left.fromMinor - right.fromMinor ||
  left.toMinor - right.toMinor ||
  (left.key < right.key ? -1 : left.key > right.key ? 1 : 0);

/** Whether the text printed its own time: the order of arrival tells nothing about the order of events. */
const isDated = ({ at, receivedAt }: ChainLink) => at !== receivedAt;

const startsUndatedAt = (balanceMinor: number) => (link: ChainLink) =>
  link.fromMinor === balanceMinor && !isDated(link);

/** A link's instant. A text that prints a day without a time (midnight) tells no order either: server receipt stands in. */
export const linkedAt = (printedAt: number, receivedAt: number, utcOffsetMinutes: number): number =>
  (printedAt + utcOffsetMinutes * 60_000) % DAY_MS === 0 ? receivedAt : printedAt;

/** Balances at which more stretches begin than end, and the reverse, each oldest first. */
function looseEnds(links: readonly ChainLink[]): { starts: End[]; ends: End[] } {
  const leaving = new Map<number, ChainLink[]>();
  const arriving = new Map<number, ChainLink[]>();
  for (const link of [...links].sort(byTime)) {
    leaving.set(link.fromMinor, [...(leaving.get(link.fromMinor) ?? []), link]);
    arriving.set(link.toMinor, [...(arriving.get(link.toMinor) ?? []), link]);
  }
  return {
    starts: surplus(leaving, arriving, (links, count) => links.slice(0, count)),
    ends: surplus(arriving, leaving, (links, count) => links.slice(-count)),
  };
}

/** At one balance the first links that begin and the last that end are the loose ones. */
function surplus(
  side: ReadonlyMap<number, ChainLink[]>,
  other: ReadonlyMap<number, ChainLink[]>,
  choose: (links: ChainLink[], count: number) => ChainLink[],
): End[] {
  const loose: End[] = [];
  for (const [balanceMinor, links] of side) {
    const count = links.length - (other.get(balanceMinor)?.length ?? 0);
    if (count > 0) for (const link of choose(links, count)) loose.push({ balanceMinor, link });
  }
  return loose.sort((left, right) => byTime(left.link, right.link));
}

/**
 * Gaps: loose starts other than the oldest, which is where the chain began. When printed times tell that other links
 * came before it (the till came back to its first balance), every loose start is a gap.
 */
export function gapsOf(links: readonly ChainLink[]): Gap[] {
  const { starts, ends } = looseEnds(links);
  const stretchOf = joinedBalances(starts.length > 1 ? links : []);
  const beginning = beginningOf(links, starts, stretchOf);
  const gaps = starts.filter((start) => start !== beginning);
  const seen = new Map<number, number>();
  // What is missing lies between another stretch's end and this start; no end is the neighbour of two.
  const isOther = (end: End, start: End) => stretchOf(end.balanceMinor) !== stretchOf(start.balanceMinor);
  const free = [...ends];
  return gaps.map(({ balanceMinor, link }) => {
    const nth = (seen.get(balanceMinor) ?? 0) + 1;
    seen.set(balanceMinor, nth);
    const start = { balanceMinor, link };
    const before =
      free.findLast((end) => isOther(end, start) && end.link.at < link.at + PRINTED_MS) ??
      free.findLast((end) => byTime(end.link, link) < 0);
    if (before !== undefined) free.splice(free.indexOf(before), 1);
    return { startMinor: balanceMinor, nth, endMinor: before?.balanceMinor ?? null, since: link.receivedAt };
  });
}

/** The loose start that is where the chain began; null: the chain began before all of them. */
function beginningOf(
  links: readonly ChainLink[],
  starts: readonly End[],
  stretchOf: (balanceMinor: number) => number,
): End | null {
  const dated = links.filter(isDated);
  const startedAt = ({ balanceMinor, link }: End) =>
    isDated(link)
      ? link.at
      : // A text without a time came no later than the earliest that goes on from it.
        earliest([link, ...dated.filter(({ fromMinor }) => stretchOf(fromMinor) === stretchOf(balanceMinor))]);
  const [oldest] = starts
    .map((start) => ({ start, at: startedAt(start) }))
    .toSorted((left, right) => left.at - right.at || byTime(left.start.link, right.start.link));
  if (oldest === undefined) return null;
  const isBeginning = oldest.at <= earliest(dated) || links.some(startsUndatedAt(oldest.start.balanceMinor));
  return isBeginning ? oldest.start : null;
}

const earliest = (links: readonly ChainLink[]) =>
  links.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);

/** Tells of two balances whether links join them, by a number that they share if so. */
function joinedBalances(links: readonly ChainLink[]): (balanceMinor: number) => number {
  const parents = new Map<number, number>();
  const rootOf = (balanceMinor: number): number => {
    let root = balanceMinor;
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next;
    parents.set(balanceMinor, root);
    return root;
  };
  for (const { fromMinor, toMinor } of links) parents.set(rootOf(fromMinor), rootOf(toMinor));
  return rootOf;
}

/** What a person wants to know of a chain at once; null: no text with a balance has come. */
export function summaryOf(links: readonly ChainLink[]): ChainSummary | null {
  const newest = links.toSorted(byTime).at(-1);
  if (newest === undefined) return null;
  const last = looseEnds(links).ends.at(-1) ?? { balanceMinor: newest.toMinor, link: newest };
  return { stretches: gapsOf(links).length + 1, balanceMinor: last.balanceMinor, balanceAt: last.link.at };
}

/**
 * Joins the oldest links to stretches from where each begins to where it ends. All loose ends, and so all gaps, stay as
 * they are, also for a text that comes years late.
 */
export function compactLinks(links: readonly ChainLink[]): { joined: string[]; stretches: ChainLink[] } {
  if (links.length <= LIVE_LINKS_MAX) return { joined: [], stretches: [] };
  const old = [...links].sort(byTime).slice(0, links.length - LINKS_KEPT_MAX);
  const { starts, ends } = looseEnds(old);
  const stretches = starts.flatMap(({ balanceMinor, link }, index) => {
    const end = ends[index];
    if (end === undefined) return [];
    const key = link.key.startsWith(STRETCH) ? link.key : `${STRETCH}${link.key}`;
    const at = old.some(startsUndatedAt(balanceMinor)) ? link.receivedAt : link.at;
    return [{ ...link, key, fromMinor: balanceMinor, toMinor: end.balanceMinor, at }];
  });
  // What came first is remembered where it belongs: nothing else would tell when the chain began.
  const oldest = old.find(isDated);
  if (oldest !== undefined && !stretches.some((stretch) => isDated(stretch) && stretch.at <= oldest.at)) {
    const stretchOf = joinedBalances(old);
    const before = starts.find(
      ({ balanceMinor, link }) => !isDated(link) && stretchOf(balanceMinor) === stretchOf(oldest.fromMinor),
    );
    const balanceMinor = before?.balanceMinor ?? oldest.fromMinor;
    stretches.push({ ...oldest, key: `${STRETCH}beginning`, fromMinor: balanceMinor, toMinor: balanceMinor });
  }
  return { joined: old.map(({ key }) => key), stretches };
}

/** By how much gaps have aged since the poll before: nothing while no phone polled. */
export const agedBy = (lastPolledAt: number | null, polledAt: number): number => {
  if (lastPolledAt === null || polledAt <= lastPolledAt) return 0;
  const passed = polledAt - lastPolledAt;
  return passed > POLL_SILENCE_MS_MAX ? 0 : passed;
};

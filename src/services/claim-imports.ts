import type { ImportSource } from "../domain/imports/source.ts";
import { ageDays, DAYS_BACK, SETTLED_DAYS, sourcesFor, type UnitName } from "../domain/imports/unit.ts";
import { DAY_MS, dayNamed, HOUR_MS, startOfDay } from "../domain/imports/vendor-day.ts";
import type { CaseRow } from "../domain/outbox.ts";
import type { MeterDays } from "../ports/meter-days.ts";
import type { VendorFeed } from "../ports/vendor-feeds.ts";
import type { VendorSite } from "../ports/vendor-sites.ts";

/** Units that one look sends on their way. */
export const SENT_MAX = 60;
/** What was sent and not begun after so long is sent again. */
const SENT_MS = HOUR_MS;
/** So far back a meter that is placed later opens its days again. */
const REOPENED_DAYS = 92;
/** Nothing new was to be had: it is looked at again so much later. */
const NOTHING_NEW_MS = HOUR_MS;
/** A site whose newest hour is older needs a person: its base station is off, or the road from it is. */
export const STALE_MS = 3 * DAY_MS;

export type SiteNewest = { site: string; newestAt: number | null };
type Sent = UnitName & { freshAt: number | null; sentAt: number };
export type ClaimPorts = {
  days: Pick<MeterDays, "open" | "reopen" | "due" | "defer">;
  sites(): Promise<VendorSite[]>;
  feed(source: ImportSource): VendorFeed | null;
  send(units: Sent[]): Promise<void>;
  /** The newest hour that is stored of each site with a vendor; null: none. */
  newest(): Promise<SiteNewest[]>;
  /** Of these, the keys whose case is open. */
  openCaseKeys(keys: string[]): Promise<string[]>;
  putCases(cases: CaseRow[]): Promise<void>;
};
export type Claimed = { opened: number; reopened: number; sent: number; deferred: number; stale: string[] };

/**
 * Looks for site-days that lack something, newest first, and sends them on their way. A day of which the vendor has nothing
 * newer than when it was last taken is left alone: each look at it would cost requests of the day's budget.
 */
export async function claimImports(ports: ClaimPorts, now: number): Promise<Claimed> {
  const sites = await ports.sites();
  const here = sites.filter(({ vendor }) => ports.feed(vendor) !== null);
  const today = startOfDay(dayNamed(now));
  const units = Array.from({ length: DAYS_BACK }, (_, n) => dayNamed(today - (n + 1) * DAY_MS)).flatMap((day) =>
    here.flatMap(({ site, vendor }) =>
      sourcesFor(vendor, ageDays(day, now))
        .filter((source) => ports.feed(source) !== null)
        .map((source) => ({ site, day, source })),
    ),
  );
  const opened = await ports.days.open(units, now);
  const reopened = await ports.days.reopen(dayNamed(today - REOPENED_DAYS * DAY_MS), now);
  const due = await ports.days.due(now, dayNamed(today - REOPENED_DAYS * DAY_MS), SENT_MAX);
  const freshness = await freshnessOf(ports, [...new Set(due.map(({ source }) => source))]);
  const send: Sent[] = [];
  let deferred = 0;
  for (const { vendorSiteId, freshAt, ...unit } of due) {
    const newest = freshness.get(unit.source)?.[vendorSiteId];
    if (hasNothingNew(unit.day, newest, freshAt, now)) {
      deferred += 1;
      await ports.days.defer(unit, now + NOTHING_NEW_MS, now);
    } else send.push({ ...unit, freshAt: newest ?? null, sentAt: now });
  }
  if (send.length > 0) await ports.send(send);
  // Until then it waits in the queue, and is not sent again beside itself.
  for (const { freshAt: _freshAt, sentAt: _sentAt, ...unit } of send) await ports.days.defer(unit, now + SENT_MS, now);
  return { opened, reopened, sent: send.length, deferred, stale: await tellStale(ports, here, now) };
}

/** `newest`: of the site at the vendor; undefined: the vendor did not say. `freshAt`: the same when the day was last taken. */
export function hasNothingNew(
  day: string,
  newest: number | null | undefined,
  freshAt: number | null,
  now: number,
): boolean {
  if (newest === undefined || ageDays(day, now) >= SETTLED_DAYS) return false;
  if (newest === null || newest < startOfDay(day)) return true;
  return freshAt !== null && newest <= freshAt;
}

async function freshnessOf(ports: ClaimPorts, sources: ImportSource[]) {
  const known = new Map<ImportSource, Record<string, number | null>>();
  for (const source of sources) {
    const told = await ports.feed(source)?.freshness();
    if (told !== undefined && "newest" in told) known.set(source, told.newest);
  }
  return known;
}

/** One case a site, open as long as its newest hour is too old. */
async function tellStale(ports: ClaimPorts, sites: readonly VendorSite[], now: number): Promise<string[]> {
  const newest = (await ports.newest()).filter(({ site }) => sites.some((each) => each.site === site));
  const isStale = ({ newestAt }: SiteNewest) => newestAt === null || newestAt < now - STALE_MS;
  const open = new Set(await ports.openCaseKeys(newest.map(keyOf)));
  const changed = newest.filter((each) => isStale(each) !== open.has(keyOf(each)));
  if (changed.length > 0) await ports.putCases(changed.map((each) => caseOf(each, isStale(each), now)));
  return newest.filter(isStale).map(({ site }) => site);
}

const keyOf = ({ site }: SiteNewest) => `feed_stale:${site}`;

const caseOf = (each: SiteNewest, isStale: boolean, now: number): CaseRow => ({
  caseKey: keyOf(each),
  caseKind: "feed_stale",
  subject: each.site,
  detailsJson: JSON.stringify({ site: each.site, newestAt: each.newestAt, staleAfterMs: STALE_MS }),
  state: isStale ? "open" : "closed",
  openedAt: now,
  closedAt: isStale ? null : now,
  version: now,
});

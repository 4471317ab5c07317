import type { VendorInterval } from "../domain/vendor.ts";

/** A site's UTC day of one source: the unit that is fetched. */
export type FeedUnit = {
  site: string;
  /** The vendor's own id of the site. */
  vendorSiteId: string;
  /** YYYY-MM-DD, UTC. */
  day: string;
};

export type FeedPage = {
  intervals: VendorInterval[];
  /** Rows that were read and left out, by reason: totalizer, unreadable, future … */
  leftOut: Record<string, number>;
  /** Opaque; null: this was the last page. It may die within minutes. */
  next: string | null;
};

/** Why there is no page. Only `absent` is an answer about the data. */
export type FeedRefusal = {
  refused:
    | "absent" // the source has nothing of that day, and says so
    | "cursor_died" // begin the day again
    | "budget_spent" // nothing more today, or until retryAt
    | "busy" // too many requests now; retryAt
    | "unavailable" // 5xx, timeout, no connection, HTML instead of data
    | "unauthorised" // a person must renew the key
    | "unreadable"; // the answer has another shape than agreed
  retryAt: number | null;
  /** For a person, without secrets. */
  detail: string;
};

/** One source of interval energy. Made real by the vendors' clients; every call goes through the organisation's budget. */
export interface VendorFeed {
  page(unit: FeedUnit, cursor: string | null): Promise<FeedPage | FeedRefusal>;
  /** The newest reading of each site, by the vendor's id, UTC ms; null: it has none. */
  freshness(): Promise<{ newest: Record<string, number | null> } | FeedRefusal>;
}

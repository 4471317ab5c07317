import type { Reader } from "../ports/reader.ts";
import {
  afterCursor,
  atSite,
  type CustomerHit,
  parameters,
  SEARCH_PAGE_MAX,
  type SearchCursor,
  START_RANK,
  shownFrom,
} from "./customer-search.ts";

/** A page of everybody, or of everybody of a site, in the order of names. */
export async function customersByName(
  reader: Reader,
  { now, after, limit, site }: { now: number; after: SearchCursor | null; limit: number; site: string | null },
): Promise<CustomerHit[]> {
  const { params, put } = parameters();
  const query = `WITH page AS (
    SELECT c.id, ${START_RANK} AS rank, 'name' AS matched, c.sort_name FROM customers c
    WHERE c.withdrawn_at IS NULL AND ${atSite(site, put)("c")} AND ${afterCursor(after, put)(START_RANK, "c")}
    ORDER BY c.sort_name, c.id LIMIT ${put(Math.min(limit, SEARCH_PAGE_MAX), "int")}
  )
  ${shownFrom("page", "p.rank, p.sort_name, p.id", put(now, "bigint"))}`;
  return reader.read<CustomerHit>(query, params);
}

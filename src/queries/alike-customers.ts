import type { Reader } from "../ports/reader.ts";
import { atSite, parameters } from "./customer-search.ts";

const ALIKE_MAX = 5;
/** Customers of one phone, plot or name that are looked at. */
const LOOKED_AT_MAX = 50;
/** How alike two names are, 0 to 1, before a shared plot, or the name alone, makes them likely one person. */
const LIKENESS_AT_PLOT_MIN = 0.4;
const LIKENESS_ALONE_MIN = 0.7;

/** A name of which less is known says nothing yet. */
const TELLING = /\p{L}{3}/u;

/** What is known of somebody who is about to be registered. Phones E.164, the plot in its one spelling. */
export type Newcomer = {
  name: string;
  phones: string[];
  nationalId: string | null;
  plotNumber: string | null;
};

/** A customer who is there already and may be the newcomer. */
export type AlikeCustomer = {
  customerId: number;
  name: string;
  site: string | null;
  accounts: string[];
  because: ("phone" | "national id" | "plot" | "name")[];
  /** 0 to 1, two decimals. */
  likeness: number;
};

/** Who may be the newcomer: the same phone or national id whatever the name, the same plot and a name like it, or the name. */
export async function alikeCustomers(
  reader: Reader,
  { name, phones, nationalId, plotNumber }: Newcomer,
  site: string | null,
): Promise<AlikeCustomer[]> {
  const { params, put } = parameters();
  const branches: string[] = [];
  const branch = (because: AlikeCustomer["because"][number], condition: string, order = "") =>
    branches.push(`(SELECT c.id, '${because}' AS because FROM customers c
      WHERE ${condition} AND c.withdrawn_at IS NULL ${order} LIMIT ${LOOKED_AT_MAX})`);
  const called = `"left"(cc_plain(${put(name, "text")}), 60)`;
  const list = (values: string[]) => `ARRAY[${values.map((value) => put(value, "text")).join(", ")}]`;
  if (phones.length > 0) branch("phone", `cc_last8(c.phones) && cc_last8(${list(phones)})`);
  if (nationalId !== null)
    branch(
      "national id",
      `c.national_id IS NOT NULL AND cc_compact(c.national_id) = cc_compact(${put(nationalId, "text")})`,
    );
  if (plotNumber !== null)
    branch("plot", `c.plot_number IS NOT NULL AND cc_compact(c.plot_number) = cc_compact(${put(plotNumber, "text")})`);
  // The index is asked for the whole name at once: whoever is alike enough has most of its pieces, and few others have.
  if (TELLING.test(name))
    branch(
      "name",
      `c.search_text %> ${called} AND similarity(c.sort_name, ${called}) >= ${LIKENESS_ALONE_MIN}`,
      `ORDER BY similarity(c.sort_name, ${called}) DESC, c.id`,
    );
  if (branches.length === 0) return [];
  return reader.read<AlikeCustomer>(
    `WITH found AS (${branches.join("\n      UNION ALL ")}
    ), alike AS (
      SELECT c.id, array_agg(DISTINCT f.because ORDER BY f.because) AS because, similarity(c.sort_name, ${called}) AS likeness
      FROM found f JOIN customers c ON c.id = f.id WHERE ${atSite(site, put)("c")} GROUP BY c.id, c.sort_name
    )
    SELECT c.id AS "customerId", c.name, c.site_code AS site, to_json(a.because) AS because,
      round(a.likeness::numeric, 2) AS likeness, (SELECT coalesce(json_agg(n.account_number ORDER BY n.account_number), '[]')
        FROM accounts n WHERE n.customer_id = c.id) AS accounts
    FROM alike a JOIN customers c ON c.id = a.id
    WHERE a.because && ARRAY['phone', 'national id'] OR a.likeness >= ${LIKENESS_ALONE_MIN}
      OR ('plot' = ANY (a.because) AND a.likeness >= ${LIKENESS_AT_PLOT_MIN})
    ORDER BY cardinality(a.because) DESC, a.likeness DESC, a.id LIMIT ${ALIKE_MAX}`,
    params,
  );
}

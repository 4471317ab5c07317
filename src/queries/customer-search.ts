import type { Question } from "../domain/customer-question.ts";
import type { AccountStatus } from "../domain/ledger.ts";
import type { Reader } from "../ports/reader.ts";

export const SEARCH_PAGE_MAX = 50;
/** Customers whom one number can mean; more than that is a shop's phone. */
const EXACT_MAX = 200;

/** Why a customer is among the answers. */
export type Matched = "account" | "phone" | "meter" | "legacy id" | "plot" | "national id" | "name" | "similar name";

export type CustomerHit = {
  customerId: number;
  matched: Matched;
  /** What is asked exactly comes first: 0 a whole number or id, 1 a part of one, 2 whole words, 3 beginnings of words. */
  rank: number;
  name: string;
  phones: string[];
  site: string | null;
  plotNumber: string | null;
  customerType: string | null;
  legacyId: number | null;
  /** All accounts, with the meters that are placed there now. */
  accounts: { account: string; status: Exclude<AccountStatus, "unknown">; meters: string[] }[];
};

/** The last hit of the page before. */
export type SearchCursor = { rank: number; customerId: number };

const WHOLE_RANK = 2;
export const START_RANK = 3;
const SIMILAR_RANK = 4;
/** So many who fit are put in order at once; of more, the list by name is walked, where they stand close together. */
const BROAD_ABOVE = 1_000;

/**
 * A page of answers, the best first, of one rank by name. One question to the database, but for words that thousands have;
 * when nothing at all is found, another for names that resemble what was asked.
 */
export async function searchCustomers(
  reader: Reader,
  question: Question,
  { now, after, limit, site = null }: { now: number; after: SearchCursor | null; limit: number; site?: string | null },
): Promise<CustomerHit[]> {
  const count = Math.min(limit, SEARCH_PAGE_MAX);
  const ask = <T>({ query, params }: Asked) => reader.read<T>(query, params);
  const [first] = await ask<FirstAnswer>(firstQuery(question, now, after, count, site));
  const hits = first?.hits ?? [];
  for (const rank of ranksToWalk(first))
    if (hits.length < count)
      hits.push(...(await ask<CustomerHit>(walkQuery(question, rank, now, after, count - hits.length, site))));
  if (hits.length > 0 || after !== null || question.similar.length === 0) return hits;
  return ask<CustomerHit>(similarQuery(question, now, count, site));
}

export type FirstAnswer = {
  hits: CustomerHit[];
  /** More begin so, or have the whole words, than were put in order: their ranks are not among the hits. */
  isBroad: boolean;
  isWholeBroad: boolean;
};

export const ranksToWalk = (first: FirstAnswer | undefined): number[] =>
  first?.isBroad ? [...(first.isWholeBroad ? [WHOLE_RANK] : []), START_RANK] : [];

export type Asked = { query: string; params: string[] };
type Put = (value: string | number, type: string) => string;

/** Numbers its parameters itself: what is asked decides how many there are, and none of it is ever a part of the text. */
export function parameters(): { params: string[]; put: Put } {
  const params: string[] = [];
  const put: Put = (value, type) => {
    params.push(String(value));
    return `$${params.length}::${type}`;
  };
  return { params, put };
}

/** The most telling first: the longest. */
const patterns = (words: readonly string[], put: Put, shape: (word: string) => string) =>
  words
    .toSorted((a, b) => b.length - a.length)
    .map((word) => put(shape(word), "text"))
    .join(", ");
const wholeWord = (word: string) => `% ${word} %`;
const wordStart = (word: string) => `% ${word}%`;

/** The rows of one rank that come after the cursor, by `alias`. */
export function afterCursor(after: SearchCursor | null, put: Put): (rank: number, alias: string) => string {
  if (after === null) return () => "true";
  return (rank, alias) => {
    if (after.rank !== rank) return String(after.rank < rank);
    const id = put(after.customerId, "bigint");
    return `(${alias}.sort_name, ${alias}.id) > ((SELECT l.sort_name FROM customers l WHERE l.id = ${id}), ${id})`;
  };
}

const exactly = (
  question: Question,
  put: Put,
) => `hits AS MATERIALIZED (${exactBranches(question, put).join("\n    UNION ALL ") || NONE}
  ), exact AS MATERIALIZED (
    SELECT DISTINCT ON (id) id, rank, matched FROM hits ORDER BY id, rank, matched
  )`;

/** Whoever is meant by a number, then whoever has the words: of these, as many as can be put in order at once. */
export function firstQuery(
  question: Question,
  now: number,
  after: SearchCursor | null,
  limit: number,
  site: string | null = null,
): Asked {
  const { params, put } = parameters();
  const here = atSite(site, put);
  const exact = exactly(question, put);
  const from = afterCursor(after, put);
  const { words } = question;
  const like = (shape: (word: string) => string) =>
    words.length === 0
      ? "SELECT id, sort_name, search_text FROM customers WHERE false"
      : `SELECT * FROM cc_customers_like(ARRAY[${patterns(words, put, shape)}], ${BROAD_ABOVE + 1})`;
  const isWhole = words.length === 0 ? "false" : `s.search_text LIKE ALL (ARRAY[${patterns(words, put, wholeWord)}])`;
  const byWords = (rank: number, source: string, condition: string) =>
    `SELECT s.id, ${rank} AS rank, 'name' AS matched, s.sort_name FROM ${source} s WHERE ${condition}
      AND ${from(rank, "s")} AND ${here("s")} AND NOT EXISTS (SELECT FROM exact e WHERE e.id = s.id)`;
  const query = `WITH ${exact}, started AS MATERIALIZED (${like(wordStart)}
  ), broad AS MATERIALIZED (SELECT count(*) > ${BROAD_ABOVE} AS started FROM started
  ), whole AS MATERIALIZED (SELECT w.* FROM (SELECT WHERE (SELECT started FROM broad)) AS b CROSS JOIN LATERAL (${like(wholeWord)}) AS w
  ), counted AS MATERIALIZED (SELECT broad.started, (SELECT count(*) FROM whole) > ${BROAD_ABOVE} AS whole FROM broad
  ), page AS (
    SELECT c.id, e.rank, e.matched, c.sort_name FROM exact e JOIN customers c ON c.id = e.id
    WHERE ((e.rank = 0 AND ${from(0, "c")}) OR (e.rank = 1 AND ${from(1, "c")})) AND ${here("c")}
    UNION ALL ${byWords(WHOLE_RANK, "started", `NOT (SELECT started FROM counted) AND ${isWhole}`)}
    UNION ALL ${byWords(START_RANK, "started", `NOT (SELECT started FROM counted) AND NOT ${isWhole}`)}
    UNION ALL ${byWords(WHOLE_RANK, "whole", "NOT (SELECT whole FROM counted)")}
    ORDER BY rank, sort_name, id LIMIT ${put(limit, "int")}
  ), shown AS (${shownFrom("page", "p.rank, p.sort_name, p.id", put(now, "bigint"))})
  SELECT started AS "isBroad", whole AS "isWholeBroad", (SELECT coalesce(json_agg(shown), '[]') FROM shown) AS hits FROM counted`;
  return { query, params };
}

/** One rank of words that thousands have, along the list by name. */
export function walkQuery(
  question: Question,
  rank: number,
  now: number,
  after: SearchCursor | null,
  limit: number,
  site: string | null = null,
): Asked {
  const { params, put } = parameters();
  const exact = exactly(question, put);
  const all = (shape: (word: string) => string) =>
    question.words.map((word) => `c.search_text LIKE ${put(shape(word), "text")}`).join(" AND ");
  const fits = rank === WHOLE_RANK ? all(wholeWord) : `${all(wordStart)} AND NOT (${all(wholeWord)})`;
  const query = `WITH ${exact}, page AS (
    SELECT c.id, ${rank} AS rank, 'name' AS matched, c.sort_name FROM customers c
    WHERE ${fits} AND c.withdrawn_at IS NULL AND ${afterCursor(after, put)(rank, "c")} AND ${atSite(site, put)("c")} AND NOT EXISTS (SELECT FROM exact e WHERE e.id = c.id)
    ORDER BY c.sort_name, c.id LIMIT ${put(limit, "int")}
  )
  ${shownFrom("page", "p.rank, p.sort_name, p.id", put(now, "bigint"))}`;
  return { query, params };
}

const NONE = `SELECT NULL::bigint AS id, 0 AS rank, '' AS matched WHERE false`;

/** Whoever was withdrawn, or turned out to be another one, is found by the account alone. */
const PRESENT = "c.withdrawn_at IS NULL";

/** Every number that was typed, as everything it can mean. */
function exactBranches(question: Question, put: Put): string[] {
  const branches: string[] = [];
  const branch = (rank: 0 | 1, matched: string, id: string, source: string) =>
    branches.push(`(SELECT ${id} AS id, ${rank} AS rank, ${matched} AS matched FROM ${source} LIMIT ${EXACT_MAX})`);
  const among = (values: string[]) => `IN (${values.map((value) => put(value, "text")).join(", ")})`;
  const { accounts, accountDigits, alias, phone, phoneEnd, meters, legacyId, piece } = question;

  if (accounts.length > 0)
    branch(0, "'account'", "a.customer_id", `accounts a WHERE a.account_number ${among(accounts)}`);
  if (alias !== null)
    branch(
      0,
      "'account'",
      "a.customer_id",
      `account_aliases l JOIN accounts a ON a.id = l.account_id WHERE l.alias = ${put(alias, "text")}`,
    );
  if (phone !== null)
    branch(0, "'phone'", "c.id", `customers c WHERE cc_last8(c.phones) @> ARRAY[${put(phone, "text")}] AND ${PRESENT}`);
  if (meters.length > 0)
    branch(
      0,
      "'meter'",
      "a.customer_id",
      `meters m JOIN meter_placements p ON p.meter_id = m.id JOIN accounts a ON a.id = p.account_id
        WHERE m.meter_number ${among(meters)}`,
    );
  if (legacyId !== null)
    branch(0, "'legacy id'", "c.id", `customers c WHERE c.legacy_id = ${put(legacyId, "integer")} AND ${PRESENT}`);
  if (piece !== null) {
    const which = `CASE WHEN lower(cc_compact(c.plot_number)) LIKE ${put(`${piece}%`, "text")} THEN 'plot'
      WHEN lower(cc_compact(c.national_id)) LIKE ${put(`${piece}%`, "text")} THEN 'national id' ELSE 'name' END`;
    branch(0, which, "c.id", `customers c WHERE c.search_text LIKE ${put(`% ${piece} %`, "text")} AND ${PRESENT}`);
    branch(1, which, "c.id", `customers c WHERE c.search_text LIKE ${put(`% ${piece}%`, "text")} AND ${PRESENT}`);
  }
  if (accountDigits !== null)
    branch(
      1,
      "'account'",
      "a.customer_id",
      `accounts a WHERE left(a.account_number, 4) = ${put(accountDigits, "text")}`,
    );
  if (phoneEnd !== null)
    branch(
      1,
      "'phone'",
      "c.id",
      `customers c WHERE cc_last4(c.phones) @> ARRAY[right(${put(phoneEnd, "text")}, 4)]
        AND EXISTS (SELECT FROM unnest(c.phones) AS phone WHERE phone LIKE ${put(`%${phoneEnd}`, "text")}) AND ${PRESENT}`,
    );
  return branches;
}

/** So many names that resemble are looked through for those of one site. */
const SIMILAR_OF_SITE_MAX = 1_000;

/** Names that resemble every longer word: "Mokwena" finds Mokoena. By likeness; there is no second page. */
export function similarQuery(question: Question, now: number, limit: number, site: string | null = null): Asked {
  const { params, put } = parameters();
  const most = site === null ? limit : SIMILAR_OF_SITE_MAX;
  const words = question.similar.map((word) => put(word, "text")).join(", ");
  const query = `WITH page AS (
    SELECT id, ${SIMILAR_RANK} AS rank, 'similar name' AS matched, likeness
    FROM cc_similar_customers(ARRAY[${words}], ${put(most, "int")}) c WHERE ${atSite(site, put)("c")}
    ORDER BY likeness DESC, id LIMIT ${put(limit, "int")}
  )
  ${shownFrom("page", "p.likeness DESC, p.id", put(now, "bigint"))}`;
  return { query, params };
}

/** Whoever lives at a site or has an account of it. */
export const atSite = (site: string | null, put: Put) => {
  if (site === null) return () => "true";
  const code = put(site, "text");
  return (alias: string) =>
    `${alias}.id IN (SELECT id FROM customers WHERE site_code = ${code} UNION SELECT customer_id FROM accounts WHERE site_code = ${code})`;
};

/** Customers of a page as they are listed. */
export const shownFrom = (page: string, order: string, now: string) =>
  `SELECT c.id AS "customerId", p.matched, p.rank, c.name, c.phones, c.site_code AS site, c.plot_number AS "plotNumber",
    c.customer_type AS "customerType", c.legacy_id AS "legacyId",
    (SELECT coalesce(json_agg(json_build_object('account', a.account_number, 'status', a.status, 'meters',
        (SELECT coalesce(json_agg(m.meter_number ORDER BY m.meter_number), '[]') FROM meter_placements q
          JOIN meters m ON m.id = q.meter_id WHERE q.account_id = a.id AND q.valid_from <= cc_at(${now})
            AND (q.valid_to IS NULL OR q.valid_to > cc_at(${now})))) ORDER BY a.account_number), '[]')
      FROM accounts a WHERE a.customer_id = c.id) AS accounts
  FROM ${page} p JOIN customers c ON c.id = p.id ORDER BY ${order}`;

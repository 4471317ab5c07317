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

const SIMILAR_RANK = 4;

/** A page of answers, the best first, of one rank by name. When nothing at all is found, names that resemble what was asked. */
export async function searchCustomers(
  reader: Reader,
  question: Question,
  { now, after, limit }: { now: number; after: SearchCursor | null; limit: number },
): Promise<CustomerHit[]> {
  const count = Math.min(limit, SEARCH_PAGE_MAX);
  const { query, params } = searchQuery(question, now, after, count);
  const found = await reader.read<CustomerHit>(query, params);
  if (found.length > 0 || after !== null || question.similar.length === 0) return found;
  const similar = similarQuery(question, now, count);
  return reader.read<CustomerHit>(similar.query, similar.params);
}

type Asked = { query: string; params: string[] };

/** Numbers its parameters itself: what is asked decides how many there are, and none of it is ever a part of the text. */
function parameters() {
  const params: string[] = [];
  const put = (value: string | number, type: string) => {
    params.push(String(value));
    return `$${params.length}::${type}`;
  };
  return { params, put };
}

/** One statement; its EXPLAIN is what `npm run bench:search` prints. */
export function searchQuery(question: Question, now: number, after: SearchCursor | null, limit: number): Asked {
  const { params, put } = parameters();
  const exact = exactBranches(question, put);
  const words = question.words.map((word) => ({ whole: put(`% ${word} %`, "text"), start: put(`% ${word}%`, "text") }));
  const size = put(limit, "int");
  const last = after === null ? null : put(after.customerId, "bigint");
  const beyond =
    last === null
      ? "true"
      : `(c.sort_name, c.id) > ((SELECT l.sort_name FROM customers l WHERE l.id = ${last}), ${last})`;
  /** The rows of one rank that come after the cursor. */
  const from = (rank: number) =>
    after === null || after.rank < rank ? "true" : after.rank === rank ? beyond : "false";

  const branch = (rank: number, condition: string) =>
    `(SELECT c.id, ${rank} AS rank, 'name' AS matched, c.sort_name FROM customers c
      WHERE ${condition} AND ${from(rank)} AND NOT EXISTS (SELECT FROM exact e WHERE e.id = c.id)
      ORDER BY c.sort_name, c.id LIMIT ${size})`;
  const whole = words.map(({ whole }) => `c.search_text LIKE ${whole}`).join(" AND ");
  const start = words.map(({ start }) => `c.search_text LIKE ${start}`).join(" AND ");
  const byWords = words.length === 0 ? [] : [branch(2, whole), branch(3, `${start} AND NOT (${whole})`)];

  const found = [
    `(SELECT c.id, e.rank, e.matched, c.sort_name FROM exact e JOIN customers c ON c.id = e.id
      WHERE (e.rank = 0 AND ${from(0)}) OR (e.rank = 1 AND ${from(1)}))`,
    ...byWords,
  ];
  const query = `WITH hits AS MATERIALIZED (${exact.length === 0 ? NONE : exact.join("\n    UNION ALL ")}
  ), exact AS MATERIALIZED (
    SELECT DISTINCT ON (id) id, rank, matched FROM hits ORDER BY id, rank, matched
  ), page AS (
    SELECT id, rank, matched, sort_name FROM (${found.join("\n    UNION ALL ")}) AS f
    ORDER BY rank, sort_name, id LIMIT ${size}
  )
  ${shownFrom("page", "p.rank, p.sort_name, p.id", put(now, "bigint"))}`;
  return { query, params };
}

const NONE = `SELECT NULL::bigint AS id, 0 AS rank, '' AS matched WHERE false`;

/** Every number that was typed, as everything it can mean. */
function exactBranches(question: Question, put: (value: string | number, type: string) => string): string[] {
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
    branch(0, "'phone'", "c.id", `customers c WHERE cc_last8(c.phones) @> ARRAY[${put(phone, "text")}]`);
  if (meters.length > 0)
    branch(
      0,
      "'meter'",
      "a.customer_id",
      `meters m JOIN meter_placements p ON p.meter_id = m.id JOIN accounts a ON a.id = p.account_id
        WHERE m.meter_number ${among(meters)}`,
    );
  if (legacyId !== null)
    branch(0, "'legacy id'", "c.id", `customers c WHERE c.legacy_id = ${put(legacyId, "integer")}`);
  if (piece !== null) {
    const which = `CASE WHEN lower(cc_compact(c.plot_number)) LIKE ${put(`${piece}%`, "text")} THEN 'plot'
      WHEN lower(cc_compact(c.national_id)) LIKE ${put(`${piece}%`, "text")} THEN 'national id' ELSE 'name' END`;
    branch(0, which, "c.id", `customers c WHERE c.search_text LIKE ${put(`% ${piece} %`, "text")}`);
    branch(1, which, "c.id", `customers c WHERE c.search_text LIKE ${put(`% ${piece}%`, "text")}`);
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
        AND EXISTS (SELECT FROM unnest(c.phones) AS phone WHERE phone LIKE ${put(`%${phoneEnd}`, "text")})`,
    );
  return branches;
}

/** Names that resemble every longer word: "Mokwena" finds Mokoena. By likeness; there is no second page. */
export function similarQuery(question: Question, now: number, limit: number): Asked {
  const { params, put } = parameters();
  const words = question.similar.map((word) => put(word, "text")).join(", ");
  const query = `WITH page AS (
    SELECT id, ${SIMILAR_RANK} AS rank, 'similar name' AS matched, likeness
    FROM cc_similar_customers(ARRAY[${words}], ${put(limit, "int")})
  )
  ${shownFrom("page", "p.likeness DESC, p.id", put(now, "bigint"))}`;
  return { query, params };
}

const shownFrom = (page: string, order: string, now: string) =>
  `SELECT c.id AS "customerId", p.matched, p.rank, c.name, c.phones, c.site_code AS site, c.plot_number AS "plotNumber",
    c.customer_type AS "customerType", c.legacy_id AS "legacyId",
    (SELECT coalesce(json_agg(json_build_object('account', a.account_number, 'status', a.status, 'meters',
        (SELECT coalesce(json_agg(m.meter_number ORDER BY m.meter_number), '[]') FROM meter_placements q
          JOIN meters m ON m.id = q.meter_id WHERE q.account_id = a.id AND q.valid_from <= cc_at(${now})
            AND (q.valid_to IS NULL OR q.valid_to > cc_at(${now})))) ORDER BY a.account_number), '[]')
      FROM accounts a WHERE a.customer_id = c.id) AS accounts
  FROM ${page} p JOIN customers c ON c.id = p.id ORDER BY ${order}`;

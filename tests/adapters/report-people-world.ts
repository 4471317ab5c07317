import { withClient } from "../../dev/database-server.ts";
import type { Step } from "../../src/domain/commissioning-rules.ts";
import type { FreshDatabase } from "./database.ts";

/** People written by hand, small enough to count on paper. */

export type Person = {
  name: string;
  /** Where they live; without it nowhere. */
  lives?: string;
  type?: string;
  source?: "registry" | "portal" | "postgres";
  registeredOn?: string;
  withdrawn?: true;
  accounts?: {
    number: string;
    status?: "live" | "terminated";
    endedAt?: string;
    openedAt?: string;
    meters?: string[];
    /** A step and when it was; null: nobody knows. */
    steps?: Partial<Record<Step, string | null>>;
  }[];
};

const quoted = (text: string | null | undefined) => (text == null ? "NULL" : `'${text}'`);

export async function writePeople({ ownerUrl }: FreshDatabase, people: readonly Person[]): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    const sites = new Set(
      people.flatMap(({ lives, accounts = [] }) => [lives, ...accounts.map((a) => a.number.slice(-3))]),
    );
    for (const site of sites)
      if (site !== undefined)
        await client.query(
          `INSERT INTO sites (code, name, facts_version) VALUES ('${site}', '${site}', 1) ON CONFLICT DO NOTHING`,
        );
    for (const { name, lives, type, source = "registry", registeredOn, withdrawn, accounts = [] } of people) {
      const { rows } = await client.query<{ id: string }>(
        `INSERT INTO customers (customer_key, name, customer_type, site_code, source, created_at, withdrawn_at)
        VALUES ('${name}', '${name}', ${quoted(type)}, ${quoted(lives)}, '${source}', ${quoted(registeredOn ?? "2020-01-01T12:00Z")},
          ${withdrawn ? "now()" : "NULL"}) RETURNING id`,
      );
      for (const { number, status = "live", endedAt, openedAt, meters = [], steps = {} } of accounts) {
        const { rows: made } = await client.query<{ id: string }>(
          `INSERT INTO accounts (account_number, site_code, customer_id, status, opened_at, terminated_at, facts_version)
          VALUES ('${number}', '${number.slice(-3)}', ${rows[0]?.id}, '${status}', ${quoted(openedAt)}, ${quoted(endedAt)}, 1) RETURNING id`,
        );
        const id = made[0]?.id;
        for (const [step, at] of Object.entries(steps))
          await client.query(
            `INSERT INTO commissioning_events (account_id, seq, step, kind, at)
            SELECT ${id}, coalesce(max(seq), 0) + 1, '${step}', 'done', ${quoted(at)}::timestamptz FROM commissioning_events WHERE account_id = ${id}`,
          );
        for (const meter of meters)
          await client.query(
            `WITH m AS (INSERT INTO meters (meter_number) VALUES ('${meter}') RETURNING id)
            INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
            SELECT id, ${id}, '${meter === meters[0] ? "primary" : "check"}', '2020-01-01T00:00Z', 1 FROM m`,
          );
      }
    }
  });
}

/** Money that an account's books hold for a reason, with the other side that makes it whole. */
export async function writeMoney(
  { ownerUrl }: FreshDatabase,
  entries: readonly {
    account: string;
    book: "customer_energy" | "customer_fees";
    kind: string;
    minor: number;
    at: string;
  }[],
): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    for (const [nth, { account, book, kind, minor, at }] of entries.entries())
      await client.query(
        `INSERT INTO ledger_entries (entry_key, posting_id, book, kind, energy_wh, amount_minor, currency, account_id, seq, balance_after_wh, hash,
          occurred_at, accepted_at)
        SELECT 'k${nth}', 'p${nth}', '${book}', '${kind}', 0, ${minor}, 'LSL', id, ${nth + 1}, 0, 'h', '${at}'::timestamptz, '${at}'::timestamptz FROM accounts
        WHERE account_number = '${account}'
        UNION ALL SELECT 'o${nth}', 'p${nth}', 'clearing', '${kind}', 0, ${-minor}, 'LSL', NULL::bigint, NULL::bigint, NULL::bigint, NULL, '${at}'::timestamptz, '${at}'::timestamptz`,
      );
  });
}

import type { CustomerFields, CustomerSource } from "../domain/customer.ts";
import type { AccountStatus } from "../domain/ledger.ts";
import type { MeterRole } from "../domain/reading.ts";
import type { Vendor } from "../domain/vendor.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export type CustomerMeter = {
  meterNumber: string;
  thing: string | null;
  role: MeterRole;
  from: number;
  to: number | null;
  baseRegisterWh: number | null;
  finalRegisterWh: number | null;
};

export type CustomerAccount = {
  account: string;
  site: string;
  status: Exclude<AccountStatus, "unknown">;
  openedAt: number | null;
  terminatedAt: number | null;
  /** All meters it ever had, in the order they came. */
  meters: CustomerMeter[];
  /** The wallet on its vendor's platform as it was seen last, and when; null: none was seen. */
  wallet: {
    vendor: Vendor;
    walletMinor: number | null;
    currency: string;
    balanceWh: number | null;
    readAt: number;
  } | null;
};

/** A customer with all that hangs on it. */
export type CustomerCard = CustomerFields & {
  customerId: number;
  /** What an update must name. */
  version: number;
  source: CustomerSource;
  createdAt: number;
  accounts: CustomerAccount[];
};

const METERS = `(SELECT coalesce(json_agg(json_build_object('meterNumber', m.meter_number, 'thing', m.thing, 'role', p.role,
      'from', cc_ms(p.valid_from), 'to', cc_ms(p.valid_to), 'baseRegisterWh', p.base_register_wh,
      'finalRegisterWh', p.final_register_wh) ORDER BY p.valid_from, p.id), '[]')
    FROM meter_placements p JOIN meters m ON m.id = p.meter_id WHERE p.account_id = a.id)`;

const WALLET = `(SELECT json_build_object('vendor', l.vendor, 'walletMinor', l.wallet_minor, 'currency', l.currency,
      'balanceWh', l.balance_wh, 'readAt', cc_ms(l.read_at)) FROM live_balances l WHERE l.account_id = a.id)`;

const CARD = `SELECT c.id AS "customerId", c.facts_version AS version, c.name, c.given_name AS "givenName",
    c.family_name AS "familyName", c.phones, c.phones_typed AS "phonesTyped", c.email, c.language,
    c.national_id AS "nationalId", c.gender, c.customer_type AS "customerType", c.site_code AS site,
    c.plot_number AS "plotNumber", c.latitude, c.longitude, c.street, c.place, c.district, c.note, c.rooms,
    c.legacy_id AS "legacyId", c.source, ${ms("c.created_at", '"createdAt"')},
    (SELECT coalesce(json_agg(json_build_object('account', a.account_number, 'site', a.site_code, 'status', a.status,
        'openedAt', cc_ms(a.opened_at), 'terminatedAt', cc_ms(a.terminated_at), 'meters', ${METERS}, 'wallet', ${WALLET})
        ORDER BY a.account_number), '[]')
      FROM accounts a WHERE a.customer_id = c.id) AS accounts
  FROM customers c`;

export const customerCard = async (reader: Reader, customerId: number): Promise<CustomerCard | null> =>
  (await reader.read<CustomerCard>(`${CARD} WHERE c.id = $1::bigint`, [String(customerId)]))[0] ?? null;

/** By the act that registered it. */
export const customerOfKey = async (reader: Reader, key: string): Promise<CustomerCard | null> =>
  (await reader.read<CustomerCard>(`${CARD} WHERE c.customer_key = $1::text`, [key]))[0] ?? null;

/** The holder of an account. */
export const customerOfAccount = async (reader: Reader, account: string): Promise<CustomerCard | null> =>
  (
    await reader.read<CustomerCard>(
      `${CARD} WHERE c.id = (SELECT h.customer_id FROM accounts h WHERE h.account_number = $1::text)`,
      [account],
    )
  )[0] ?? null;

/** The account that an act opened. */
export const accountOfKey = async (reader: Reader, key: string): Promise<string | null> =>
  (
    await reader.read<{ account: string }>(
      "SELECT account_number AS account FROM accounts WHERE opening_key = $1::text",
      [key],
    )
  )[0]?.account ?? null;

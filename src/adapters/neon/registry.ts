import { err, ok } from "../../domain/result.ts";
import { TOLD_AHEAD_MS } from "../../domain/tariff-rules.ts";
import type { Change, Registered, Registry } from "../../ports/registry.ts";
import type { Database } from "./database.ts";
import { PLACE_METER, PLACEABLE } from "./meters-place.ts";
import { UPSERT_ACCOUNTS } from "./registry-accounts.ts";
import { COMMISSION_AGAIN, REGISTER_AGAIN } from "./registry-again.ts";
import { PUT_METER_ROLE, rolesBeside } from "./registry-meters.ts";
import { PUT_USD_RATES } from "./registry-rates.ts";
import { PUT_SETTING, PUT_TEMPLATE, seenOf, TELL_CUTOVER, UPSERT_SITES } from "./registry-settings.ts";
import { CANCEL_TARIFF, PUT_TARIFF } from "./registry-tariffs.ts";
import { CREATE_PHONE, PUT_TILL, REVOKE_PHONE, ROTATE_PHONE } from "./registry-tills.ts";
import { change, staleOr, told } from "./registry-write.ts";

/** Accounts, or sites, in one call. */
export const UPSERT_MAX = 500;

export const neonRegistry = (db: Database): Registry => ({
  upsertSites: (sites, by) => bulk(db, sites, by, UPSERT_SITES),
  upsertAccounts: (accounts, by) => bulk(db, accounts, by, UPSERT_ACCOUNTS),

  registerAgain: (account, by) => change(db, [{ ...account, rates: [] }], by, REGISTER_AGAIN),
  commissionAgain: ({ account, accountId }, by) =>
    change(db, [{ account, accountId, isConnected: true }], by, COMMISSION_AGAIN),

  async nextAccountNumber(site) {
    const [known] = await db.read<{ code: string }>("SELECT code FROM sites WHERE code = $1::text", [site]);
    if (known === undefined) return err({ kind: "unknown", detail: `site ${site}` });
    return told<{ account: string }, string>(
      () =>
        db.transaction([
          { query: "SELECT json_build_object('account', next_account_number($1::text))::text AS row", params: [site] },
        ]),
      ({ account }) => account,
    );
  },

  putTill: async (till, changed, by) => staleOr(await change(db, { ...till, change: changed }, by, PUT_TILL)),

  async putMeterRole(meterNumber, role, by) {
    const changed = await change(db, { meterNumber, role, at: by.at }, by, PUT_METER_ROLE);
    if (!changed.ok) return changed;
    const rows = await rolesBeside(db, meterNumber, by.at);
    const [first] = rows;
    if (first === undefined) return err({ kind: "unknown", detail: `meter ${meterNumber}` });
    const meters = rows.map((row) => ({ meterNumber: row.meterNumber, role: row.role }));
    return ok({ version: changed.value.version, account: first.account, meters });
  },

  placeMeter: (place, by) => change(db, { place }, by, [...PLACEABLE, ...PLACE_METER]),

  createPhone: (phone, by) => change(db, phone, by, CREATE_PHONE),
  revokePhone: (phoneId, by) => change(db, { phoneId, at: by.at }, by, REVOKE_PHONE),
  rotatePhone: (phoneId, next, by) =>
    change(db, { phoneId, ...next, keepsSecret: next.smssyncSecretHash === undefined, at: by.at }, by, ROTATE_PHONE),
  putTariff: (tariff, by) => change(db, tariff, by, PUT_TARIFF),
  cancelTariff: (tariffId, by) => change(db, { tariffId, aheadMs: TOLD_AHEAD_MS }, by, CANCEL_TARIFF),
  putTemplate: async (template, by, seen) =>
    staleOr(await change(db, { ...template, seen: seenOf(seen) }, by, PUT_TEMPLATE)),
  putUsdRates: async (rates, by) =>
    staleOr(
      await bulk(
        db,
        rates.map(({ version, ...rate }) => ({ ...rate, seen: seenOf(version) })),
        by,
        PUT_USD_RATES,
      ),
    ),
  putCutover: (at, by) => change(db, { key: "cutover_at", value: at }, by, [...PUT_SETTING, TELL_CUTOVER]),
  putDisconnects: (on, by) => change(db, { key: "disconnects", value: on }, by, PUT_SETTING),
});

async function bulk(db: Database, rows: unknown[], by: Change, queries: string[]): Promise<Registered> {
  if (rows.length > UPSERT_MAX) return err({ kind: "refused", detail: `more than ${UPSERT_MAX} in one call` });
  return change(db, rows, by, queries);
}

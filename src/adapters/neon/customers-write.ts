import { err } from "../../domain/result.ts";
import type { Customers } from "../../ports/customers.ts";
import { TERMINATE_ACCOUNT, UPDATE_CUSTOMER } from "./customers-change.ts";
import { byColumn } from "./customers-fields.ts";
import { OPEN_ACCOUNT, REGISTER_CUSTOMER } from "./customers-register.ts";
import { SWAP_METER } from "./customers-swap.ts";
import type { Database } from "./database.ts";
import { change } from "./registry-write.ts";

export const neonCustomers = (db: Database): Customers => ({
  register: ({ fields, ...registration }, by) =>
    change(db, { ...registration, fields: byColumn(fields) }, by, REGISTER_CUSTOMER),

  openAccount: (key, customerId, account, by) => change(db, { key, customerId, account }, by, OPEN_ACCOUNT),

  async update(customerId, version, fields, by) {
    const changed = await change(db, { customerId, version, fields: byColumn(fields) }, by, UPDATE_CUSTOMER);
    const present = changed.ok ? null : /^version (\d+)$/.exec(changed.error.detail);
    return present === null ? changed : err({ kind: "stale", version: Number(present[1]) });
  },

  terminate: (account, at, by) => change(db, { account, at }, by, TERMINATE_ACCOUNT),

  swapMeter: (swap, by) => change(db, swap, by, SWAP_METER),
});

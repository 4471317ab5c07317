/**
 * Who may do what, as data: a route names one permission, a role holds some. From the existing system's matrix (roles
 * superadmin, onm_team, finance_team, engineering, field_registrar, generic); what any employee could do there without a
 * role, commission, register or change a meter's role, needs one here.
 */

export const ROLES = ["superadmin", "onm_team", "finance_team", "engineering", "field_registrar", "generic"] as const;
export type Role = (typeof ROLES)[number];

const EVERYONE_BUT_REGISTRARS = ["superadmin", "onm_team", "finance_team", "engineering", "generic"] as const;
const FIELD = ["superadmin", "onm_team"] as const;
const MONEY = ["superadmin", "onm_team", "finance_team"] as const;

/** Each permission, and the roles that hold it. */
export const PERMISSIONS = {
  "customers.read": EVERYONE_BUT_REGISTRARS,
  "customers.write": FIELD,
  /** A new customer with an account, and what comes with it; for a registrar, at the own site only. */
  "customers.register": [...FIELD, "field_registrar"],
  "accounts.write": FIELD,
  "commissioning.write": FIELD,
  "contracts.read": EVERYONE_BUT_REGISTRARS,
  "meters.read": EVERYONE_BUT_REGISTRARS,
  "meters.write": [...FIELD, "engineering"],
  /** Light and dark by a person's hand, and what becomes of a reading that waits. */
  "relay.command": FIELD,
  "money.read": EVERYONE_BUT_REGISTRARS,
  /** Record a payment; assign, split, move and reverse a receipt. */
  "money.write": MONEY,
  /** How much one person may correct alone. */
  "corrections.limit": ["superadmin"],
  /** Who credits a vendor's platform for a site: the old system or this one. */
  "credits.writer": ["superadmin"],
  "tariffs.read": EVERYONE_BUT_REGISTRARS,
  "tariffs.write": MONEY,
  /** A rate that begins in the past, where no payment is priced yet. */
  "tariffs.backdate": ["superadmin"],
  "sms.read": EVERYONE_BUT_REGISTRARS,
  /** SMS to many customers: propose, start, stop. */
  "campaigns.send": MONEY,
  /** What is kept of a customer, as a file for that customer. */
  "personal.export": FIELD,
  /** Ask that a customer is taken out of what is kept, or approve what another asked. */
  "personal.erase": FIELD,
  "tickets.read": EVERYONE_BUT_REGISTRARS,
  /** Open a ticket, say something about it, give it to somebody, resolve it. */
  "tickets.write": [...MONEY, "engineering"],
  "audit.read": EVERYONE_BUT_REGISTRARS,
  "audit.revert": FIELD,
  "tables.read": EVERYONE_BUT_REGISTRARS,
  "tables.write": FIELD,
  "tables.erase": FIELD,
  "exports.make": EVERYONE_BUT_REGISTRARS,
  "reports.read": EVERYONE_BUT_REGISTRARS,
  /** Keep a report as it is, under its hash, for ever. */
  "reports.freeze": MONEY,
  /** Start again what has stopped: given-up messages, parked forwards, the comparison with the objects. */
  "operations.act": FIELD,
  /** The wordings of SMS. */
  "settings.write": FIELD,
  /** Funders' programmes, and keys of machines that read here. */
  "integrations.manage": ["superadmin"],
  "staff.manage": ["superadmin"],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof PERMISSIONS;

/** Whether one of `roles` holds `permission`. Several roles add up; nobody loses by having one more. */
export const may = (roles: readonly Role[], permission: Permission): boolean =>
  roles.some((role) => (PERMISSIONS[permission] as readonly Role[]).includes(role));

/** The one site at which somebody may do this; null: at any. Only a registrar's right is bound to a site, no other role's. */
export const siteLimit = (roles: readonly Role[], site: string | null, permission: Permission): string | null =>
  may(
    roles.filter((role) => role !== "field_registrar"),
    permission,
  )
    ? null
    : site;

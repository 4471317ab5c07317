/** The table of each kind of thing that acts are about; what has none is a thing of an object or of a file. */
export const SUBJECT_TABLES = {
  site: "sites",
  customer: "customers",
  account: "accounts",
  meter: "meters",
  till: "tills",
  phone: "gateway_phones",
  template: "sms_templates",
  tariff: "tariffs",
  setting: "country_settings",
  fx_rate: "fx_rates",
  receipt: "payments",
  case: "reconciliation_cases",
  ticket: "tickets",
  legacy: "legacy_transactions",
} as const satisfies Record<string, string>;

const TABLE = new Map<string, string>(Object.entries(SUBJECT_TABLES));
const KIND = new Map<string, string>(Object.entries(SUBJECT_TABLES).map(([kind, table]) => [table, kind]));

/** `customer:12` is row 12 of customers. */
export function subjectParts(subject: string): { kind: string; table: string | null; recordId: string } {
  const colon = subject.indexOf(":");
  const kind = colon < 0 ? subject : subject.slice(0, colon);
  return { kind, table: TABLE.get(kind) ?? null, recordId: colon < 0 ? "" : subject.slice(colon + 1) };
}

/** The kind of thing that a table, or a kind, names. */
export const kindOf = (tableOrKind: string): string => KIND.get(tableOrKind) ?? tableOrKind;

import { sql } from "drizzle-orm";
import { bigint, check, foreignKey, index, integer, jsonb, numeric, pgTable, text, unique } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { commissioningEvents } from "./commissioning-events.ts";

/** One PDF: a version of an account's contract in one language. Rows are only added, and the file is never replaced. */
export const contracts = pgTable(
  "contracts",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    version: integer("version").notNull(),
    language: text("language").notNull(),
    /** Names the act that made it, so that a repeat makes no further version. */
    actKey: text("act_key").notNull(),
    /** SHA-256 of what was asked: the same key with other content is seen. */
    requestSha256: text("request_sha256").notNull(),
    /** The commissioning that it belongs to. */
    commissionedSeq: integer("commissioned_seq").notNull(),
    servicePhase: text("service_phase").notNull(),
    /** Amperes; null: the site's standard. */
    ampacityA: integer("ampacity_a"),
    tariffId: whole("tariff_id"),
    /** Currency units per kWh, as the contract says. */
    rate: numeric("rate", { precision: 14, scale: 4 }).notNull(),
    /** What the contract says, but for the signatures: they are in the PDF alone. */
    terms: jsonb("terms").notNull(),
    /** Where the PDF is in R2; named by its content, so that the same one is put there once. */
    objectKey: text("object_key").notNull(),
    sha256: text("sha256").notNull(),
    bytes: integer("bytes").notNull(),
    pages: integer("pages").notNull(),
    actor: text("actor").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    unique("contracts_version").on(t.accountId, t.version, t.language),
    unique("contracts_act").on(t.actKey, t.language),
    foreignKey({
      name: "contracts_commissioning",
      columns: [t.accountId, t.commissionedSeq],
      foreignColumns: [commissioningEvents.accountId, commissioningEvents.seq],
    }),
    check("contracts_language", sql`${t.language} IN ('en', 'fr', 'st')`),
    check("contracts_phase", sql`${t.servicePhase} IN ('single', 'three')`),
    check("contracts_whole", sql`${t.version} > 0 AND ${t.bytes} > 0 AND ${t.pages} > 0 AND ${t.ampacityA} > 0`),
    check("contracts_hash", sql`${t.sha256} ~ '^[0-9a-f]{64}$' AND ${t.requestSha256} ~ '^[0-9a-f]{64}$'`),
  ],
);

/** A link that opens one contract for whoever holds it. Its token is not kept: it is made again from this row. */
export const contractLinks = pgTable(
  "contract_links",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    contractId: whole("contract_id")
      .notNull()
      .references(() => contracts.id),
    expiresAt: instant("expires_at").notNull(),
    /** The SMS that carries it, so that it is sent once; null: given to somebody by hand. */
    smsId: text("sms_id").unique("contract_links_sms"),
    /** The gateway phone that the SMS was bound to. */
    phoneId: text("phone_id"),
    actor: text("actor").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    check("contract_links_sms_bound", sql`(${t.smsId} IS NULL) = (${t.phoneId} IS NULL)`),
    // The links of a contract.
    index("contract_links_contract").on(t.contractId),
  ],
);

/** Who opened a contract, and when: by a link, or a person of ours. */
export const contractAccesses = pgTable(
  "contract_accesses",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    contractId: whole("contract_id")
      .notNull()
      .references(() => contracts.id),
    /** Null: signed in, not by a link. */
    linkId: whole("link_id").references(() => contractLinks.id),
    actor: text("actor"),
    at: instant("at").notNull(),
  },
  (t) => [
    check("contract_accesses_by", sql`(${t.linkId} IS NULL) <> (${t.actor} IS NULL)`),
    // The readers of a contract.
    index("contract_accesses_contract").on(t.contractId, t.at),
  ],
);

import type { UnitName } from "../src/domain/imports/unit.ts";
import type { AccountLedger } from "./objects/account-ledger.ts";
import type { Directory } from "./objects/directory.ts";
import type { DisconnectGate } from "./objects/disconnect-gate.ts";
import type { Mailbox } from "./objects/mailbox.ts";
import type { ReceiptBook } from "./objects/receipt-book.ts";
import type { Till } from "./objects/till.ts";
import type { UnmappedMeters } from "./objects/unmapped-meters.ts";
import type { VendorBudget } from "./objects/vendor-budget.ts";

/**
 * A message names an object and what it has to do; the record itself stays in the object. `requestId`: for the log alone, the
 * request that it was sent for.
 */
export type CopyMessage = {
  requestId?: string;
  object: "mailbox" | "receipt_book" | "till" | "account_ledger" | "disconnect_gate";
  name: string;
};
export type ForwardMessage =
  | { kind: "stored"; phoneId: string; forwardId: number; requestId?: string }
  /** A poll without messages and updates: not stored and not retried, it fetches the old system's outgoing SMS. */
  | {
      kind: "poll";
      phoneId: string;
      method: string;
      query: string;
      contentType: string;
      userAgent: string;
      bodyBase64: string;
    };
/** A site's day of a source; how far it is stands in Postgres. `freshAt`: the vendor's newest reading of the site, if it said. */
export type ImportMessage = UnitName & { freshAt: number | null; sentAt: number };
export type JobMessage = { job: string; page: unknown; requestId?: string };

export interface Env {
  COUNTRY: string;
  MAILBOX: DurableObjectNamespace<Mailbox>;
  RECEIPT_BOOK: DurableObjectNamespace<ReceiptBook>;
  TILL: DurableObjectNamespace<Till>;
  ACCOUNT_LEDGER: DurableObjectNamespace<AccountLedger>;
  DISCONNECT_GATE: DurableObjectNamespace<DisconnectGate>;
  DIRECTORY: DurableObjectNamespace<Directory>;
  UNMAPPED_METERS: DurableObjectNamespace<UnmappedMeters>;
  VENDOR_BUDGET: DurableObjectNamespace<VendorBudget>;
  LEDGER_COPY: Queue<CopyMessage>;
  LEGACY_FORWARD: Queue<ForwardMessage>;
  JOBS: Queue<JobMessage>;
  IMPORTS: Queue<ImportMessage>;
  /** PDFs of contracts. */
  CONTRACTS: R2Bucket;
  /** Files that a program brings, until they are taken; then what they were. */
  DROP: R2Bucket;
  /** Answers of frozen reports. Optional, so that a deployment that forgot it says so and does all else. */
  REPORTS?: R2Bucket;
  ASSETS: Fetcher;
  /** Counts and durations. Optional: without it nothing is counted, and all else goes on. */
  METRICS?: AnalyticsEngineDataset;

  /** The application role's connection string. */
  DATABASE_URL: string;
  /** Only on a laptop and in tests: where Neon's HTTP protocol is spoken instead of Neon's own host. */
  NEON_SQL_URL?: string;
  /** SHA-256 (hex) of the keys that may call, one or two separated by a comma: two are valid at once while one is rotated. */
  OPS_KEY_SHA256: string;
  GATEWAY_KEY_SHA256: string;
  IOT_KEY_SHA256: string;
  /** Up to two "id:key" with a comma between, the key at least 32 bytes in hex: the IoT bridge may sign what it sends. */
  IOT_SIGNING_KEYS?: string;
  /** Same, for links that open one thing for whoever holds them: a contract, an export. The last one signs. */
  LINK_SIGNING_KEYS: string;
  /** Same, for signing in: seals second factors, marks codes and known browsers. The last one seals. */
  SIGN_IN_KEYS: string;
  /**
   * Where staff are at home: the name under which their tokens are written. All three unset: here, and no token is written or
   * taken. A home has the private key that signs (Ed25519, a JWK with its kid); every other country the public ones,
   * `{"keys":[…]}`, two while one is rotated.
   */
  IDENTITY_ORIGIN?: string;
  IDENTITY_PRIVATE_KEY?: string;
  IDENTITY_PUBLIC_KEYS?: string;
  /** Up to five origins beside this Worker's own, a comma between, whose pages may write with a session. */
  PORTAL_ORIGINS?: string;
  /** The bridge's own table of samples, read with the AWS keys; unset where there is none to sync with. */
  DYNAMODB_TABLE?: string;
  DYNAMODB_REGION?: string;
  /** Only on a laptop and in tests: where DynamoDB's protocol is spoken instead of Amazon's own host. */
  DYNAMODB_ENDPOINT?: string;
  /** Same, for keys of mobile-money providers themselves; optional until one exists. */
  PROVIDER_KEY_SHA256?: string;
  /** Same, for the WhatsApp bridge; optional: then there is none. */
  BRIDGE_KEY_SHA256?: string;
  /** A text model that sorts messages of which no rule knows a word: its whole address, and a key. Both unset: there is none. */
  MODEL_URL?: string;
  MODEL_TOKEN?: string;
  /** Same, for the privileged role that may set aside what stands in a person's way; optional: then nobody may. */
  OVERRIDE_KEY_SHA256?: string;
  /**
   * Meter vendors' platforms, each of this country's own organisation; unset: there is none here. Keys are "id:secret",
   * logins "user:password"; without the write key nothing is credited there, without a login nothing is read that only
   * people's pages have.
   */
  KOIOS_URL?: string;
  KOIOS_ORG?: string;
  KOIOS_READ_KEY?: string;
  KOIOS_WRITE_KEY?: string;
  KOIOS_WEB_LOGIN?: string;
  THUNDERCLOUD_URL?: string;
  THUNDERCLOUD_ORG?: string;
  THUNDERCLOUD_TOKEN?: string;
  THUNDERCLOUD_LOGIN?: string;
  STEAMA_URL?: string;
  STEAMA_LOGIN?: string;
  /** The O&M system's API, as https://om.example/api/om, and its key; unset: tickets are mirrored nowhere. */
  OM_URL?: string;
  OM_KEY?: string;
  /** CM.com's business messaging, its product token, and who its SMS come from (11 letters and digits); unset: SMS go by phone only. */
  CM_URL?: string;
  CM_TOKEN?: string;
  CM_SENDER?: string;
  /** The planning tool uGridPlan's API, and our login there as "employee:password"; unset: there is none. */
  UGP_URL?: string;
  UGP_LOGIN?: string;
  /** The company's directory of people, and its key: who has left there is locked here. Both unset: there is none. */
  HR_URL?: string;
  HR_API_KEY?: string;
  /** The old system's SMS endpoint; unset where nothing is forwarded. */
  LEGACY_SMS_URL?: string;
  LEGACY_FEES_SMS_URL?: string;
  /**
   * Whom an alarm is told: up to five numbers in international digits, a comma between, and an address with its secret
   * (whsec_…, as webhooks have). All unset: alarms are shown on the page Operations, and nobody is told.
   */
  ON_CALL_PHONES?: string;
  ON_CALL_URL?: string;
  ON_CALL_SECRET?: string;
  IOT_ENDPOINT: string;
  IOT_REGION: string;
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
  /** The commit that was deployed, told by the deploy command; unset on a laptop. /health says it. */
  RELEASE?: string;
  /** Only on a laptop and in tests: moves this deployment's clock by so many milliseconds. */
  CLOCK_OFFSET_MS?: string;
}

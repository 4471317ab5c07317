import { runInDurableObject } from "cloudflare:test";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { VendorCreditRow } from "../../src/domain/outbox.ts";
import type { AccountFacts } from "../../src/ports/accounts.ts";
import type { CreditRestores } from "../../src/ports/credit-restores.ts";
import type { ReadingRestores } from "../../src/ports/reading-restores.ts";
import type { Restores } from "../../src/ports/restores.ts";
import type { AccountRestores } from "../../workers/objects/account-ledger/restore.ts";
import type { AccountLedger } from "../../workers/objects/account-ledger.ts";
import { ledger } from "./account-makers.ts";

/** A database that knows nothing of an account's meters and credits. */
export const NO_METERS: ReadingRestores & CreditRestores & Pick<Restores, "isAccountsId"> = {
  isAccountsId: async () => true,
  accountCredits: async () => [],
  accountReadings: async () => [],
  accountRegisters: async () => [],
  accountVendorDays: async () => [],
  accountOverrides: async () => [],
  accountCommands: async () => [],
};

type Answer<K extends keyof ReadingRestores> = Exclude<Awaited<ReturnType<ReadingRestores[K]>>, "down">;
export type Postgres = {
  facts: AccountFacts | null;
  entries: LedgerRow[];
  refused: string[];
  readings: Answer<"accountReadings">;
  registers: Answer<"accountRegisters">;
  vendorDays: Answer<"accountVendorDays">;
  overrides: Answer<"accountOverrides">;
  commands: Answer<"accountCommands">;
  credits: VendorCreditRow[];
  /** It was set back, and has given the account's id to another. */
  isAnothers: boolean;
  down: boolean;
  asked: number;
};

/** A database that holds one account, and can go away. It stands where the object asks. */
export async function database(account: string, over: Partial<Postgres> = {}): Promise<Postgres> {
  const postgres: Postgres = {
    facts: null,
    entries: [],
    refused: [],
    readings: [],
    registers: [],
    vendorDays: [],
    overrides: [],
    commands: [],
    credits: [],
    isAnothers: false,
    down: false,
    asked: 0,
    ...over,
  };
  const ask = async <T>(answer: () => T): Promise<T | "down"> => {
    postgres.asked += 1;
    return postgres.down ? "down" : answer();
  };
  const restores: Omit<AccountRestores, "directoryRows"> = {
    accountFacts: (asked) => ask(() => (postgres.facts?.account === asked ? postgres.facts : null)),
    isAccountsId: () => ask(() => !postgres.isAnothers),
    accountEntries: (_, after, limit) =>
      ask(() => postgres.entries.filter((row) => (row.seq ?? 0) > after).slice(0, limit)),
    refusedKeys: (_, after, limit) =>
      ask(() =>
        postgres.refused
          .filter((key) => key > after)
          .slice(0, limit)
          .map((entryKey) => ({ entryKey, receipt: "QK7REF" })),
      ),
    accountReadings: () => ask(() => postgres.readings),
    accountRegisters: () => ask(() => postgres.registers),
    accountVendorDays: () => ask(() => postgres.vendorDays),
    accountOverrides: () => ask(() => postgres.overrides),
    accountCommands: () => ask(() => postgres.commands),
    accountCredits: (_, after) => ask(() => postgres.credits.filter(({ externalId }) => externalId > after)),
  };
  await runInDurableObject(ledger(account), (object: AccountLedger) => {
    Object.defineProperty(object, "restores", { value: () => restores });
  });
  return postgres;
}

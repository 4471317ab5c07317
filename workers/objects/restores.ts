import { orDown } from "../../src/adapters/neon/database.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { neonMailboxRestores } from "../../src/adapters/neon/restore-mailboxes.ts";
import { neonShardRestores } from "../../src/adapters/neon/restore-shards.ts";
import { neonTillRestores } from "../../src/adapters/neon/restore-tills.ts";
import type { AnswerRestores } from "../../src/ports/answer-restores.ts";
import type { CreditRestores } from "../../src/ports/credit-restores.ts";
import type { MailboxRestores } from "../../src/ports/mailbox-restores.ts";
import type { ReadingRestores } from "../../src/ports/reading-restores.ts";
import type { Restores } from "../../src/ports/restores.ts";
import type { ShardRestores } from "../../src/ports/shard-restores.ts";
import type { TillRestores } from "../../src/ports/till-restores.ts";
import type { Env } from "../env.ts";
import { countryOf, databaseOf } from "../ports.ts";

export type AllRestores = Restores &
  AnswerRestores &
  ReadingRestores &
  CreditRestores &
  MailboxRestores &
  ShardRestores &
  TillRestores;

/** Where objects load what they have lost. Connects for each call; whatever fails is "down". */
export function restoresOf(env: Env): AllRestores {
  const ask = <T>(question: (restores: AllRestores) => Promise<T | "down">) =>
    orDown("restore", async () => {
      const db = databaseOf(env);
      const country = countryOf(env);
      return question({
        ...neonRestores(db, country),
        ...neonMailboxRestores(db),
        ...neonShardRestores(db),
        ...neonTillRestores(db, country),
      });
    });
  return {
    accountFacts: (account) => ask((restores) => restores.accountFacts(account)),
    accountsFacts: (accounts) => ask((restores) => restores.accountsFacts(accounts)),
    isAccountsId: (account, accountId) => ask((restores) => restores.isAccountsId(account, accountId)),
    accountEntries: (accountId, after, limit) => ask((restores) => restores.accountEntries(accountId, after, limit)),
    refusedKeys: (accountId, after, limit) => ask((restores) => restores.refusedKeys(accountId, after, limit)),
    accountRegisters: (accountId) => ask((restores) => restores.accountRegisters(accountId)),
    accountReadings: (accountId, since, after, limit) =>
      ask((restores) => restores.accountReadings(accountId, since, after, limit)),
    accountVendorDays: (accountId, after, limit) =>
      ask((restores) => restores.accountVendorDays(accountId, after, limit)),
    accountOverrides: (accountId) => ask((restores) => restores.accountOverrides(accountId)),
    accountCommands: (accountId, limit) => ask((restores) => restores.accountCommands(accountId, limit)),
    accountCredits: (accountId, afterId, limit) =>
      ask((restores) => restores.accountCredits(accountId, afterId, limit)),
    directoryRows: () => ask((restores) => restores.directoryRows()),
    phoneFacts: (phoneId) => ask((restores) => restores.phoneFacts(phoneId)),
    mailboxHashes: (phoneId, after, limit) => ask((restores) => restores.mailboxHashes(phoneId, after, limit)),
    unprocessedSms: (phoneId, since, limit) => ask((restores) => restores.unprocessedSms(phoneId, since, limit)),
    smsNamed: (keys) => ask((restores) => restores.smsNamed(keys)),
    outgoingSms: (phoneId, afterId, limit) => ask((restores) => restores.outgoingSms(phoneId, afterId, limit)),
    shardReceipts: (shard, after, limit) => ask((restores) => restores.shardReceipts(shard, after, limit)),
    receiptsNamed: (receipts) => ask((restores) => restores.receiptsNamed(receipts)),
    openReversals: () => ask((restores) => restores.openReversals()),
    tillVerdicts: (tillId, after, limit) => ask((restores) => restores.tillVerdicts(tillId, after, limit)),
    tillTexts: (tillId, since, after, limit) => ask((restores) => restores.tillTexts(tillId, since, after, limit)),
    chainBreaks: (tillId, limit) => ask((restores) => restores.chainBreaks(tillId, limit)),
    tillFacts: (tillId) => ask((restores) => restores.tillFacts(tillId)),
  };
}

import { Hono } from "hono";
import { z } from "zod";
import { closeCase } from "../../src/adapters/neon/cases.ts";
import { openCopyCases } from "../../src/queries/copies.ts";
import { laterMeters } from "../../src/queries/later-meters.ts";
import { unknownTariffs } from "../../src/queries/tariff-checks.ts";
import { wasCommissioned } from "../../src/queries/was-commissioned.ts";
import { type AgainPorts, type AgainRefusal, registerAgain } from "../../src/services/register-again.ts";
import { resumeCopy } from "../../src/services/resume-copy.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import { copyPortsOf, sourceOf } from "../copy.ts";
import { actor as named } from "../door.ts";
import type { CopyMessage, Env } from "../env.ts";
import { fail } from "../errors.ts";
import { caseKeyOf, notRegistered } from "../jobs/heads-difference.ts";
import { configureAccounts } from "../jobs/refresh-accounts.ts";
import { accountLocator, RECEIPT_SHARDS, shardName } from "../objects/locate.ts";
import { restoresOf } from "../objects/restores.ts";
import { OtherAccount } from "../other-account.ts";
import { databaseOf, readerOf, registryOf } from "../ports.ts";
import { refusedAsSetBack } from "../set-back.ts";
import { accountField, line, reason } from "./fields.ts";

const AgainBody = z.strictObject({
  account: accountField,
  name: line(200),
  reason,
  dryRun: z.boolean().default(false),
});

const REFUSED = {
  exists: [409, "its id, its number or a meter of it is another's by now"],
  unknown: [422, "this names something that does not exist"],
  refused: [409, "the records do not allow this"],
  nobody: [404, "no object knows such an account"],
  conflict: [
    409,
    "the account is registered; its object and Postgres have other entries under the same keys, and neither was changed: see its case copy_conflict and docs/operations.md, then send the same again",
  ],
  not_ready: [503, "not ready yet; send the same again"],
} as const satisfies Record<AgainRefusal["kind"], readonly [404 | 409 | 422 | 503, string]>;

/** An account that a database which was set back has forgotten comes back under its own number: `npm run account:again`. */
export const opsAgain = new Hono<{ Bindings: Env; Variables: { actor: string } }>().post(
  "/accounts/again",
  named,
  limited,
  saysJson,
  json(AgainBody),
  async (c) => {
    const { account, name, reason: why, dryRun: isDry } = c.req.valid("json");
    const back = isDry ? null : await refusedAsSetBack(c);
    if (back !== null) return back;
    const again = await registerAgain(portsOf(c.env), { account, name, isDry }, changeOf(c, why));
    if (again.ok) return c.json(again.value);
    const { kind, ...more } = again.error;
    const [status, message] = REFUSED[kind];
    return fail(c, status, kind, message, "detail" in more ? more.detail : null);
  },
);

const portsOf = (env: Env): AgainPorts => ({
  kept: (account) => accountLocator(env, account).kept(account),
  isRegistered: (account, accountId) => restoresOf(env).isAccountsId(account, accountId),
  async lacking(rates) {
    const ids = new Set(
      await unknownTariffs(
        readerOf(env),
        rates.map(({ tariffId }) => tariffId),
      ),
    );
    return rates.filter(({ tariffId }) => ids.has(tariffId));
  },
  laterMeters: (meters) => laterMeters(readerOf(env), meters),
  wasCommissioned: (accountId) => wasCommissioned(readerOf(env), accountId),
  commission: (account, by) => registryOf(env).commissionAgain(account, by),
  register: (account, by) => registryOf(env).registerAgain(account, by),
  tell: (account) => configureAccounts(env, [account]),
  async sendAgain(account) {
    const sent = await accountLocator(env, account).reconcile(account);
    if (sent.status === "conflict" && sent.because === "other_account") throw new OtherAccount([account]);
    if (sent.status === "conflict") return { conflicts: sent.entryKeys };
    return sent.status === "agree" ? sent.resent + sent.readings : null;
  },
  async resume(account, actor) {
    const shards = Array.from({ length: RECEIPT_SHARDS }, (_, shard) => shardName(shard));
    const named: CopyMessage[] = [
      { object: "account_ledger", name: account },
      ...shards.map((name) => ({ object: "receipt_book" as const, name })),
    ];
    const resumed: Awaited<ReturnType<AgainPorts["resume"]>> = [];
    for (const message of named) {
      const source = sourceOf(env, message);
      // A shard that nothing was refused of has nothing to be tried again.
      if (message.object === "receipt_book" && (await source.refusals()).refused === 0) continue;
      const ports = { ...copyPortsOf(env), openCases: (subject: string) => openCopyCases(readerOf(env), subject) };
      resumed.push(await resumeCopy(ports, { source, actor }));
    }
    return resumed;
  },
  async close(account, by) {
    // Nobody has to have seen it: then there is no case, and nothing to close.
    await closeCase(databaseOf(env), caseKeyOf(notRegistered(account, null)), by);
  },
});

import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { StoredSms } from "../../src/ports/sms-processor.ts";
import { answerBalance } from "../../src/services/answer-balance.ts";
import { type ProcessPorts, processSms } from "../../src/services/process-sms.ts";
import { directoryOf, mailboxOf } from "../../workers/objects/locate.ts";
import { BALANCES_MAX } from "../../workers/ports.ts";
import { ledger, live, payment } from "./account-makers.ts";
import { HOUR, MINUTE, message, NOON, phone, type TestPhone } from "./mailbox-phone.ts";

const HOLDER = "+26658000700";

/** A phone whose questions go the real way, but for the registry: it knows one holder. */
async function asked(account: string): Promise<TestPhone> {
  const made = await phone();
  made.process = (sms: StoredSms) =>
    processSms(
      {
        country: COUNTRIES.LS,
        answerBalance: (stored, question) =>
          answerBalance(
            {
              country: COUNTRIES.LS,
              holders: {
                accountsOfHolder: async (number) =>
                  number === HOLDER.slice(1) ? [{ account, status: "live", language: "en" }] : [],
              },
              accounts: { view: (of) => ledger(of).view(of) },
              directory: { template: (kind, languages) => directoryOf(env).template(kind, languages) },
              isAllowed: async ({ phone: number, name }) =>
                (await directoryOf(env).count(`phone:${account}${number}`, made.now, BALANCES_MAX, 120, name)) === null,
              enqueue: (phoneId, answer) => mailboxOf(env, phoneId).enqueue(answer),
              now: () => made.now,
            },
            stored,
            question,
          ),
      } as ProcessPorts,
      sms,
    );
  return made;
}

const ask = async (made: TestPhone, content: string, from = HOLDER, over: Record<string, unknown> = {}) => {
  await made.post({ messages: [message({ content, from, sms_received: made.now, ...over })], updates: [] });
  await made.alarm();
};
const results = async (made: TestPhone) =>
  (await made.owed("sms_result")).map(({ outcome, because }) => [outcome, because]);

it("answers BAL through the phone that got it, once an hour, and nobody but the holder", async () => {
  await directoryOf(env).open();
  const account = await live("0700MAK");
  await ledger(account).post(account, payment({ receipt: "QK7BALANCE" }));
  const made = await asked(account);
  await ask(made, "BAL");
  const offered = await made.offers();
  expect(offered).toMatchObject([
    { to: "26658000700", content: expect.stringMatching(/^1PWR: account 0700MAK has 4\.0 kWh left/) },
  ]);
  made.now = NOON + 5 * MINUTE;
  await ask(made, "0700mak");
  made.now = NOON + 61 * MINUTE;
  await ask(made, "0700 MAK please");
  await ask(made, "bal 0700MAK", "+26659999999");
  expect(await results(made)).toEqual([
    ["balance_asked", null],
    ["balance_asked", "over_limit"],
    ["balance_asked", null],
    ["balance_asked", "not_a_holder"],
  ]);
  const rows = await made.owed("sms_outbound");
  expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
});

it("answers once when the phone hands the same question over twice, and when the Mailbox is evicted in between", async () => {
  const account = await live("0701MAK");
  const made = await asked(account);
  const id = crypto.randomUUID();
  await ask(made, "BAL", HOLDER, { id });
  await made.evict();
  await ask(made, "BAL", HOLDER, { id });
  expect(new Set((await made.owed("sms_outbound")).map((row) => row.id)).size).toBe(1);
  expect(await results(made)).toEqual([["balance_asked", null]]);
});

it("leaves an old question alone", async () => {
  const account = await live("0702MAK");
  const made = await asked(account);
  const process = made.process;
  made.process = async () => ({ state: "later", because: "account_not_ready" });
  await ask(made, "BAL");
  made.process = process;
  made.now = NOON + 7 * HOUR;
  await made.alarm();
  expect(await results(made)).toEqual([["balance_asked", "too_late"]]);
  expect(await made.offers()).toEqual([]);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neonRegistry } from "../../src/adapters/neon/registry.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { AccountRegistration } from "../../src/ports/registry.ts";
import { customerCard } from "../../src/queries/customers.ts";
import { accountOf, ask, by, close, customers, DAY, db, done, open, registered } from "./customers-world.ts";
import { NOON } from "./rows.ts";

beforeAll(open);
afterAll(close);

describe("an account that ends", () => {
  it("keeps all it has, ends once, and not before it was opened", async () => {
    const card = await registered();
    const account = accountOf(card);
    expect(await customers.terminate(account, NOON - DAY, by)).toEqual({
      ok: false,
      error: { kind: "refused", detail: `${account} was opened after that` },
    });
    done(await customers.terminate(account, NOON + DAY, { ...by, reason: "moved away" }));
    done(await customers.terminate(account, NOON + 2 * DAY, by));
    expect((await customerCard(db, card.customerId))?.accounts).toMatchObject([
      { account, status: "terminated", openedAt: NOON, terminatedAt: NOON + DAY },
    ]);
    expect(
      await ask(`SELECT string_agg(reason || ' ' || (before->>'status') || '>' || (after->>'status'), ';') FROM mutations
        WHERE action = 'account.terminate' AND subject = 'account:${account}'`),
    ).toBe("moved away live>terminated");
    expect(await neonRestores(db, COUNTRIES.LS).accountFacts(account)).toMatchObject({ status: "terminated" });
    expect(await customers.terminate("9999MAK", NOON, by)).toMatchObject({ error: { kind: "unknown" } });
  });

  it("through the operators' bulk door has a date too, and none when it lives again", async () => {
    const put = async (status: "live" | "terminated") =>
      done(
        await neonRegistry(db).upsertAccounts(
          [
            {
              account: "0900MAK",
              site: "MAK",
              status,
              customer: { key: "bulk", name: "Bulk", phones: [], language: null },
              meters: [],
              aliases: [],
              rates: [],
            },
          ],
          by,
        ),
      );
    const ended = () =>
      ask("SELECT coalesce(cc_ms(terminated_at)::text, 'null') FROM accounts WHERE account_number = '0900MAK'");
    await put("live");
    await put("terminated");
    expect(await ended()).toBe(String(NOON));
    await put("live");
    expect(await ended()).toBe("null");
  });
});

it("an account that a person opened is not taken to another customer by the operators' bulk door", async () => {
  const card = await registered();
  const taken = {
    account: accountOf(card),
    site: "MAK",
    status: "live" as const,
    customer: { key: "another", name: "Another", phones: [], language: null },
    meters: [],
    aliases: [],
    rates: [],
  } satisfies AccountRegistration;
  expect(await neonRegistry(db).upsertAccounts([taken], by)).toEqual({
    ok: false,
    error: { kind: "exists", detail: `account ${accountOf(card)} of customer ${card.customerId}` },
  });
  expect(await customerCard(db, card.customerId)).toEqual(card);
  expect(await ask("SELECT count(*) FROM customers WHERE customer_key = 'another'")).toBe("0");
});

import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { CountryCode } from "../../src/domain/country.ts";
import { app } from "../../workers/index.ts";
import { Desks } from "../../workers/objects/account-ledger/desks.ts";
import { receiptBookOf } from "../../workers/objects/locate.ts";
import type { OutboxTable } from "../../workers/objects/outbox.ts";
import { facts, ledger, live, placed } from "./account-makers.ts";
import { KEYS, openCountry, settings } from "./country.ts";

const NOW = Date.UTC(2031, 2, 3, 9);

describe("a country whose switches are off", () => {
  /** What an account of such a country has under way after a credit and a person's command. */
  const commandsIn = (country: string, account: string) =>
    runInDurableObject(ledger(account), (_, state) => {
      const outbox = { stopped: () => null, add: () => undefined } as unknown as OutboxTable;
      const desks = new Desks(
        state.storage.sql,
        country as CountryCode,
        () => outbox,
        () => undefined,
      );
      const own = facts({ account, meters: [placed({ meterNumber: "23099001" })] });
      desks.relays.orderAfterCredit(own, 5_000, NOW);
      return desks.relays.toPublish(NOW + 1_000).map(({ action }) => action);
    });

  it("sends no command to a meter, where one whose relay is on does", async () => {
    expect(await commandsIn("LS", await live("0901MAK"))).toEqual(["connect"]);
    expect(await commandsIn("ZM", await live("0902MAK"))).toEqual([]);
  });

  it("hands over no command that was queued before the switch went off", async () => {
    const account = await live("0903MAK");
    expect(await commandsIn("LS", account)).toEqual(["connect"]);
    expect(await commandsIn("ZM", account)).toEqual([]);
  });

  it.each([
    ["POST", "relay", { action: "connect", reason: "a family waits" }],
    ["PUT", "override", { state: "keep_lit", reason: "a clinic", until: new Date(Date.now() + 3_600_000) }],
  ])("says so to a person who wants one: %s %s", async (method, what, body) => {
    const response = await app.request(
      `/api/meters/23099001/${what}`,
      {
        method,
        headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "thabo", "Content-Type": "application/json" },
        body: JSON.stringify(body),
      },
      { ...settings, COUNTRY: "ZM" },
    );
    expect([response.status, await response.json()]).toMatchObject([
      409,
      { error: { kind: "switched_off", message: "relays are switched off in Zambia: no command goes to any meter" } },
    ]);
  });

  it("keeps the money that a machine brings in suspense, with that reason, and loses nothing", async () => {
    await openCountry();
    const send = () =>
      app.request(
        "/api/payments/webhook",
        {
          method: "POST",
          headers: { "X-Gateway-Key": KEYS.provider, "Content-Type": "application/json" },
          body: JSON.stringify({
            account_number: "0045MAK",
            amount: 25,
            provider: "momo",
            reference: "ZMOFF00001",
            phone: "260977123456",
          }),
        },
        { ...settings, COUNTRY: "ZM" },
      );
    for (let n = 0; n < 2; n++) expect(await (await send()).json()).toMatchObject({ status: "held" });
    expect(await receiptBookOf(settings, "ZMOFF00001").state("ZMOFF00001")).toMatchObject({
      amountMinor: 2_500,
      currency: "ZMW",
      shares: [
        {
          amountMinor: 2_500,
          holder: {
            kind: "suspense",
            because: "automation_off",
            hints: { accounts: ["0045MAK"], note: "payments do not credit by themselves in Zambia" },
          },
        },
      ],
    });
  });
});

describe("a till that is made without senders", () => {
  it("is refused where the country's file names none: nobody's text would be believed", async () => {
    const response = await app.request(
      "/api/ops/tills",
      {
        method: "POST",
        headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "thabo", "Content-Type": "application/json" },
        body: JSON.stringify({ tillId: "zm-till-1", name: "First till" }),
      },
      { ...settings, COUNTRY: "ZM" },
    );
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { details: [{ field: "senders", expected: "senders: the file of Zambia names none" }] } },
    ]);
  });
});

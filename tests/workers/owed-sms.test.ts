import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { Empties } from "../../workers/objects/account-ledger/empties.ts";
import { EffectTable } from "../../workers/objects/account-ledger/sms.ts";
import { ledger } from "./account-makers.ts";

const NOW = Date.UTC(2026, 10, 28, 12);
const sms = {
  kind: "payment_receipt" as const,
  key: "receipt-sms:QK7OWED:0571MAK",
  to: "26650000101",
  account: "0571MAK",
  receipt: "QK7OWED",
  language: "st" as const,
  amountMinor: 2_000,
  energyWh: 4_000,
  balanceWh: 4_000,
};

it("an SMS whose end the storage did not take is still owed, in this life too", async () => {
  await runInDurableObject(ledger("0571MAK"), (_, state) => {
    let isBroken = false;
    const sql = new Proxy(state.storage.sql, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target);
        if (name !== "exec") return typeof value === "function" ? value.bind(target) : value;
        return (query: string, ...bindings: unknown[]) => {
          if (isBroken) throw new Error("the storage fails");
          return target.exec(query, ...bindings);
        };
      },
    });
    const effects = new EffectTable(sql, new Empties(sql));
    expect(effects.owe(sms, NOW)).toBe(true);
    const [owed] = effects.due(NOW);
    if (owed === undefined) throw new Error("nothing is owed");
    isBroken = true;
    expect(() => effects.put({ ...owed, state: "handed" })).toThrow("the storage fails");
    isBroken = false;
    expect(effects.due(NOW).map((each) => each.sms.key)).toEqual([sms.key]);
    expect(effects.nextAt()).toBe(NOW);
    effects.put({ ...owed, state: "handed" });
    expect([effects.due(NOW), effects.nextAt()]).toEqual([[], null]);
  });
});

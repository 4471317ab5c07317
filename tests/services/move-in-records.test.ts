import { describe, expect, it } from "vitest";
import { type CustomerFields, newCustomer } from "../../src/domain/customer.ts";
import type { MovedAccount, MovedCustomer } from "../../src/domain/moving-in/records.ts";
import { err, ok } from "../../src/domain/result.ts";
import type { AccountRegistration, Registered } from "../../src/ports/registry.ts";
import {
  type MoveInPorts,
  movedCustomerKey,
  moveInAccounts,
  moveInCustomers,
} from "../../src/services/move-in-records.ts";

const by = { actor: "Lineo", reason: null, at: Date.UTC(2026, 10, 28) };
const done: Registered = ok({ version: 1 });

const fieldsOf = (name: string): CustomerFields => {
  const made = newCustomer({ name });
  if (!made.ok) throw new Error("no name");
  return made.value;
};
const customer = (legacyId: number): MovedCustomer => ({ legacyId, fields: fieldsOf(`Customer ${legacyId}`) });
const account = (over: Partial<MovedAccount> = {}): MovedAccount => ({
  account: "0045MAK",
  legacyId: 1,
  openedAt: Date.UTC(2021, 0, 1),
  terminatedAt: null,
  meters: [{ meterNumber: "23097965", role: "primary", to: null, from: Date.UTC(2021, 0, 1) }],
  ...over,
});

type Kept = { key: string; status: "live" | "terminated"; meters: string[]; name: string };

/** Records in memory; the write named in `dies` throws once, after the ones before it were done. */
function records(dies: string | null = null) {
  let dying = dies;
  const customers = new Map<string, { id: number; name: string }>();
  const accounts = new Map<string, Kept>();
  const calls: string[] = [];
  const call = (name: string) => {
    calls.push(name);
    if (dying !== name) return;
    dying = null;
    throw new Error("the database does not answer");
  };
  const ports: MoveInPorts = {
    customers: {
      register: async ({ key, source, fields }) => {
        call("register");
        expect(source).toBe("access");
        customers.set(key, { id: customers.size + 1, name: fields.name });
        return done;
      },
      openAccount: async (_key, customerId, { account: number }) => {
        call("open");
        const [key, kept] = [...customers].find(([, { id }]) => id === customerId) ?? [];
        if (number === null || key === undefined) return err({ kind: "unknown", detail: `customer ${customerId}` });
        if (number === "0999MAK") return err({ kind: "refused", detail: "far above the highest number" });
        accounts.set(number, { key, status: "live", meters: [], name: kept?.name ?? "" });
        return done;
      },
      terminate: async (number) => {
        call("terminate");
        const kept = accounts.get(number);
        if (kept !== undefined) kept.status = "terminated";
        return done;
      },
    },
    registry: {
      upsertAccounts: async (rows: AccountRegistration[]) => {
        call("place");
        if (rows.some(({ account: number }) => !accounts.has(number)))
          return err({ kind: "unknown", detail: "account" });
        if (rows.some(({ meters }) => meters.some(({ meterNumber }) => meterNumber === "TAKEN")))
          return err({ kind: "refused", detail: "it hangs elsewhere" });
        for (const row of rows) {
          const kept = accounts.get(row.account);
          kept?.meters.push(...row.meters.map(({ meterNumber }) => meterNumber));
          Object.assign(kept ?? {}, { key: row.customer.key, name: row.customer.name, status: row.status });
        }
        return done;
      },
    },
    present: {
      customers: async (keys) =>
        new Map(keys.flatMap((key) => (customers.has(key) ? [[key, customers.get(key)?.id ?? 0] as const] : []))),
      accounts: async (numbers) =>
        new Map(
          numbers.flatMap((number) => {
            const kept = accounts.get(number);
            if (kept === undefined) return [];
            const { key: customerKey, status, name, meters } = kept;
            const hasMeters = meters.length > 0;
            return [[number, { account: number, status, customerKey, hasMeters, name, phones: [], language: null }]];
          }),
        ),
    },
  };
  return { ports, accounts, customers, calls };
}

describe("moving customers and accounts in", () => {
  it("brings each once: the second time all is known, and nothing is written", async () => {
    const { ports, accounts, calls } = records();
    expect(await moveInCustomers(ports, [customer(1), customer(2)], by)).toEqual([
      { subject: "customer 1", outcome: "moved" },
      { subject: "customer 2", outcome: "moved" },
    ]);
    expect(await moveInAccounts(ports, [account()], by)).toEqual([{ subject: "account 0045MAK", outcome: "moved" }]);
    expect(accounts.get("0045MAK")).toMatchObject({ status: "live", meters: ["23097965"] });
    const before = calls.length;
    const again = [
      ...(await moveInCustomers(ports, [customer(1)], by)),
      ...(await moveInAccounts(ports, [account()], by)),
    ];
    expect(again.map(({ outcome }) => outcome)).toEqual(["known", "known"]);
    expect(calls).toHaveLength(before);
  });

  it("places the meters of a page at once, and of one that is refused no other suffers", async () => {
    const { ports, accounts, calls } = records();
    await moveInCustomers(ports, [customer(1)], by);
    const page = ["0045MAK", "0046MAK", "0047MAK"].map((number) =>
      account({ account: number, meters: [{ meterNumber: `M${number}`, role: "primary", from: 0, to: null }] }),
    );
    const taken = account({
      account: "0048MAK",
      meters: [{ meterNumber: "TAKEN", role: "primary", from: 0, to: null }],
    });
    await moveInAccounts(ports, page, by);
    expect(calls.filter((name) => name === "place")).toHaveLength(1);
    const fourth = account({
      account: "0049MAK",
      meters: [{ meterNumber: "M4", role: "primary", from: 0, to: null }],
    });
    expect(await moveInAccounts(ports, [taken, fourth], by)).toMatchObject([
      { subject: "account 0048MAK", outcome: "refused" },
      { subject: "account 0049MAK", outcome: "moved" },
    ]);
    expect(accounts.get("0049MAK")?.meters).toEqual(["M4"]);
  });

  it("knows a customer of the Access years by the same key from either database, and others by their own", () => {
    expect(movedCustomerKey({ legacyId: 7 })).toBe("access:customer:7");
    expect(movedCustomerKey({ legacyId: null, postgresId: 7 })).toBe("postgres:customer:7");
  });

  it("leaves alone what people changed since, also with meters that come later", async () => {
    const { ports, accounts } = records();
    await moveInCustomers(ports, [customer(1)], by);
    await moveInAccounts(ports, [account({ meters: [] })], by);
    const kept = accounts.get("0045MAK");
    if (kept !== undefined) kept.name = "Thato, put right";
    await moveInAccounts(ports, [account()], by);
    expect(accounts.get("0045MAK")).toMatchObject({ name: "Thato, put right", meters: ["23097965"] });
  });

  it("ends an account that had ended, and says so where people opened it again", async () => {
    const { ports, accounts } = records();
    await moveInCustomers(ports, [customer(1)], by);
    const ended = account({ terminatedAt: Date.UTC(2023, 0, 1), meters: [] });
    await moveInAccounts(ports, [ended], by);
    expect(accounts.get("0045MAK")?.status).toBe("terminated");
    expect(await moveInAccounts(ports, [ended], by)).toMatchObject([{ outcome: "known" }]);
    const kept = accounts.get("0045MAK");
    if (kept !== undefined) kept.status = "live";
    expect(await moveInAccounts(ports, [ended], by)).toMatchObject([{ outcome: "differs" }]);
    expect(accounts.get("0045MAK")?.status).toBe("live");
  });

  it("places no meter on an account that people have ended since", async () => {
    const { ports, accounts } = records();
    await moveInCustomers(ports, [customer(1)], by);
    await moveInAccounts(ports, [account({ meters: [] })], by);
    const kept = accounts.get("0045MAK");
    if (kept !== undefined) kept.status = "terminated";
    expect(await moveInAccounts(ports, [account()], by)).toMatchObject([{ outcome: "known" }]);
    expect(accounts.get("0045MAK")).toMatchObject({ status: "terminated", meters: [] });
  });

  it("goes on after it died between the account and its meters", async () => {
    const { ports, accounts } = records("place");
    await moveInCustomers(ports, [customer(1)], by);
    await expect(moveInAccounts(ports, [account()], by)).rejects.toThrow("does not answer");
    expect(accounts.get("0045MAK")?.meters).toEqual([]);
    expect(await moveInAccounts(ports, [account()], by)).toMatchObject([{ outcome: "moved" }]);
    expect(accounts.get("0045MAK")?.meters).toEqual(["23097965"]);
  });

  it("takes no account from whoever has it here", async () => {
    const { ports, accounts } = records();
    await moveInCustomers(ports, [customer(1), customer(2)], by);
    await moveInAccounts(ports, [account({ legacyId: 2 })], by);
    expect(await moveInAccounts(ports, [account({ legacyId: 1 })], by)).toMatchObject([
      { outcome: "differs", because: "somebody else has it here" },
    ]);
    expect(accounts.get("0045MAK")?.key).toBe("access:customer:2");
  });

  it("says what the records refuse, and goes on with the next", async () => {
    const { ports } = records();
    await moveInCustomers(ports, [customer(1)], by);
    const outcomes = await moveInAccounts(
      ports,
      [account({ account: "0999MAK" }), account({ legacyId: 7 }), account({ account: "0046MAK" })],
      by,
    );
    expect(outcomes).toEqual([
      { subject: "account 0999MAK", outcome: "refused", because: "refused: far above the highest number" },
      { subject: "account 0045MAK", outcome: "refused", because: "customer 7 is not here" },
      { subject: "account 0046MAK", outcome: "moved" },
    ]);
  });
});

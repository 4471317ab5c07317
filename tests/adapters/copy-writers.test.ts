import { NeonDbError } from "@neondatabase/serverless";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { DEADLOCK_TRIES_MAX, neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, pgCode } from "../../src/adapters/neon/database.ts";
import type { Copies } from "../../src/ports/copies.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { credit, credits, items, payment, seed, value } from "./rows.ts";

/** Who waits for whoever asks: on the same server other files make theirs wait. */
const WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))";
/** Postgres ended one of two that waited for each other. */
const DEADLOCK = "40P01";

let database: FreshDatabase;
let copies: Copies;
let first: number;
let second: number;

// Each test starts from an empty ledger of its own database: keys are for ever.
const open = async () => {
  database = await freshDatabase();
  copies = neonCopies(connect(database.appUrl, database.sqlUrl));
  [first, second] = await seed(database.ownerUrl);
};
const close = () => database.drop();
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const clean = { refused: [], conflicts: [] };

describe("two writers at once", () => {
  beforeAll(open);
  afterAll(close);

  it("write the same postings interleaved, and each is there once", async () => {
    const one = credits(first, 60);
    const two = credits(second, 60, "0046MAK");
    const there = items(one.flatMap((row, n) => [row, two[n] ?? row]));
    const back = items([...two, ...one]);
    const writers = Array.from({ length: 8 }, (_, n) => untilWritten(n % 2 === 0 ? there : back));
    for (const written of await Promise.all(writers)) {
      expect(written).toMatchObject(clean);
      expect(written.recorded).toHaveLength(120);
    }
    expect(await ask("SELECT count(*) FROM ledger_entries")).toBe("360");
    expect(await ask("SELECT string_agg(balance_wh || '/' || seq, ' ') FROM account_balances")).toBe(
      "240000/60 240000/60",
    );
  });

  it("bring another posting for the same sequence: one is recorded, the other a conflict", async () => {
    const head = { seq: 60, balanceWh: 240_000, hash: "aa" };
    const rivals = ["RIVAL1", "RIVAL2", "RIVAL3", "RIVAL4"].map((receipt) => credit(first, { receipt, head }).row);
    const answers = await Promise.all(rivals.map((row) => untilWritten(items([row]))));
    expect(answers.map(({ recorded }) => recorded.length).sort()).toEqual([0, 0, 0, 1]);
    expect(answers.flatMap(({ conflicts }) => conflicts.map(({ detail }) => detail))).toEqual(
      Array(3).fill("sequence 61 has another key"),
    );
  });

  it("never wait for each other's receipts: of two that bring payments and postings crosswise, none is ended", async () => {
    const codes: (string | null)[] = [];
    const writer = noting(codes);
    const names = Array.from({ length: 60 }, (_, n) => `CROSS${String(n).padStart(2, "0")}`);
    let heads = { one: { seq: 61, balanceWh: 244_000, hash: "aa" }, two: { seq: 60, balanceWh: 240_000, hash: "aa" } };
    for (const half of [names.slice(0, 30), names.slice(30)]) {
      const [low, high] = [half.slice(0, 15), half.slice(15)];
      const post = (accountId: number, account: string, head: typeof heads.one, receipts: string[]) => {
        let at = head;
        const rows = receipts.map((receipt) => {
          const next = credit(accountId, { head: at, receipt, account });
          at = next.head;
          return next.row;
        });
        return { rows, head: at };
      };
      const one = post(first, "0045MAK", heads.one, low);
      const two = post(second, "0046MAK", heads.two, high);
      const paid = (receipts: string[], account: string) => receipts.map((receipt) => payment({ receipt, account }));
      const batches = [
        items([...paid(high, "0046MAK"), ...one.rows]),
        items([...paid(low, "0045MAK"), ...two.rows]),
        items([...paid(low, "0045MAK"), ...paid(high, "0046MAK"), ...one.rows, ...two.rows]),
      ];
      const writers = Array.from({ length: 9 }, (_, n) => writer.write(batches[n % 3] ?? []));
      for (const written of await Promise.all(writers)) expect(written).toMatchObject(clean);
      heads = { one: one.head, two: two.head };
    }
    // A key that another has taken meanwhile (23505) is looked at again, and is none's end.
    expect(codes).not.toContain(DEADLOCK);
    expect(await ask("SELECT count(*) FROM payments WHERE receipt LIKE 'CROSS%' AND generation = 1")).toBe("60");
  });

  it("go on by themselves when Postgres ends one of them for another's sake", async () => {
    await copies.write(items([payment({ receipt: "DEAD1" }), payment({ receipt: "DEAD2" })]));
    const codes: (string | null)[] = [];
    const later = items(["DEAD1", "DEAD2"].map((receipt) => payment({ receipt, version: 2, blocked: true })));
    await withClient(database.ownerUrl, async (rival) => {
      await rival.query("BEGIN");
      await rival.query("UPDATE payments SET payer_phone = NULL WHERE receipt = 'DEAD2'");
      const writing = noting(codes).write(later);
      // The writer has the first and waits for the second; it waits longer, so it is the one that finds the deadlock.
      await expect.poll(() => value(rival, WAITING), { interval: 20, timeout: 30_000 }).not.toBe("0");
      await rival.query("UPDATE payments SET payer_phone = NULL WHERE receipt = 'DEAD1'");
      await rival.query("COMMIT");
      expect(await writing).toEqual({ ...clean, recorded: [0, 1] });
    });
    expect(codes).toEqual([DEADLOCK]);
    expect(await ask("SELECT count(*) FROM payments WHERE receipt LIKE 'DEAD_' AND blocked AND version = 2")).toBe("2");
  });

  it("give up after some tries, and leave the rows where they are", async () => {
    let tries = 0;
    const always = neonCopies({
      read: async () => [],
      transaction: async () => {
        tries += 1;
        throw Object.assign(new NeonDbError("deadlock detected"), { code: DEADLOCK });
      },
    });
    await expect(always.write(items([payment()]))).rejects.toThrow("deadlock detected");
    expect(tries).toBe(DEADLOCK_TRIES_MAX);
  });

  /** The same writer, which notes each transaction that Postgres refused. */
  function noting(codes: (string | null)[]) {
    const inner = connect(database.appUrl, database.sqlUrl);
    return neonCopies({
      ...inner,
      transaction: (statements) =>
        inner.transaction(statements).catch((error: unknown) => {
          codes.push(pgCode(error));
          throw error;
        }),
    });
  }

  /** As the objects do: an ambiguous failure is tried again. */
  async function untilWritten(batch: Parameters<Copies["write"]>[0]) {
    for (let tries = 0; ; tries++) {
      try {
        return await copies.write(batch);
      } catch (error) {
        if (tries > 20) throw error;
      }
    }
  }
});

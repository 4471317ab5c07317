import { beforeAll, expect, it } from "vitest";
import { IDS_LEFT_OUT, jumpAheadOn } from "../../dev/backup/ahead.ts";
import { SimulatedPostgres } from "../../dev/simulate/postgres.ts";
import { keepRows } from "../../dev/simulate/set-back.ts";
import { COUNTRIES } from "../../src/domain/country.ts";

const AT = Date.parse("2026-11-03T06:00:00Z");
let postgres: SimulatedPostgres;

beforeAll(async () => {
  postgres = await SimulatedPostgres.open(COUNTRIES.LS);
});

/** A customer of the name, and an act in the chain of who did what. */
const register = (name: string) =>
  postgres.write(
    `INSERT INTO customers (customer_key, name, phones, site_code, facts_version) VALUES ('${name}', '${name}', '{}', 'MAK', next_facts_version());
     INSERT INTO mutations (actor, reason, at, action, subject) VALUES ('thabo', 'simulated', '2026-11-03T06:00:00Z', 'customer.put', 'customer:${name}')`,
  );
const seen = async () => ({
  customers: await postgres.read("SELECT * FROM customers ORDER BY id"),
  acts: await postgres.read("SELECT * FROM mutations ORDER BY id"),
  sequences: await postgres.read(
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
  ),
});

it("a simulated database that is set back has the rows and sequences of then, and after the jump gives no id again", async () => {
  postgres.write("INSERT INTO sites (code, name, facts_version) VALUES ('MAK', 'MAK', next_facts_version())");
  register("Alice");
  const then = await seen();
  expect(then.customers).toHaveLength(1);

  const back = await keepRows(postgres);
  register("Bob");
  postgres.write("UPDATE customers SET name = 'Alice Again' WHERE customer_key = 'Alice'");
  expect(await seen()).not.toEqual(then);
  await back();
  expect(await seen()).toEqual(then);

  await jumpAheadOn(postgres, { since: AT, country: "LS", now: AT + 60_000 });
  register("Carol");
  const { customers, acts } = (await seen()) as { customers: { id: number }[]; acts: { actor: string }[] };
  expect(customers[1]?.id).toBeGreaterThan((customers[0]?.id ?? 0) + IDS_LEFT_OUT);
  expect(acts.map(({ actor }) => actor)).toEqual(["thabo", "restored", "thabo"]);
  await expect(jumpAheadOn(postgres, { since: AT, country: "BJ", now: AT })).rejects.toThrow("belongs to LS");
  expect(await jumpAheadOn(postgres, { since: AT, country: "LS", now: AT + 120_000 })).toBe(null);
});

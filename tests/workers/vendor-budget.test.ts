import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { vendorBudgetOf } from "../../workers/objects/locate.ts";
import type { VendorBudget } from "../../workers/objects/vendor-budget.ts";

const stubOf = () => vendorBudgetOf(env, `koios:${crypto.randomUUID()}`);

describe("VendorBudget", () => {
  it("grants no more than the pace to many who ask at once", async () => {
    const name = `koios:${crypto.randomUUID()}`;
    const grants = await Promise.all(Array.from({ length: 12 }, () => vendorBudgetOf(env, name).take("data")));
    expect(grants.filter(({ granted }) => granted)).toHaveLength(3);
    expect((await vendorBudgetOf(env, name).view()).used).toMatchObject({ data: 3, credit: 0 });
  });

  it("remembers what it granted and what was told when it is made anew", async () => {
    const stub = stubOf();
    await stub.take("credit");
    await stub.told("data", "spent", "Koios answered 429");
    await evictDurableObject(stub);
    expect(await stub.view()).toMatchObject({ usedTotal: 1, spentUntil: expect.any(Number) });
    expect(await stub.take("credit")).toMatchObject({ granted: false, because: "budget_spent" });
  });

  it("keeps one organisation's day apart from another's", async () => {
    const [ls, bj] = [stubOf(), stubOf()];
    await ls.told("data", "spent", "429");
    expect((await bj.take("data")).granted).toBe(true);
  });

  it("keeps one row, however much is asked", async () => {
    const stub = stubOf();
    for (let n = 0; n < 5; n += 1) await stub.take("credit");
    const rows = await runInDurableObject(stub, (_: VendorBudget, state) =>
      state.storage.sql.exec("SELECT * FROM budget").toArray(),
    );
    expect(rows).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import type { Reader } from "../../src/ports/reader.ts";
import { askingOnce } from "../../src/queries/reports/once.ts";

function counted() {
  const asked: string[] = [];
  const db: Reader = {
    read: async <T>(query: string, params: string[] = []) => {
      asked.push([query, ...params].join(" "));
      return [{ query }] as T[];
    },
  };
  return { db, asked };
}

describe("figures of one request", () => {
  it("ask the same question once, also while its answer is still on its way", async () => {
    const { db, asked } = counted();
    const once = askingOnce(db);
    const answers = await Promise.all([once.read("paid", ["2026"]), once.read("paid", ["2026"])]);
    expect([answers[0], asked]).toEqual([[{ query: "paid" }], ["paid 2026"]]);
    expect(await once.read("paid", ["2026"])).toEqual(answers[1]);
    expect(asked).toHaveLength(1);
  });

  it("ask another question, other days, or the next request's, again", async () => {
    const { db, asked } = counted();
    const once = askingOnce(db);
    await once.read("paid", ["2026"]);
    await once.read("paid", ["2025"]);
    await once.read("paid 2026");
    await askingOnce(db).read("paid", ["2026"]);
    expect(asked).toEqual(["paid 2026", "paid 2025", "paid 2026", "paid 2026"]);
  });
});

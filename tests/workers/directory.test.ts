import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { DirectoryRows } from "../../src/ports/restores.ts";
import { NONCES_MAX } from "../../workers/objects/directory/nonces.ts";
import type { Directory } from "../../workers/objects/directory.ts";

const MARCH = Date.UTC(2026, 2, 1);
const JUNE = Date.UTC(2026, 5, 1);

/** A directory of its own for each test; `open` says that there is nothing to load. */
async function directory(name: string) {
  const stub = env.DIRECTORY.get(env.DIRECTORY.idFromName(name));
  await stub.open();
  return stub;
}

/** A directory that has lost its memory, and a database that answers as told. */
async function lost(name: string, answer: () => DirectoryRows | "down") {
  const stub = env.DIRECTORY.get(env.DIRECTORY.idFromName(name));
  await runInDurableObject(stub, (object: Directory) => {
    Object.defineProperty(object, "restores", { value: () => ({ directoryRows: async () => answer() }) });
  });
  return stub;
}

const placement = (over: Partial<DirectoryRows["placements"][number]> = {}) => ({
  meterNumber: "23099001",
  account: "0045MAK",
  from: MARCH,
  to: null,
  version: 1,
  ...over,
});

describe("Directory", () => {
  it("knows on which account a meter was at an instant, from its first moment to before its last", async () => {
    const stub = await directory("placements");
    await stub.putPlacements([placement({ to: JUNE }), placement({ account: "0046MAK", from: JUNE })]);
    const asked = [MARCH - 1, MARCH, JUNE - 1, JUNE, JUNE * 2];
    const answers = await Promise.all(asked.map((at) => stub.accountOfMeter("23099001", at)));
    expect(answers).toEqual([null, "0045MAK", "0045MAK", "0046MAK", "0046MAK"]);
    expect(await stub.accountOfMeter("999", JUNE)).toBeNull();
  });

  it("answers for many meters in their order, and refuses more than it takes", async () => {
    const stub = await directory("many");
    await stub.putPlacements([placement({ to: JUNE }), placement({ meterNumber: "2", account: "0046MAK" })]);
    const asked = [
      { meterNumber: "2", at: JUNE },
      { meterNumber: "23099001", at: JUNE },
      { meterNumber: "23099001", at: MARCH },
    ];
    expect(await stub.accountsOfMeters(asked)).toEqual(["0046MAK", null, "0045MAK"]);
    expect(await stub.accountsOfMeters([])).toEqual([]);
    await runInDurableObject(stub, async (object: Directory) => {
      const tooMany = Array.from({ length: 1_001 }, () => ({ meterNumber: "2", at: JUNE }));
      await expect(object.accountsOfMeters(tooMany)).rejects.toThrow("at most 1000");
    });
  });

  it("loads what it has lost before it says of one of many that it is nowhere", async () => {
    const rows = {
      placements: [placement({ meterNumber: "3" })],
      templates: [],
      cutoverAt: null,
      creditWriters: [],
      carrier: null,
    };
    const stub = await lost("many-lost", () => rows);
    await stub.putPlacements([placement()]);
    const asked = ["23099001", "3", "4"].map((meterNumber) => ({ meterNumber, at: JUNE }));
    expect(await stub.accountsOfMeters(asked)).toEqual(["0045MAK", "0045MAK", null]);
  });

  it("takes each nonce of a key once, for as long as its signature can be valid", async () => {
    const stub = await directory("nonces");
    expect(await stub.useNonce("a", "n1", JUNE)).toBe(true);
    expect(await stub.useNonce("a", "n1", JUNE + 1)).toBe(false);
    expect(await stub.useNonce("b", "n1", JUNE)).toBe(true);
    await evictDurableObject(stub);
    expect(await stub.useNonce("a", "n1", JUNE + 10 * 60_000)).toBe(false);
    expect(await stub.useNonce("a", "n1", JUNE + 10 * 60_000 + 1)).toBe(true);
  });

  it("counts a question once under its name, and holds a phone to its hour and its local day", async () => {
    const stub = await directory("questions");
    const HOUR = 3_600_000;
    /** 01:00 in Lesotho. */
    const night = Date.UTC(2026, 5, 1, 23);
    const ask = async (at: number, name: string | null = null) =>
      (await stub.count("phone:26650000101", at, { hour: 1, day: 3 }, 120, name))?.scope ?? "allowed";
    expect([await ask(night, "a"), await ask(night + 1, "a"), await ask(night + 2, "b")]).toEqual([
      "allowed",
      "allowed",
      "per_hour",
    ]);
    await evictDurableObject(stub);
    expect(await ask(night + 59 * 60_000, "a")).toBe("allowed");
    expect([await ask(night + HOUR, "b"), await ask(night + 2 * HOUR), await ask(night + 3 * HOUR, "d")]).toEqual([
      "allowed",
      "allowed",
      "per_day",
    ]);
    // Days later the name is forgotten: what is asked under it counts again.
    expect([await ask(night + 72 * HOUR, "e"), await ask(night + 74 * HOUR, "a")]).toEqual(["allowed", "allowed"]);
    expect(await ask(night + 74 * HOUR + 1, "f")).toBe("per_hour");
  });

  it("forgets old nonces, and lets nothing signed in when there are too many young ones", async () => {
    const stub = await directory("nonces-full");
    await runInDurableObject(stub, (_, state) =>
      state.storage.sql.exec(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
         INSERT INTO nonces SELECT 'a', 'n' || i, ?2 FROM n`,
        NONCES_MAX,
        JUNE,
      ),
    );
    expect(await stub.useNonce("a", "fresh", JUNE + 1)).toBe(false);
    expect(await stub.useNonce("a", "fresh", JUNE + 11 * 60_000)).toBe(true);
    const left = await runInDurableObject(stub, (_, state) =>
      state.storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM nonces").one(),
    );
    expect(left.n).toBe(NONCES_MAX - 99);
  });

  it("keeps the newer of two versions, in whatever order they come", async () => {
    const stub = await directory("versions");
    await stub.putPlacements([placement({ to: JUNE, version: 9 })]);
    await stub.putPlacements([placement({ version: 8 })]);
    expect(await stub.accountOfMeter("23099001", JUNE)).toBeNull();
    const template = { kind: "payment_receipt", language: "en" } as const;
    await stub.putTemplates([{ ...template, text: "new {amount}", version: 9 }]);
    await stub.putTemplates([{ ...template, text: "old {amount}", version: 8 }]);
    expect(await stub.template("payment_receipt", ["st", "en"])).toMatchObject({ text: "new {amount}", version: 9 });
    expect(await stub.template("payment_receipt", ["st", "fr"])).toBeNull();
  });

  it("keeps none of the templates when one cannot be sent", async () => {
    const stub = await directory("templates");
    const row = { kind: "payment_receipt", version: 1 } as const;
    await runInDurableObject(stub, async (object: Directory) => {
      await expect(
        object.putTemplates([
          { ...row, language: "en", text: "fine {amount}" },
          { ...row, language: "st", text: "not {name}" },
        ]),
      ).rejects.toThrow("unknown_placeholder");
    });
    expect(await stub.template("payment_receipt", ["en", "st"])).toBeNull();
  });

  it("remembers the cut-over", async () => {
    const stub = await directory("cutover");
    expect(await stub.cutoverAt()).toBeNull();
    await stub.putCutover(MARCH);
    await evictDurableObject(stub);
    expect(await stub.cutoverAt()).toBe(MARCH);
  });

  it("knows who credits the platform of a site at an instant, and says it again after an eviction", async () => {
    const stub = await directory("writers");
    expect(await stub.creditWriter("MAK", JUNE)).toBe("legacy");
    const rows = [
      { site: "MAK", writer: "ours", validFrom: MARCH },
      { site: "SHG", writer: "ours", validFrom: JUNE },
    ] as const;
    await stub.putCreditWriters([...rows]);
    await stub.putCreditWriters([...rows, { site: "MAK", writer: "legacy", validFrom: JUNE }]);
    await evictDurableObject(stub);
    const asked = [MARCH - 1, MARCH, MARCH + 30 * 60_000, JUNE, JUNE + 30 * 60_000];
    const answers = await Promise.all(asked.map((at) => stub.creditWriter("MAK", at)));
    expect(answers).toEqual(["legacy", "neither", "ours", "neither", "legacy"]);
    expect(await stub.creditWriter("SHG", JUNE + 30 * 60_000)).toBe("ours");
  });

  it("lets nobody send for a site while its settings are lost and Postgres is down, and loads them when it is back", async () => {
    let answer: DirectoryRows | "down" = "down";
    const stub = await lost("writers-lost", () => answer);
    expect(await stub.creditWriter("MAK", JUNE)).toBe("neither");
    answer = {
      placements: [],
      templates: [],
      cutoverAt: MARCH,
      creditWriters: [{ site: "MAK", writer: "ours", validFrom: MARCH }],
      carrier: null,
    };
    await runInDurableObject(stub, (object: Directory) => {
      Object.defineProperty(object, "clock", { value: { now: () => Date.now() + 3_600_000, alarmAt: () => 0 } });
    });
    expect(await stub.creditWriter("MAK", JUNE)).toBe("ours");
    expect(await stub.creditWriter("SHG", JUNE)).toBe("legacy");
  });

  it("loads what it has lost from Postgres, and keeps the newer word of its own", async () => {
    const template = { kind: "payment_receipt", language: "en", version: 4, text: "loaded {amount}" } as const;
    const unsendable = { ...template, language: "fr", text: "{name}" } as const;
    const rows = {
      placements: [placement()],
      templates: [template, unsendable],
      cutoverAt: MARCH,
      creditWriters: [],
      carrier: null,
    };
    const stub = await lost("lost", () => rows);
    await stub.putPlacements([placement({ to: JUNE, version: 2 })]);
    expect(await stub.cutoverAt()).toBe(MARCH);
    expect(await stub.template("payment_receipt", ["fr", "en"])).toMatchObject({ text: "loaded {amount}" });
    expect(await stub.accountOfMeter("23099001", JUNE)).toBeNull();
    expect(await stub.accountOfMeter("23099001", MARCH)).toBe("0045MAK");
  });

  it("says what it knows while Postgres is down, and does not ask at every question", async () => {
    let asked = 0;
    const stub = await lost("down", () => {
      asked += 1;
      return "down";
    });
    await stub.putPlacements([placement()]);
    expect(await stub.accountOfMeter("23099001", MARCH)).toBe("0045MAK");
    expect(await stub.accountOfMeter("1", MARCH)).toBeNull();
    expect(await stub.cutoverAt()).toBeNull();
    expect(asked).toBe(1);
  });
});

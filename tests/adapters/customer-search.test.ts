import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { readQuestion } from "../../src/domain/customer-question.ts";
import { alikeCustomers, type Newcomer } from "../../src/queries/alike-customers.ts";
import { type CustomerHit, type SearchCursor, searchCustomers } from "../../src/queries/customer-search.ts";
import { likelyTwins } from "../../src/queries/customer-twins.ts";
import { customersByName } from "../../src/queries/customers-by-name.ts";
import { ask, close, database, db, found, open, put } from "./customer-search-world.ts";
import { NOON, value } from "./rows.ts";

beforeAll(open);
afterAll(close);

describe("a search", () => {
  it.each([
    // Whole words first, by name; then beginnings.
    ["thabo mokoena", ["Mokoena Thabo: name", "Thabo Mokoena: name", "Thabo Mokoenanyane: name"]],
    ["MOKOENA  thabo", ["Mokoena Thabo: name", "Thabo Mokoena: name", "Thabo Mokoenanyane: name"]],
    ["mok tha", ["Mokoena Thabo: name", "Thabo Mokoena: name", "Thabo Mokoenanyane: name"]],
    ["rene ntcha", ["Réné Thabiso N'Tcha: name"]],
    ["N’TCHÁ", ["Réné Thabiso N'Tcha: name"]],
    ["okoena", []],
    ["Thabos bakery", ["Thabo's Bakery: name"]],
    ["mak0045", ["Thabo Mokoena: account"]],
    ["0045 mak", ["Thabo Mokoena: account"]],
    ["45", ["Thabo Mokoena: account", "Thabo Mokoenanyane: account"]],
    ["5000 0101", ["Thabo Mokoena: phone", "Thabo's Bakery: phone"]],
    ["+266 62000131", ["Thabo Mokoena: phone"]],
    ["97000122", ["Réné Thabiso N'Tcha: phone"]],
    ["00102", ["Thabo Mokoenanyane: phone"]],
    ["0131", ["Thabo Mokoena: phone"]],
    ["6731", ["Thabo Mokoena: legacy id"]],
    ["000023099001", ["Lineo Khalane: meter"]],
    ["sm5r-04-ab12", ["Lineo Khalane: meter"]],
    ["315103084", ["Lineo Khalane: account"]],
    ["mak-0123-hh1", ["Thabo Mokoena: plot"]],
    ["MAK0123", ["Thabo Mokoena: plot"]],
    ["012345", ["Mokoena Thabo: national id", "Thabo Mokoena: national id"]],
    ["Mokwena Tabo", ["Mokoena Thabo: similar name", "Thabo Mokoena: similar name"]],
    ["%", []],
    ["_ _ _", []],
    ["zzzz", []],
  ])("for %j finds %j", async (typed, names) => {
    expect((await found(typed)).toSorted()).toEqual(names.toSorted());
  });

  it("has the best first: a whole number, a part of one, whole words, beginnings, each by name", async () => {
    expect(await found("thabo mokoena")).toEqual([
      "Mokoena Thabo: name",
      "Thabo Mokoena: name",
      "Thabo Mokoenanyane: name",
    ]);
    // 0045MAK is asked for; "0045" alone is not, and the plot begins otherwise.
    expect((await ask("0045MAK Thabo")).map(({ rank, name }) => [rank, name])[0]).toEqual([0, "Thabo Mokoena"]);
  });

  it("shows accounts with the meters of now", async () => {
    expect(await ask("23099001")).toMatchObject([
      { name: "Lineo Khalane", accounts: [{ account: "0100MAK", status: "live", meters: ["SM5R-04-AB12"] }] },
    ]);
  });

  it.each(["thabo", "mok", "45", "thabo mokoena", "50000101"])(
    "for %j gives each customer once over all pages, in the order of one long page",
    async (typed) => {
      const whole = await ask(typed);
      const paged: CustomerHit[] = [];
      for (let page = await ask(typed, null, 1); page.length > 0; ) {
        paged.push(...page);
        const last = page.at(-1);
        page = last === undefined ? [] : await ask(typed, last, 1);
      }
      expect(paged).toEqual(whole);
      expect(whole.length).toBeGreaterThan(1);
    },
  );

  it("never gives more than a page", async () => {
    for (let n = 0; n < 55; n++) await put(null, { name: `Crowd ${n}` });
    expect((await ask("crowd", null, 1_000)).length).toBe(50);
    const first = await ask("crowd", null, 50);
    expect((await ask("crowd", first.at(-1) ?? null)).length).toBe(5);
  });
});

describe("a search for words that thousands have", () => {
  // Every third has the whole word, the others only begin with it.
  beforeAll(() =>
    withClient(database.ownerUrl, (client) =>
      client.query(`INSERT INTO customers (customer_key, name)
        SELECT 'many:' || n, CASE WHEN n % 3 = 0 THEN 'Sello ' ELSE 'Sellomasole ' END || lpad(n::text, 4, '0')
        FROM generate_series(1, 4000) AS n`),
    ),
  );

  const names = (length: number, start: number, step: number, word: string) =>
    Array.from({ length }, (_, n) => `${word} ${String(start + n * step).padStart(4, "0")}`);

  it("still has whole words first, each in order of names", async () => {
    const hits = await ask("sello");
    expect(hits.map(({ name, rank }) => [name, rank])).toEqual(names(50, 3, 3, "Sello").map((name) => [name, 2]));
    const later = await ask("sello", hits.at(-1) ?? null);
    expect(later.map(({ name }) => name)).toEqual(names(50, 153, 3, "Sello"));
  });

  it("goes on with beginnings of words where whole words end", async () => {
    const id = await withClient(database.ownerUrl, (client) =>
      value(client, "SELECT id FROM customers WHERE name = 'Sello 3990'"),
    );
    const hits = await ask("sello", { rank: 2, customerId: Number(id) });
    expect(hits.slice(0, 5).map(({ name, rank }) => [name, rank])).toEqual([
      ["Sello 3993", 2],
      ["Sello 3996", 2],
      ["Sello 3999", 2],
      ["Sellomasole 0001", 3],
      ["Sellomasole 0002", 3],
    ]);
    expect(hits.length).toBe(50);
  });

  it("gives everybody once over all pages, also of two letters that are no word", async () => {
    const seen: number[] = [];
    for (let page = await ask("se"); page.length > 0; ) {
      seen.push(...page.map(({ customerId }) => customerId));
      const last = page.at(-1);
      page = last === undefined ? [] : await ask("se", last);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(4_000);
  });

  it("keeps the few who have a second word", async () => {
    expect((await ask("0007 sello")).map(({ name }) => name)).toEqual(["Sellomasole 0007"]);
  });
});

describe("likely twins", () => {
  it("share a phone or a national id and have names alike; a bakery on its owner's phone is none", async () => {
    const pairs = await likelyTwins(db, null, 50);
    expect(pairs.map(({ one, other, because }) => [one.name, other.name, because])).toEqual([
      ["Thabo Mokoena", "Mokoena Thabo", ["national id"]],
    ]);
    await put("0101MAK", { name: "Thabo Mokoena", phones: ["26650000101"], nationalId: "0123 4567 89" });
    const more = await likelyTwins(db, null, 50);
    expect(more.map(({ one, other, because }) => [one.name, other.name, because])).toEqual([
      ["Thabo Mokoena", "Mokoena Thabo", ["national id"]],
      ["Thabo Mokoena", "Thabo Mokoena", ["national id", "phone"]],
      ["Mokoena Thabo", "Thabo Mokoena", ["national id"]],
    ]);
    const [first] = more;
    if (first === undefined) throw new Error("no twins");
    const after = { one: first.one.customerId, other: first.other.customerId };
    expect(await likelyTwins(db, after, 1)).toEqual(more.slice(1, 2));
    expect(first.one.accounts).toEqual(["0045MAK"]);
  });
});

describe("who may be a newcomer", () => {
  const alike = async (name: string, over: Partial<Newcomer> = {}, site: string | null = null) => {
    const newcomer = { name, phones: [], nationalId: null, plotNumber: null, ...over };
    return (await alikeCustomers(db, newcomer, site)).map((each) => `${each.name}: ${each.because.join(", ")}`);
  };

  it("is whoever has the phone, whatever the name, and whoever has the national id in another spelling", async () => {
    expect(await alike("Someone Else", { phones: ["26662000131"] })).toEqual(["Thabo Mokoena: phone"]);
    const sameId = await alike("Someone Else", { nationalId: "0123 4567-89" });
    expect([...new Set(sameId)].sort()).toEqual(["Mokoena Thabo: national id", "Thabo Mokoena: national id"]);
  });

  it("is whoever has a name like it, first what speaks for it most", async () => {
    expect((await alike("Thabo Mokoena", { phones: ["26650000101"] }))[0]).toBe("Thabo Mokoena: name, phone");
    expect(await alike("Tabo Mokwena")).toEqual([]);
    expect(await alike("Thabo Mokoenna")).toContain("Thabo Mokoena: name");
    expect(await alike("Nobody Atall")).toEqual([]);
  });

  it("is nobody of another site for who registers at one", async () => {
    expect(await alike("Someone Else", { phones: ["26650000102"] }, "MAK")).toEqual([]);
    expect(await alike("Someone Else", { phones: ["26650000102"] }, "SHG")).toEqual(["Thabo Mokoenanyane: phone"]);
  });
});

describe("customers of a site", () => {
  const listed = async (site: string | null, after: SearchCursor | null = null, limit = 50) =>
    customersByName(db, { now: NOON, after, limit, site });

  it("are those who live there or have an account there, by name, a page after the other, each once", async () => {
    const first = (await listed(null)).map(({ customerId }) => customerId);
    const walked: number[] = [];
    let after: SearchCursor | null = null;
    while (walked.length < first.length) {
      const page: CustomerHit[] = await listed(null, after, 10);
      walked.push(...page.map(({ customerId }) => customerId));
      after = { rank: page.at(-1)?.rank ?? 0, customerId: page.at(-1)?.customerId ?? 0 };
    }
    expect(first).toHaveLength(50);
    expect(walked).toEqual(first);
    const here = await listed("SHG");
    expect(here.map(({ name }) => name)).toContain("Thabo Mokoenanyane");
    expect(here.every(({ site, accounts }) => site === "SHG" || accounts.some((a) => a.account.endsWith("SHG")))).toBe(
      true,
    );
  });

  it("are found by words, by a phone and by a name like theirs, and nobody of another site with them", async () => {
    const at = async (typed: string, site: string) => {
      const question = readQuestion(typed, COUNTRIES.LS);
      if (question === null) throw new Error("no question");
      return (await searchCustomers(db, question, { now: NOON, after: null, limit: 50, site })).map(({ name }) => name);
    };
    expect(await at("thabo", "SHG")).toEqual(["Thabo Mokoenanyane"]);
    expect(await at("5000 0101", "SHG")).toEqual([]);
    expect(await at("5000 0102", "SHG")).toEqual(["Thabo Mokoenanyane"]);
    expect(await at("Mokwenanyane", "SHG")).toEqual(["Thabo Mokoenanyane"]);
    expect(await at("Mokwenanyane", "MAK")).not.toContain("Thabo Mokoenanyane");
  });
});

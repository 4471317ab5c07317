import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { thunderCredits } from "../src/adapters/thundercloud/credits.ts";
import { baseStations, thunderBalances } from "../src/adapters/thundercloud/customers.ts";
import { ThunderCloud, type ThunderCloudSettings, thunderCloudSecrets } from "../src/adapters/thundercloud/door.ts";
import { fileOf, thunderHistory } from "../src/adapters/thundercloud/history.ts";
import { thunderPayments } from "../src/adapters/thundercloud/transactions.ts";
import type { FeedPage } from "../src/ports/vendor-feeds.ts";
import { answer, NOON, vendorWorld } from "./vendor-door.ts";

const settings: ThunderCloudSettings = {
  url: "https://tc.test",
  org: "org-mak",
  token: "stale-token",
  login: { email: "ops@example.test", password: "p:w#" },
  currency: "LSL",
  minorDigits: 2,
};
const world = (answers: Parameters<typeof vendorWorld>[0], over: Partial<ThunderCloudSettings> = {}) => {
  const made = vendorWorld(answers, thunderCloudSecrets(settings));
  return { ...made, thunder: new ThunderCloud({ ...settings, ...over }, { ...made.door, name: "ThunderCloud" }) };
};

const unit = { site: "MAK", vendorSiteId: "BS-0001", day: "2026-11-02" };
const at = (time: string) => Date.parse(`2026-11-02T${time}Z`);
const order = {
  externalId: "receipt:QK7AAA#1.1",
  customerCode: "0045MAK",
  amountMinor: 5_000,
  currency: "LSL",
  memo: "cc receipt:QK7AAA#1.1",
} as const;

const customer = answer.bind(null, {
  customers: [{ id: "c-77", code: "0045MAK", credit_balance: 39.5, meters: [{ serial: "SMRSD-03-0002A1F4" }] }],
  error: null,
  status: "success",
});
const loginPage = () =>
  answer('<!doctype html><form><input name="csrf_token" type="hidden" value="t1"><input name="password"></form>', 200, {
    "set-cookie": "anonymous=a1; Path=/",
  });
const signedIn = (headers: Record<string, string> = {}) =>
  new Response(null, {
    status: 302,
    headers: { location: "/", "set-cookie": "session=s1; Path=/; HttpOnly", ...headers },
  });

type Columns = Parameters<typeof parquetWriteBuffer>[0]["columnData"];
const parquet = (columnData: Columns, rowGroupSize = 100_000) =>
  new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize, codec: "SNAPPY" }));
const micros = (...times: string[]) => times.map((time) => new Date(at(time)));
const file = (over: Partial<Record<"meter" | "at" | "kwh" | "code", Columns[number]>> = {}) =>
  parquet([
    { name: "heartbeat_id", data: [1n, 2n, 3n] },
    over.meter ?? { name: "meter", data: [41_460, 41_460, 77], type: "INT32" },
    over.at ?? { name: "timestamp", data: micros("13:15:00", "13:30:00", "13:30:00"), type: "TIMESTAMP" },
    over.kwh ?? { name: "kilowatt_hours", data: [0.0421, 0, 0.0015], type: "DOUBLE" },
    { name: "acct_credit", data: [61.5, 61.4, 3], type: "DOUBLE" },
    over.code ?? { name: "snapshot_customer_code", data: ["0045MAK", "0045MAK", "None"], type: "STRING" },
  ]);
const meters = answer.bind(null, {
  meters: [{ meter_serial: "SMRSD-03-0002A1F4" }, { meter_serial: "SMRSD-03-0002004D" }, { meter_serial: null }],
});
const bytes = (data: Uint8Array, status = 200) => new Response(data as Uint8Array<ArrayBuffer>, { status });
const dayOf = (one: ReturnType<typeof world>) => thunderHistory(one.thunder).page(unit, null);

describe("a base station's day", () => {
  it("is downloaded in a session and read by its columns, with full serials from the map of meters", async () => {
    const one = world([loginPage(), signedIn(), bytes(file()), meters()]);
    expect(await dayOf(one)).toEqual({
      intervals: [
        { serial: "SMRSD-03-0002A1F4", customerCode: "0045MAK", startAt: at("13:15:00"), energyWh: 42 },
        { serial: "SMRSD-03-0002A1F4", customerCode: "0045MAK", startAt: at("13:30:00"), energyWh: 0 },
        { serial: "SMRSD-03-0002004D", customerCode: null, startAt: at("13:30:00"), energyWh: 2 },
      ],
      leftOut: {},
      next: null,
    });
    expect(one.asked.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      "GET /login",
      "POST /login",
      "GET /history/download/year%3D2026%2Fmonth%3D11%2Fday%3D02%2FBS-0001_2026_11_02_reading.parquet",
      "GET /meter/meters.json",
    ]);
    expect(Object.fromEntries(new URLSearchParams(one.asked[1]?.body))).toEqual({
      csrf_token: "t1",
      email: "ops@example.test",
      password: "p:w#",
    });
    expect(one.asked[2]?.headers.cookie).toBe("anonymous=a1; session=s1");
  });

  it.each<[string, Parameters<typeof file>[0]]>([
    [
      "reading_time",
      { at: { name: "reading_time", data: micros("13:15:00", "13:30:00", "13:30:00"), type: "TIMESTAMP" } },
    ],
    [
      "ISO texts",
      {
        at: {
          name: "datetime",
          data: ["2026-11-02T13:15:00Z", "2026-11-02T13:30:00", "2026-11-02 13:30:00"],
          type: "STRING",
        },
      },
    ],
    [
      "bare microseconds",
      {
        at: {
          name: "timestamp",
          data: micros("13:15:00", "13:30:00", "13:30:00").map((d) => BigInt(d.getTime()) * 1_000n),
          type: "INT64",
        },
      },
    ],
    [
      "snapshot_customer_id, which names nobody",
      { code: { name: "snapshot_customer_id", data: ["77aa", "77aa", "77aa"], type: "STRING" } },
    ],
    [
      "full serials",
      {
        meter: { name: "meter", data: ["SMRSD-03-0002A1F4", "smrsd-03-0002a1f4", "SMRSD-03-0002004D"], type: "STRING" },
      },
    ],
  ])("is read in a release that has %s", async (_, over) => {
    const got = (await dayOf(world([loginPage(), signedIn(), bytes(file(over)), meters()]))) as FeedPage;
    expect(got.intervals.map(({ serial, startAt, energyWh }) => [serial, startAt, energyWh])).toEqual([
      ["SMRSD-03-0002A1F4", at("13:15:00"), 42],
      ["SMRSD-03-0002A1F4", at("13:30:00"), 0],
      ["SMRSD-03-0002004D", at("13:30:00"), 2],
    ]);
  });

  it("leaves out what belongs to nobody, to another day, or to the future", async () => {
    const dated = (iso: string) => new Date(iso);
    const data = parquet([
      { name: "meter", data: [5, 41_460, 41_460], type: "INT32" },
      {
        name: "timestamp",
        data: [dated("2026-11-02T01:00:00Z"), dated("2026-11-03T00:00:00Z"), dated("2026-11-06T00:00:00Z")],
        type: "TIMESTAMP",
      },
      { name: "kilowatt_hours", data: [1, 1, 1], type: "DOUBLE" },
    ]);
    expect(await dayOf(world([loginPage(), signedIn(), bytes(data), meters()]))).toEqual({
      intervals: [],
      leftOut: { nameless: 1, other_day: 1, future: 1 },
      next: null,
    });
  });

  it("takes no serial of two meters that share a number: the code decides", async () => {
    const twins = answer({ meters: [{ meter_serial: "SMRSD-03-0002A1F4" }, { meter_serial: "SMRSD-04-0009A1F4" }] });
    const got = (await dayOf(world([loginPage(), signedIn(), bytes(file()), twins]))) as FeedPage;
    expect(got.intervals.map(({ serial, customerCode }) => [serial, customerCode])).toEqual([
      [null, "0045MAK"],
      [null, "0045MAK"],
    ]);
    expect(got.leftOut).toEqual({ nameless: 1 });
  });

  it("is the same in one group of rows and in many", async () => {
    const rows = 1_000;
    const columns: Columns = [
      { name: "meter", data: Array.from({ length: rows }, () => 41_460), type: "INT32" },
      {
        name: "timestamp",
        data: Array.from({ length: rows }, (_, n) => new Date(at("00:00:00") + (n % 96) * 900_000)),
        type: "TIMESTAMP",
      },
      { name: "kilowatt_hours", data: Array.from({ length: rows }, (_, n) => n / 1_000), type: "DOUBLE" },
    ];
    const [whole, cut] = await Promise.all(
      [100_000, 37].map((size) => dayOf(world([loginPage(), signedIn(), bytes(parquet(columns, size)), meters()]))),
    );
    expect((whole as FeedPage).intervals).toHaveLength(rows);
    expect(cut).toEqual(whole);
  });

  it.each<[string, Response, string]>([
    ["is absent while there is no file", answer("Not Found", 404), "absent"],
    ["is absent as a file of a few bytes", bytes(new TextEncoder().encode("PAR1PAR1")), "absent"],
    [
      "is unreadable without its columns",
      bytes(parquet([{ name: "a", data: Array.from({ length: 200 }, (_, n) => n), type: "INT32" }])),
      "unreadable",
    ],
    ["is unreadable when it was cut off", bytes(file().subarray(0, 400)), "unreadable"],
    ["is unreadable when it is something else", bytes(new Uint8Array(5_000).fill(65)), "unreadable"],
    ["is unavailable as another page for people", answer(`<html>${"Internal".repeat(100)}</html>`), "unavailable"],
  ])("%s", async (_, given, refused) => {
    expect(await dayOf(world([loginPage(), signedIn(), given, meters()]))).toMatchObject({ refused });
  });

  it("is asked for in a new session when the old one is lost, with a friendly 200", async () => {
    const one = world([loginPage(), signedIn(), loginPage(), loginPage(), signedIn(), bytes(file()), meters()]);
    expect(((await dayOf(one)) as FeedPage).intervals).toHaveLength(3);
  });

  it("needs a login, and one that is taken", async () => {
    expect(await dayOf(world([], { login: null }))).toMatchObject({ refused: "unauthorised" });
    const wrong = world([loginPage(), loginPage()]);
    const said = await dayOf(wrong);
    expect(said).toMatchObject({ refused: "unauthorised" });
    expect(JSON.stringify(said)).not.toContain("p:w#");
    expect(wrong.asked).toHaveLength(2);
  });

  it("is fresh up to the end of the newest file of its base station", async () => {
    const files = ["2026-10-31", "2026-11-01"].map((day) => ({ filename: fileOf("BS-0001", day) }));
    const list = answer({ status: "success", files: [...files.toReversed(), { filename: "readme.txt" }] });
    expect(await thunderHistory(world([loginPage(), signedIn(), list]).thunder).freshness()).toEqual({
      newest: { "BS-0001": Date.parse("2026-11-01T23:45:00Z") },
    });
  });
});

describe("a wallet", () => {
  it("is currency, and never energy", async () => {
    expect(await thunderBalances(world([customer()]).thunder).balance("0045MAK")).toEqual({
      customerCode: "0045MAK",
      balanceMinor: 3_950,
      serials: ["SMRSD-03-0002A1F4"],
      rateE4PerKwh: null,
    });
  });
  it.each([
    ["404", answer({ error: "no such customer", status: "failure" }, 404)],
    [
      "somebody else",
      answer({ customers: [{ id: "1", code: "0046MAK", credit_balance: 1, meters: [] }], error: null }),
    ],
    ["an empty list", answer({ customers: [], error: null, status: "success" })],
  ])("is unknown: %s", async (_, given) => {
    expect(await thunderBalances(world([given]).thunder).balance("0045MAK")).toBe("unknown");
  });
});

describe("a stale token", () => {
  it("is renewed by the login, once, and the question asked again", async () => {
    const one = world([
      answer({ error: "unauthorised", status: "failure" }, 401),
      loginPage(),
      signedIn({ "Authentication-Token": "fresh-token" }),
      customer(),
      customer(),
    ]);
    const balances = thunderBalances(one.thunder);
    expect(await balances.balance("0045MAK")).toMatchObject({ balanceMinor: 3_950 });
    await balances.balance("0045MAK");
    expect(one.asked.map(({ headers }) => headers["authentication-token"])).toEqual([
      "stale-token",
      undefined,
      undefined,
      "fresh-token",
      "fresh-token",
    ]);
  });
  it("without a login is said to whoever can renew it, without the token", async () => {
    const said = await thunderBalances(
      world([answer({ error: "stale-token is unauthorised", status: "failure" }, 401)], { login: null }).thunder,
    ).balance("0045MAK");
    expect(said).toMatchObject({ refused: "unauthorised" });
    expect(JSON.stringify(said)).not.toContain("stale-token");
  });
});

describe("a credit", () => {
  it("is sent to the platform's own number of the customer, under our name, in currency", async () => {
    const one = world([customer(), answer({ transaction_id: "t-1", status: "success" }, 201)]);
    expect(await thunderCredits(one.thunder).send(order)).toEqual({
      came: "answer",
      status: 201,
      body: '{"transaction_id":"t-1","status":"success"}',
    });
    expect(one.asked[1]).toMatchObject({ method: "POST", url: "https://tc.test/api/v0/transaction/" });
    expect(Object.fromEntries(new URLSearchParams(one.asked[1]?.body))).toEqual({
      customer_id: "c-77",
      amount: "50.00",
      source: "cash",
      external_id: "receipt:QK7AAA#1.1",
    });
    expect(one.told.map(([kind]) => kind)).toEqual(["credit", "credit"]);
  });

  it.each<[string, Response | Error, object]>([
    [
      "waits when the lookup did not come",
      new Error("connection lost"),
      { came: "not_sent", because: "busy", retryAt: NOON + 30_000 },
    ],
    ["waits when the lookup failed there", answer("", 502), { came: "not_sent" }],
    ["waits when the lookup is a page for people", answer("<!doctype html><title>x</title>"), { came: "not_sent" }],
    ["waits when the lookup came too often", answer({ message: "daily limit" }, 429), { came: "not_sent" }],
    [
      "is refused when nobody has this code",
      answer({ error: "no such customer", status: "failure" }, 404),
      { status: 404 },
    ],
    [
      "is refused, not taken as done, when the lookup shows nobody with 200",
      answer({ customers: [], error: null, status: "success" }),
      { status: 404, body: '{"error":"no such customer","status":"failure"}' },
    ],
  ])("%s: nothing was sent", async (_, lookup, said) => {
    const one = world([lookup]);
    expect(await thunderCredits(one.thunder).send(order)).toMatchObject(said);
    expect(one.asked).toHaveLength(1);
  });

  it("may have arrived when the line broke after it: nobody knows", async () => {
    expect(await thunderCredits(world([customer(), new Error("reset")]).thunder).send(order)).toMatchObject({
      came: "none",
    });
  });

  it("is found by our name, by the interface or else in the console's list", async () => {
    const found = { id: "t-1", external_id: order.externalId, amount: 50, status: "processed" };
    const direct = world([answer({ transaction: found, error: null, status: "success" })]);
    expect(await thunderCredits(direct.thunder).find(order.externalId, "0045MAK")).toMatchObject({ status: 200 });
    expect(direct.asked[0]?.url).toBe("https://tc.test/api/v0/transaction/receipt%3AQK7AAA%231.1");
    const none = world([answer({ error: "no such transaction", status: "failure" }, 404)]);
    expect(await thunderCredits(none.thunder).find("x", "0045MAK")).toMatchObject({ status: 404 });
    const page = (...transactions: object[]) => answer({ transactions, total: 9 });
    const listed = world([
      answer({ error: "no such api", status: "failure" }, 404),
      loginPage(),
      signedIn(),
      page({ external_id: "other" }),
      page(found),
    ]);
    const said = await thunderCredits(listed.thunder).find(order.externalId, "0045MAK");
    expect(said).toMatchObject({ came: "answer", status: 200 });
    expect(said.came === "answer" && JSON.parse(said.body).transaction).toEqual(found);
    expect(listed.asked.at(-1)?.url).toContain("start=500&length=500");
    const missing = world([
      answer("<h1>405 Method Not Allowed</h1>", 405),
      loginPage(),
      signedIn(),
      page({ external_id: "other" }),
      page(),
    ]);
    expect(await thunderCredits(missing.thunder).find("x", "0045MAK")).toMatchObject({ status: 404 });
  });

  it("of energy that was sold later is asked for in one question, whose path has no stroke of its own", async () => {
    const externalId = "receipt:QK7AAA#1.1~1energy.9900";
    const direct = world([answer({ transaction: { external_id: externalId }, error: null, status: "success" })]);
    expect(await thunderCredits(direct.thunder).find(externalId, "0045MAK")).toMatchObject({ status: 200 });
    expect(direct.asked.map(({ url }) => url)).toEqual([
      "https://tc.test/api/v0/transaction/receipt%3AQK7AAA%231.1~1energy.9900",
    ]);
  });

  it.each([
    ["under it", "receipt:QK7AAA#1.1/energy.9900"],
    ["under the name without one", "receipt:QK7AAA#1.1~1energy.9900"],
  ])("that an earlier release named with a stroke is found in the list alone, %s", async (_, listedAs) => {
    const externalId = "receipt:QK7AAA#1.1/energy.9900";
    const found = { id: "t-2", external_id: listedAs, amount: 99, status: "processed" };
    const page = (...transactions: object[]) => answer({ transactions, total: 9 });
    const listed = world([loginPage(), signedIn(), page({ external_id: "receipt:QK7AAA#1.1" }, found)]);
    const said = await thunderCredits(listed.thunder).find(externalId, "0045MAK");
    expect(said.came === "answer" && JSON.parse(said.body).transaction).toEqual(found);
    expect(listed.asked.map(({ url }) => url).filter((url) => url.includes("/api/"))).toEqual([]);
    const absent = world([loginPage(), signedIn(), page({ external_id: "other" }), page()]);
    expect(await thunderCredits(absent.thunder).find(externalId, "0045MAK")).toMatchObject({ status: 404 });
    // Without its pages nobody knows: it is not taken for absent, and so not sent again.
    const closed = world([], { login: null });
    expect(await thunderCredits(closed.thunder).find(externalId, "0045MAK")).toMatchObject({ came: "none" });
  });

  it("is never in another currency, nor below zero", async () => {
    const credits = thunderCredits(world([]).thunder);
    await expect(credits.send({ ...order, currency: "XOF" })).rejects.toThrow("LSL");
    await expect(credits.send({ ...order, amountMinor: 0 })).rejects.toThrow("above zero");
  });

  it("is taken back by nobody there", async () => {
    expect(await thunderCredits(world([]).thunder).reverse("t-1", "x")).toMatchObject({ came: "answer", status: 405 });
  });
});

describe("the list of transactions", () => {
  it("is read newest first, credits alone", async () => {
    const row = {
      id: "t-2",
      acct_type: "credit",
      amount: 50.0,
      created: "2026-11-02T10:00:00Z",
      external_id: null,
      memo: "by hand",
      status: "processed",
      to_data: { meter_serial: "SMRSD-03-0002A1F4", customer_code: "0045MAK" },
    };
    const page = answer({
      transactions: [row, { ...row, acct_type: "debt" }, { ...row, created: "yesterday" }],
      total: 3,
    });
    expect(await thunderPayments(world([loginPage(), signedIn(), page]).thunder).page(0)).toEqual({
      payments: [
        {
          key: "t-2",
          vendorId: "t-2",
          externalId: null,
          customerCode: "0045MAK",
          serial: "SMRSD-03-0002A1F4",
          amountMinor: 5_000,
          memo: "by hand",
          status: "processed",
          isReversal: false,
          at: at("10:00:00"),
        },
      ],
      leftOut: { other_wallet: 1, unreadable: 1 },
      more: true,
    });
  });
});

describe("the base stations", () => {
  it("say when they last spoke", async () => {
    const info = answer([{ serial: "BS-0001", last_sync_date: "2026-11-03T11:56:00.000Z" }, { id: 7 }]);
    expect(await baseStations(world([info]).thunder)).toEqual({
      bases: [
        { serial: "BS-0001", lastSync: Date.parse("2026-11-03T11:56:00Z") },
        { serial: "7", lastSync: null },
      ],
    });
  });
});

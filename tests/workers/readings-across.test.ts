import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { directoryOf, unmappedOf } from "../../workers/objects/locate.ts";
import { facts, ledger, live, placed } from "./account-makers.ts";
import { KEYS, settings } from "./country.ts";
import { viewOf } from "./reading-makers.ts";

const QUARTER = 15 * 60_000;
/** Midnight of a day in the past, in Lesotho. */
const DAY = Date.UTC(2026, 10, 19, 22);

const wallOf = (at: number) => new Date(at + 2 * 3_600_000).toISOString().replace(/\D/g, "").slice(0, 12);

/** A day of one meter, 25 Wh each quarter of an hour from 100 kWh on, as its gateway sends it. */
const dayOf = (meter: string, quarters = 96) =>
  Array.from({ length: quarters }, (_, nth) => ({
    meterId: meter.padStart(12, "0"),
    Time: wallOf(DAY + nth * QUARTER),
    EnergyActive: `${((100_000 + 25 * nth) / 1_000).toFixed(3)} kWh`,
    PowerActive: "100.0 W",
    Relay: "1",
  }));

async function send(readings: unknown) {
  const response = await app.request(
    "/api/meters/readings",
    { method: "POST", headers: { "X-IoT-Key": KEYS.iot }, body: JSON.stringify(readings) },
    settings,
  );
  return (await response.json()) as { counts: Record<string, number>; results: { status: string; account: string }[] };
}

async function place(account: string, meterNumber: string) {
  await live(account, { accountId: Number(account.slice(0, 4)), meters: [placed({ meterNumber })] });
  await directoryOf(env).putPlacements([{ meterNumber, account, from: 0, to: null, version: 1 }]);
  return account;
}

const shuffled = <T>(list: T[]) =>
  list
    .map((item, index) => ({ item, at: (index * 7_919) % list.length }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

describe("readings across the bridge, the accounts and the unmapped meters", () => {
  beforeAll(async () => {
    await directoryOf(env).open();
  });

  it("debit each account what its meter counted, whatever the spelling of its id", async () => {
    const [one, two] = [await place("0601MAK", "23060001"), await place("0602MAK", "23060002")];
    const padded = dayOf("23060001");
    const plain = dayOf("23060002").map((each) => ({ ...each, meterId: 23_060_002 }));
    const { counts, results } = await send([...padded, ...plain]);
    expect(counts).toMatchObject({ accepted: 192, rejected: 0 });
    expect([results[0]?.account, results[191]?.account]).toEqual([one, two]);
    for (const account of [one, two]) expect((await viewOf(account)).availableWh).toBe(-95 * 25);
  });

  it("debit once when everything comes twice and out of order", async () => {
    const account = await place("0603MAK", "23060003");
    const day = dayOf("23060003");
    await send(shuffled(day));
    const before = await viewOf(account);
    await send([...shuffled(day), ...day]);
    expect(before.availableWh).toBe(-95 * 25);
    const after = await viewOf(account);
    expect([after.availableWh, after.balanceWh, after.seq]).toEqual([before.availableWh, before.balanceWh, before.seq]);
  });

  it("wait for a meter that nobody placed, and debit in order when somebody does, before newer ones", async () => {
    const day = dayOf("23060004");
    expect((await send(day.slice(48, 90))).counts).toMatchObject({ unmapped: 42 });
    expect((await send(day.slice(0, 48))).counts).toMatchObject({ unmapped: 48 });
    const account = "0604MAK";
    await live(account, { meters: [placed({ meterNumber: "23060004" })] });
    const row = { meterNumber: "23060004", account, from: 0, to: null };
    await unmappedOf(env).placed([row]);
    await directoryOf(env).putPlacements([{ ...row, version: 1 }]);
    expect((await viewOf(account)).availableWh).toBe(-89 * 25);
    expect((await send(day.slice(90))).counts).toMatchObject({ accepted: 6 });
    expect((await viewOf(account)).availableWh).toBe(-95 * 25);
    expect((await unmappedOf(env).list("2306000", 10)).map(({ meterNumber }) => meterNumber)).not.toContain("23060004");
  });

  it("follow a meter to its next account, each to the one that had it then", async () => {
    const moved = DAY + 48 * QUARTER;
    const day = dayOf("23060005");
    const [first, second] = ["0605MAK", "0606MAK"];
    await live(first, { meters: [placed({ meterNumber: "23060005", to: moved })] });
    await live(second, { meters: [placed({ meterNumber: "23060005", from: moved, baseRegisterWh: 101_200 })] });
    await directoryOf(env).putPlacements([{ meterNumber: "23060005", account: first, from: 0, to: null, version: 1 }]);
    // The Directory has not heard of the move: what the first account sends away is kept, not lost.
    expect((await send(day)).counts).toMatchObject({ accepted: 48, unmapped: 48 });
    const rows = [
      { meterNumber: "23060005", account: first, from: 0, to: moved },
      { meterNumber: "23060005", account: second, from: moved, to: null },
    ];
    await unmappedOf(env).placed(rows);
    await directoryOf(env).putPlacements(rows.map((row) => ({ ...row, version: 2 })));
    expect((await viewOf(first)).availableWh).toBe(-47 * 25);
    expect((await viewOf(second)).availableWh).toBe(-47 * 25);
    expect((await send(day)).counts).toMatchObject({ accepted: 96 });
    expect((await viewOf(second)).availableWh).toBe(-47 * 25);
  });

  it("are quarantined, and kept out of the balance, when their clock is ahead", async () => {
    const account = await place("0607MAK", "23060007");
    const [reading] = dayOf("23060007", 1);
    await send([reading]);
    const ahead = { ...reading, Time: wallOf(Date.now() + 2 * 3_600_000), EnergyActive: "900 kWh" };
    expect((await send([ahead])).results).toMatchObject([{ status: "quarantined", account, because: "future" }]);
    expect((await viewOf(account)).availableWh).toBe(0);
  });

  it("of an account that restores itself are answered 503, and taken when it is ready", async () => {
    const meterNumber = "23060008";
    await directoryOf(env).putPlacements([{ meterNumber, account: "0608MAK", from: 0, to: null, version: 1 }]);
    const response = await app.request(
      "/api/meters/reading",
      { method: "POST", headers: { "X-IoT-Key": KEYS.iot }, body: JSON.stringify(dayOf(meterNumber, 1)[0]) },
      settings,
    );
    expect(response.status).toBe(503);
    await ledger("0608MAK").configure(facts({ account: "0608MAK", meters: [placed({ meterNumber })] }));
    expect((await send(dayOf(meterNumber, 2))).counts).toMatchObject({ accepted: 2 });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { Gatherer, type MeterHistory, recordOf, THIN_MS, thinned } from "../dev/backfill/gather.ts";
import { PAGE_MAX, type PageItem, postHistories } from "../dev/backfill/post.ts";
import { progressBar, reportLines } from "../dev/backfill/report.ts";
import { itemsOf, openSource, s3Url } from "../dev/backfill/source.ts";
import { serve } from "../dev/serve.ts";
import { readMeterMessage } from "../src/domain/meter-message.ts";
import type { Reading } from "../src/domain/reading.ts";

const MINUTE_MS = 60_000;
const NOON = Date.UTC(2026, 10, 24, 10);

const reading = (over: Partial<Reading> = {}): Reading => ({
  meterNumber: "23099001",
  readAt: NOON,
  registerWh: 3_010,
  powerW: 84,
  voltageMv: 230_100,
  currentMa: 370,
  frequencyMhz: 50_000,
  connected: true,
  source: "s3",
  ...over,
});
const raw = (over: Record<string, unknown> = {}) => ({
  meterId: "000023099001",
  Time: "202611241200",
  EnergyActive: "3.01 kWh",
  EnergyIntegrated: "0.000012 kWh",
  PowerActive: "84.0 W",
  Voltage: "230.1 V",
  Current: "0.37 A",
  Frequency: "50.0 Hz",
  Relay: "1",
  ...over,
});
function gathered(...records: unknown[]) {
  const gatherer = new Gatherer(120);
  for (const record of records) gatherer.add(record);
  return { gatherer, histories: gatherer.histories() };
}
const at = (minutes: number) => reading({ readAt: NOON + minutes * MINUTE_MS });

describe("thinning", () => {
  it.each`
    minutes                  | kept
    ${[]}                    | ${[]}
    ${[0]}                   | ${[0]}
    ${[0, 14, 15, 29, 30]}   | ${[0, 15, 30]}
    ${[0, 1, 2, 16, 30, 31]} | ${[0, 16, 31]}
    ${[31, 0, 16, 2, 1, 30]} | ${[0, 16, 31]}
    ${[0, 14, 28, 42]}       | ${[0, 28]}
    ${[0, 600, 601]}         | ${[0, 600]}
  `("keeps of minutes $minutes those at $kept: the first, then each 15 after the one kept", ({ minutes, kept }) => {
    const result = thinned((minutes as number[]).map(at)).map(({ readAt }) => (readAt - NOON) / MINUTE_MS);
    expect(result).toEqual(kept);
  });

  it("changes nothing of what it has thinned", () => {
    const once = thinned(Array.from({ length: 500 }, (_, i) => at((i * 37) % 1_440)));
    expect(thinned(once)).toEqual(once);
    for (const [i, { readAt }] of once.slice(1).entries())
      expect(readAt - (once[i]?.readAt ?? 0)).toBeGreaterThanOrEqual(THIN_MS);
  });
});

describe("what a file comes to", () => {
  it("is one history a meter, whichever way its number is written and in whatever order it comes", () => {
    const { histories } = gathered(
      raw({ Time: "202611241230", EnergyActive: "3.21 kWh" }),
      raw({ meterId: "23099001" }),
      raw({ meterId: "000023099002" }),
      raw({ Time: "202611241215", EnergyActive: "3,11 kWh" }),
    );
    expect(histories.map(({ meterNumber, read }) => [meterNumber, read])).toEqual([
      ["23099001", 3],
      ["23099002", 1],
    ]);
    expect(histories[0]?.kept.map(({ registerWh }) => registerWh)).toEqual([3_010, 3_110, 3_210]);
    expect(histories[0]).toMatchObject({ consumedWh: 200, errors: 0, dropped: 0 });
  });

  it("counts the first of several in one minute: their stamps do not tell them apart", () => {
    const { histories } = gathered(raw(), raw({ EnergyActive: "3.02 kWh" }), raw());
    expect(histories[0]).toMatchObject({ read: 3, consumedWh: 0 });
    expect(histories[0]?.kept.map(({ registerWh }) => registerWh)).toEqual([3_010]);
  });

  it("adds up rises alone: a register that begins anew gives nothing back", () => {
    const registers = ["10.00", "10.50", "0.00", "0.30"];
    const { histories } = gathered(
      ...registers.map((kwh, i) =>
        raw({ Time: `2026112412${String(i * 15).padStart(2, "0")}`, EnergyActive: `${kwh} kWh` }),
      ),
    );
    expect(histories[0]?.consumedWh).toBe(800);
  });

  it("says which record does not read, and why, and counts what an unset clock has stamped", () => {
    const { gatherer, histories } = gathered(
      raw(),
      raw({ Time: "197001010205" }),
      raw({ Time: "202613010000" }),
      raw({ EnergyActive: "3.01 kVAh" }),
      "no object",
    );
    expect(histories.map(({ meterNumber, read, dropped, errors }) => [meterNumber, read, dropped, errors])).toEqual([
      ["(no meter)", 1, 0, 1],
      ["23099001", 4, 1, 2],
    ]);
    expect(gatherer.bad.map(({ index }) => index)).toEqual([2, 3, 4]);
    expect(gatherer.bad[0]?.because).toContain("Time: 202613010000");
  });

  it("goes out as the same reading to the last digit", () => {
    const full = reading({ voltageMv: 999, currentMa: 5, frequencyMhz: 49_987, powerW: 0, registerWh: 412_377 });
    const bare = reading({ powerW: null, voltageMv: null, currentMa: null, frequencyMhz: null, connected: null });
    for (const wanted of [full, bare, reading({ connected: false, powerW: -12 })])
      expect(readMeterMessage(recordOf(wanted), { utcOffsetMinutes: 60, source: "s3" })).toMatchObject({
        kind: "reading",
        reading: wanted,
      });
  });
});

describe("posting", () => {
  const history = (meterNumber: string, count: number): MeterHistory => {
    const kept = Array.from({ length: count }, (_, i) => reading({ meterNumber, readAt: NOON + i * THIN_MS }));
    return { meterNumber, read: count, kept, consumedWh: 0, dropped: 0, errors: 0 };
  };
  const accepted = (page: unknown[]): PageItem[] => page.map(() => ({ status: "accepted", because: null }));

  it("sends pages of at most a thousand, so many at once, a meter's own oldest first and one after the other", async () => {
    const seen = new Map<string, number>();
    const running = new Set<string>();
    let most = 0;
    let pages = 0;
    const outcomes = await postHistories(
      [history("1", 2_500), history("2", 2_400), history("3", 50), history("4", 1_200)],
      async (page) => {
        pages++;
        expect(page.length).toBeLessThanOrEqual(PAGE_MAX);
        const own = new Set(page.map(({ meter_id }) => String(meter_id)));
        for (const meter of own) expect(running.has(meter)).toBe(false);
        for (const meter of own) running.add(meter);
        most = Math.max(most, running.size);
        for (const { meter_id, timestamp_unix } of page) {
          expect(Number(timestamp_unix)).toBeGreaterThan(seen.get(String(meter_id)) ?? 0);
          seen.set(String(meter_id), Number(timestamp_unix));
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
        for (const meter of own) running.delete(meter);
        return accepted(page);
      },
      { inFlight: 3 },
    );
    expect(most).toBeGreaterThan(1);
    expect(pages).toBeLessThanOrEqual(9);
    expect(Object.fromEntries([...outcomes].map(([meter, ended]) => [meter, ended.get("accepted")]))).toEqual({
      "1": 2_500,
      "2": 2_400,
      "3": 50,
      "4": 1_200,
    });
  });

  it("sends a page that was not stored again, and gives up in the end", async () => {
    let calls = 0;
    const flaky = async (page: unknown[]) => (++calls < 3 ? null : accepted(page));
    const outcomes = await postHistories([history("1", 3)], flaky, { inFlight: 1, pauseMsMin: 1 });
    expect([calls, outcomes.get("1")?.get("accepted")]).toEqual([3, 3]);
    const dead = postHistories([history("1", 3)], async () => null, { inFlight: 1, pauseMsMin: 0 });
    await expect(dead).rejects.toThrow("run the same again later");
  });

  it("ends with the refusal that no repeat would mend", async () => {
    const refused = postHistories([history("1", 3)], async () => Promise.reject(new Error("answered 403")), {
      inFlight: 1,
    });
    await expect(refused).rejects.toThrow("answered 403");
  });

  it("tells what became of each meter's readings", async () => {
    const items: PageItem[] = [
      { status: "accepted", because: null },
      { status: "accepted", because: "late" },
      { status: "quarantined", because: "beyond_rating" },
      { status: "rejected", field: "meter_id", value: "1", expected: "a placed meter" },
    ];
    const outcomes = await postHistories([history("1", 4)], async () => items, { inFlight: 1 });
    const lines = reportLines([history("1", 4)], [], outcomes);
    expect(lines[1]).toContain("1 accepted; 1 accepted, late; 1 quarantined, beyond_rating; 1 rejected: meter_id 1");
  });
});

describe("the report", () => {
  it("has a line a meter with what was read, kept, shown and used, and their sum", () => {
    const { gatherer, histories } = gathered(
      raw(),
      raw({ Time: "202611241245", EnergyActive: "4.25 kWh" }),
      raw({ meterId: "23099002", EnergyActive: "x" }),
    );
    const lines = reportLines(histories, gatherer.bad, null).map((line) => line.replace(/ {2,}/g, " | "));
    expect(lines).toEqual([
      "meter | read | kept | first kWh | last kWh | consumed kWh | clock unset | errors | outcome",
      "23099001 | 2 | 2 | 3.01 | 4.25 | 1.24 | 0 | 0",
      "23099002 | 1 | 0 | 0.00 | 0 | 1",
      "2 meters | 3 | 2 | 1.24 | 0 | 1 | dry run: nothing was sent",
      expect.stringContaining("record 2 (23099002): EnergyActive: x; expected"),
    ]);
  });

  it.each`
    done   | total   | text
    ${0}   | ${200}  | ${"[..........] 0 % of 200 x"}
    ${99}  | ${200}  | ${"[####......] 49 % of 200 x"}
    ${250} | ${200}  | ${"[##########] 100 % of 200 x"}
    ${12}  | ${null} | ${"12 x"}
  `("draws $done of $total as $text", ({ done, total, text }) => {
    expect(progressBar(done, total, "x", 10)).toBe(text);
  });
});

describe("a source", () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  const text = JSON.stringify([raw(), raw({ Time: "202611241215" })]);
  const read = async (place: string, aws = {}) => {
    const { stream } = await openSource(place, aws);
    const items: unknown[] = [];
    for await (const item of itemsOf(stream)) items.push(item);
    return items;
  };
  function file(name: string, content: string | Buffer) {
    const folder = mkdtempSync(join(tmpdir(), "backfill-"));
    closing.push(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  }

  it.each([
    ["dump.json", text],
    ["dump.json.gz", gzipSync(text)],
  ])("is a file, %s", async (name, content) => {
    expect(await read(file(name, content))).toEqual(JSON.parse(text));
  });

  it.each([
    ["no array", "{}"],
    ["an array cut off", text.slice(0, -30)],
    ["no JSON", "meterId,Time\n1,2\n"],
  ])("that is %s says so and gives no history", async (_what, content) => {
    await expect(read(file("dump.json", content))).rejects.toThrow();
  });

  it("that does not exist says so", async () => {
    await expect(read("/nowhere/dump.json")).rejects.toThrow("ENOENT");
  });

  it("is an https URL, asked once and unsigned; s3://, signed for its region", async () => {
    const seen: { url: string | undefined; authorization: string | undefined }[] = [];
    const s3 = await serve(0, (req, res) => {
      seen.push({ url: req.url, authorization: req.headers.authorization });
      res.end(text);
    });
    closing.push(s3.close);
    expect(await read(`${s3.url}/public/dump.json`)).toHaveLength(2);
    const aws = {
      AWS_ACCESS_KEY_ID: "AKIDTEST",
      AWS_SECRET_ACCESS_KEY: "none",
      AWS_REGION: "eu-west-1",
      S3_ENDPOINT: s3.url,
    };
    expect(await read("s3://1meter/2026/feb 16.json", aws)).toHaveLength(2);
    expect(seen.map(({ url }) => url)).toEqual(["/public/dump.json", "/1meter/2026/feb%2016.json"]);
    expect(seen[0]?.authorization).toBeUndefined();
    expect(seen[1]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDTEST\/\d{8}\/eu-west-1\/s3\/aws4_request/);
  });

  it("that is refused says by whom and with what", async () => {
    const s3 = await serve(0, (_req, res) => void res.writeHead(403).end("<Code>AccessDenied</Code>"));
    closing.push(s3.close);
    await expect(read(`${s3.url}/dump.json`)).rejects.toThrow("403: <Code>AccessDenied</Code>");
  });

  it("in S3 wants keys and a region, and a bucket with a key", async () => {
    await expect(read("s3://1meter/dump.json")).rejects.toThrow("AWS_REGION");
    expect(s3Url("s3://1meter/a/b.json", "eu-west-1")).toBe("https://1meter.s3.eu-west-1.amazonaws.com/a/b.json");
    expect(() => s3Url("s3://1meter", "eu-west-1")).toThrow("s3://bucket/key");
  });

  it("is read as it comes: a hundred thousand records never lie in memory as text", async () => {
    let made = 0;
    let taken = 0;
    let ahead = 0;
    const chunks = function* () {
      yield "[";
      for (; made < 100_000; made++)
        yield `${made === 0 ? "" : ","}${JSON.stringify(raw({ EnergyActive: `${made} kWh` }))}`;
      yield "]";
    };
    for await (const item of itemsOf(Readable.from(chunks()))) {
      expect((item as { EnergyActive: string }).EnergyActive).toBe(`${taken++} kWh`);
      ahead = Math.max(ahead, made - taken);
    }
    expect(taken).toBe(100_000);
    expect(ahead).toBeLessThan(1_000);
  }, 30_000);
});

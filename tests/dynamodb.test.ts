/** The adapter against the simulated table, as DynamoDB pages and refuses. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DynamoTable, type Sample } from "../dev/dynamodb.ts";
import { dynamoSamples, SAMPLES_PAGE_MAX } from "../src/adapters/dynamodb/samples.ts";
import { readMeterMessage } from "../src/domain/meter-message.ts";
import { SamplesUnavailable } from "../src/ports/samples.ts";

const DEVICE = "000023099001";
const settings = { table: "1meter_data", region: "eu-west-1", accessKeyId: "AKIDTEST", secretAccessKey: "none" };
const minutes = (count: number, device = DEVICE): Sample[] =>
  Array.from({ length: count }, (_, i) => ({
    device_id: device,
    sample_time: `2026112${4 + Math.floor(i / 1_440)}${String(Math.floor(i / 60) % 24).padStart(2, "0")}${String(i % 60).padStart(2, "0")}`,
    EnergyActive: `${i}.01 kWh`,
    Relay: "1",
  }));

let table: DynamoTable;
let asked: Request[];
beforeEach(() => {
  table = new DynamoTable("1meter_data");
  asked = [];
  vi.stubGlobal("fetch", (input: Request, init?: RequestInit) => {
    const request = new Request(input, init);
    asked.push(request.clone());
    return table.answer(request);
  });
});
afterEach(() => vi.unstubAllGlobals());

async function all(meterNumber: string, after: string | null = null) {
  const times: unknown[] = [];
  let pages = 0;
  let from = after;
  do {
    const page = await dynamoSamples(settings).page(meterNumber, from);
    times.push(...page.samples.map(({ sample_time: time }) => (time as { S: string }).S));
    from = page.next;
    pages++;
  } while (from !== null && pages < 100);
  return { times, pages };
}

describe("samples of DynamoDB", () => {
  it("come oldest first, each once, over as many pages as it takes", async () => {
    const samples = minutes(SAMPLES_PAGE_MAX * 2 + 10);
    table.put(...samples.toReversed(), ...minutes(5, "000023099002"));
    const { times, pages } = await all("23099001");
    expect(times).toEqual(samples.map(({ sample_time: time }) => time));
    expect(pages).toBe(3);
  });

  it("end although the last page was just full", async () => {
    table.put(...minutes(SAMPLES_PAGE_MAX));
    expect(await all("23099001")).toMatchObject({ pages: 2, times: { length: SAMPLES_PAGE_MAX } });
  });

  it("go on where a page ended early, as at a megabyte", async () => {
    table = new DynamoTable("1meter_data", 3);
    table.put(...minutes(8));
    expect(await all("23099001")).toMatchObject({ pages: 3, times: { length: 8 } });
  });

  it("begin after the given time, without it", async () => {
    table.put(...minutes(5));
    expect((await all("23099001", "202611240002")).times).toEqual(["202611240003", "202611240004"]);
  });

  it("are asked for by a signed query of the twelve digits", async () => {
    expect(await all("23099001")).toEqual({ times: [], pages: 1 });
    expect(asked[0]?.url).toBe("https://dynamodb.eu-west-1.amazonaws.com/");
    expect(asked[0]?.headers.get("authorization")).toContain("/eu-west-1/dynamodb/aws4_request");
    expect(table.queries[0]?.ExpressionAttributeValues).toEqual({ ":device": { S: DEVICE }, ":after": { S: "0" } });
    await dynamoSamples({ ...settings, endpoint: "http://127.0.0.1:9/table" }).page("1", null);
    expect(asked[1]?.url).toBe("http://127.0.0.1:9/table");
  });

  it("read as readings, wrapped as they are", async () => {
    table.put({
      device_id: DEVICE,
      sample_time: "202611241200",
      EnergyActive: "3.01 kWh",
      Voltage: "230.1 V",
      Relay: "0",
    });
    const { samples } = await dynamoSamples(settings).page("23099001", null);
    expect(readMeterMessage(samples[0], { utcOffsetMinutes: 120, source: "dynamodb" })).toMatchObject({
      reading: { meterNumber: "23099001", readAt: Date.UTC(2026, 10, 24, 10), registerWh: 3_010, connected: false },
    });
  });

  it.each`
    what                 | fault
    ${"is throttled"}    | ${{ status: 400, type: "ProvisionedThroughputExceededException" }}
    ${"is out of order"} | ${{ status: 500, type: "InternalServerError" }}
  `("throw when the table $what, and come when it is asked again", async ({ fault }) => {
    table.put(...minutes(1));
    table.faults.push(fault);
    await expect(dynamoSamples(settings).page("23099001", null)).rejects.toThrow(SamplesUnavailable);
    expect((await dynamoSamples(settings).page("23099001", null)).samples).toHaveLength(1);
  });

  it("throw on another table, and on an answer that is none", async () => {
    await expect(dynamoSamples({ ...settings, table: "x" }).page("1", null)).rejects.toThrow("ResourceNotFound");
    for (const body of ["{}", "<html>", '{"Items":[],"LastEvaluatedKey":{"device_id":{"S":"1"}}}']) {
      vi.stubGlobal("fetch", async () => new Response(body));
      await expect(dynamoSamples(settings).page("1", null)).rejects.toThrow(SamplesUnavailable);
    }
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import type { Reading, ReadingVerdict } from "../../src/domain/reading.ts";
import type { Env } from "../../workers/env.ts";
import { app } from "../../workers/index.ts";
import { directoryOf } from "../../workers/objects/locate.ts";
import { KEYS, settings } from "./country.ts";

type Read = (account: string, readings: Reading[]) => Promise<ReadingVerdict[] | "not_ready" | "unknown">;

/** The deployment, with accounts that answer as a test wants. */
function deployment(read: Read) {
  const calls: Reading[][] = [];
  const accounts = {
    idFromName: (name: string) => name,
    get: (account: string) => ({
      read: (first: Reading[] | string, second?: Reading[]) => {
        const own = second ?? (first as Reading[]);
        calls.push(own);
        return read(account, own);
      },
    }),
  };
  return { ...settings, ACCOUNT_LEDGER: accounts as unknown as Env["ACCOUNT_LEDGER"], calls };
}
const accepting: Read = async (_, own) => own.map(() => ({ status: "accepted", because: "late" }));

async function post(body: unknown, at: Env, headers: Record<string, string> = {}) {
  const response = await app.request(
    "/api/ops/backfill",
    {
      method: "POST",
      headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Mpho", "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    },
    at,
  );
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}
const record = (over: Record<string, unknown> = {}) => ({
  meter_id: "23098001",
  timestamp_unix: Date.UTC(2026, 10, 24, 10) / 1_000,
  energy_active: "3010 Wh",
  relay: "1",
  ...over,
});

beforeAll(async () => {
  await directoryOf(settings).open();
  await directoryOf(settings).putPlacements([
    { meterNumber: "23098001", account: "0945MAK", from: 0, to: null, version: 1 },
  ]);
});

describe("the backfill's door", () => {
  it("takes a page by the road of live readings, and answers each with what became of it", async () => {
    const at = deployment(accepting);
    const page = [record(), record({ meter_id: "23098002" }), record({ energy_active: "3 kVAh" })];
    const { status, body } = await post({ readings: page }, at);
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      { status: "accepted", meter_id: "23098001", account: "0945MAK", because: "late" },
      { status: "unmapped", meter_id: "23098002", account: null },
      { status: "rejected", field: "energy_active", value: "3 kVAh" },
    ]);
    expect(body.counts).toEqual({ accepted: 1, quarantined: 0, unmapped: 1, dropped: 0, rejected: 1 });
    expect(at.calls).toMatchObject([[{ meterNumber: "23098001", registerWh: 3_010, connected: true, source: "s3" }]]);
  });

  it("says so when an account cannot take its own: the whole page comes again", async () => {
    const { status, headers, body } = await post(
      { readings: [record()] },
      deployment(async () => "not_ready"),
    );
    expect([status, headers.get("Retry-After")]).toEqual([503, "5"]);
    expect(body.error).toMatchObject({ kind: "not_ready", details: { meters: ["23098001"] } });
  });

  it.each`
    what                  | body                                   | headers                      | status
    ${"more than a page"} | ${{ readings: Array(1_001).fill({}) }} | ${{}}                        | ${400}
    ${"no readings"}      | ${{}}                                  | ${{}}                        | ${400}
    ${"a wrong key"}      | ${{ readings: [] }}                    | ${{ "X-Ops-Key": "x" }}      | ${403}
    ${"the bridge's key"} | ${{ readings: [] }}                    | ${{ "X-Ops-Key": KEYS.iot }} | ${403}
    ${"nobody's name"}    | ${{ readings: [] }}                    | ${{ "X-Actor": "" }}         | ${400}
  `("refuses $what with $status, and nothing reaches an account", async ({ body, headers, status }) => {
    const at = deployment(accepting);
    expect((await post(body, at, headers)).status).toBe(status);
    expect(at.calls).toEqual([]);
  });
});

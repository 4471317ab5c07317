import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Reading, ReadingVerdict } from "../../src/domain/reading.ts";
import { sign } from "../../src/domain/signature.ts";
import type { Env } from "../../workers/env.ts";
import { app } from "../../workers/index.ts";
import { sha256Hex } from "../../workers/keys.ts";
import { directoryOf, unmappedOf } from "../../workers/objects/locate.ts";
import { KEYS, settings } from "./country.ts";

type Read = (account: string, readings: Reading[]) => Promise<ReadingVerdict[] | "not_ready" | "unknown">;

const ACCEPTED: ReadingVerdict = { status: "accepted", because: null };
const HEX = "5a".repeat(32);
const SIGNING = { keyId: "bridge", secret: new Uint8Array(Buffer.from(HEX, "hex")) };

/** The deployment with a bridge that may sign, and accounts that answer as a test wants: what they do is not this file's. */
function deployment(read: Read = async (_, own) => own.map(() => ACCEPTED)): Env & { calls: [string, Reading[]][] } {
  const calls: [string, Reading[]][] = [];
  const accounts = {
    idFromName: (name: string) => name,
    get: (account: string) => ({
      read: (readings: Reading[] | string, own?: Reading[]) => {
        const list = own ?? (readings as Reading[]);
        calls.push([account, list]);
        return read(account, list);
      },
    }),
  };
  const signing = { IOT_SIGNING_KEYS: `bridge:${HEX}`, ACCOUNT_LEDGER: accounts as unknown as Env["ACCOUNT_LEDGER"] };
  return { ...settings, ...signing, calls };
}

async function post(path: string, body: BodyInit, headers: Record<string, string> = {}, at: Env = deployment()) {
  const all = { "X-IoT-Key": KEYS.iot, "Content-Type": "application/json", ...headers };
  const response = await app.request(path, { method: "POST", headers: all, body }, at);
  return { status: response.status, body: (await response.json()) as Record<string, never>, headers: response.headers };
}

const message = (over: Record<string, unknown> = {}) => ({
  meter_id: "000023099001",
  timestamp: "202611241200",
  energy_active: 3.01,
  relay: "1",
  ...over,
});
const one = (over: Record<string, unknown> = {}, at?: Env) =>
  post("/api/meters/reading", JSON.stringify(message(over)), {}, at);
const many = (body: unknown, at?: Env) => post("/api/meters/readings", JSON.stringify(body), {}, at);
const item = (status: string, over: Record<string, unknown> = {}) => ({
  status,
  meter_id: "23099001",
  account: "0045MAK",
  delta_kwh: null,
  because: null,
  ...over,
});

async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

beforeAll(async () => {
  await directoryOf(env).open();
  await directoryOf(env).putPlacements([
    { meterNumber: "23099001", account: "0045MAK", from: 0, to: null, version: 1 },
    { meterNumber: "23099002", account: "0046MAK", from: 0, to: null, version: 1 },
  ]);
});

describe("POST /api/meters/reading", () => {
  it("hands a reading to the account of its meter, with the database down", async () => {
    const at = deployment();
    expect(await one({}, at)).toMatchObject({ status: 200, body: item("accepted") });
    expect(at.calls).toMatchObject([
      [
        "0045MAK",
        [{ meterNumber: "23099001", readAt: Date.UTC(2026, 10, 24, 10), registerWh: 3_010, connected: true }],
      ],
    ]);
  });

  it("reads the device's own message too", async () => {
    const raw = { meterId: "000023099001", Time: "202611241200", EnergyActive: "3,01 kWh", Voltage: "230.1 V" };
    const at = deployment();
    expect((await post("/api/meters/reading", JSON.stringify(raw), {}, at)).body).toEqual(item("accepted"));
    expect(at.calls[0]?.[1]).toMatchObject([{ registerWh: 3_010, voltageMv: 230_100 }]);
  });

  it.each([
    ["gate", { status: "accepted", because: "gate" }],
    ["duplicate", { status: "accepted", because: "duplicate" }],
    ["future", { status: "quarantined", because: "future" }],
  ] as const)("says what became of it: %s", async (because, verdict) => {
    const { status, body } = await one(
      {},
      deployment(async () => [verdict]),
    );
    expect([status, body]).toEqual([200, item(verdict.status, { because })]);
  });

  it("keeps a reading of a meter that nobody placed, and says so", async () => {
    const { status, body } = await one({ meter_id: "000070000001" });
    expect([status, body]).toEqual([200, item("unmapped", { meter_id: "70000001", account: null })]);
    const kept = await unmappedOf(env).list("7000000", 1);
    expect(kept).toMatchObject([{ meterNumber: "70000001", count: 1, lastRegisterWh: 3_010 }]);
  });

  it("keeps what the account sends away or does not know", async () => {
    for (const [nth, answer] of (["unknown", [{ status: "elsewhere" }]] as const).entries()) {
      const at = deployment(async () => (typeof answer === "string" ? answer : [...answer]));
      const { body } = await one({ timestamp: `2026112413${String(nth * 20).padStart(2, "0")}` }, at);
      expect(body).toEqual(item("unmapped", { account: null }));
    }
    expect(await unmappedOf(env).list("2309900", 1)).toMatchObject([{ meterNumber: "23099001", count: 2 }]);
  });

  it("drops what a clock that was never set dates, and stores nothing", async () => {
    const at = deployment();
    const { status, body } = await one({ timestamp: "197001010000" }, at);
    expect([status, body]).toEqual([200, item("dropped", { account: null, because: "clock" })]);
    expect(at.calls).toEqual([]);
  });

  it.each([
    ["timestamp", "202613011200"],
    ["timestamp", "soon"],
    ["energy_active", "3 MWh"],
    ["meter_id", "000000"],
    ["voltage", "230 W"],
  ])("answers a bad %s of %j by name", async (field, value) => {
    const { status, body } = await one({ [field]: value });
    expect([status, body]).toMatchObject([400, { error: { kind: "bad_field", details: [{ field, value }] } }]);
  });

  it("answers 503 and names the meter when its account cannot take it", async () => {
    for (const read of [async () => "not_ready" as const, async () => Promise.reject(new Error("broken"))]) {
      const { status, body, headers } = await one({}, deployment(read));
      expect([status, body]).toMatchObject([
        503,
        { error: { kind: "not_ready", details: { meters: ["23099001"], count: 1 } } },
      ]);
      expect(headers.get("Retry-After")).toBe("5");
    }
  });

  it("answers a list by its parts here too", async () => {
    const { status, body } = await post("/api/meters/reading", JSON.stringify([message()]));
    expect([status, body]).toMatchObject([200, { results: [item("accepted")], counts: { accepted: 1 } }]);
  });
});

describe("POST /api/meters/readings", () => {
  it("answers each in its order, and lets no bad one fail the others", async () => {
    const at = deployment(async (account, own) =>
      own.map(() => (account === "0046MAK" ? { status: "quarantined", because: "absurd" } : ACCEPTED)),
    );
    const messages = [
      message(),
      message({ timestamp: "bad" }),
      message({ meter_id: "23099002" }),
      null,
      message({ meter_id: "70000002" }),
      message({ timestamp: "200001010000" }),
      message({ timestamp: "202611241215" }),
    ];
    const { status, body } = await many(messages, at);
    expect(status).toBe(200);
    expect(body).toEqual({
      results: [
        item("accepted"),
        {
          status: "rejected",
          meter_id: "23099001",
          field: "timestamp",
          value: "bad",
          expected: expect.stringContaining("YYYYMMDDHHMM"),
        },
        item("quarantined", { meter_id: "23099002", account: "0046MAK", because: "absurd" }),
        { status: "rejected", meter_id: null, field: "", value: "null", expected: expect.any(String) },
        item("unmapped", { meter_id: "70000002", account: null }),
        item("dropped", { account: null, because: "clock" }),
        item("accepted"),
      ],
      counts: { accepted: 2, quarantined: 1, unmapped: 1, dropped: 1, rejected: 2 },
    });
    expect(at.calls.map(([account, own]) => [account, own.length])).toEqual([
      ["0045MAK", 2],
      ["0046MAK", 1],
    ]);
  });

  it.each([
    ["a list", [message()]],
    ["readings in an object", { readings: [message()] }],
    ["one message", message()],
  ])("takes %s", async (_, body) => {
    expect(await many(body)).toMatchObject({ status: 200, body: { results: [item("accepted")] } });
  });

  it("takes a thousand, and names the limit to whoever sends one more", async () => {
    const messages = Array.from({ length: 1_001 }, (_, index) => ({
      ...message(),
      meter_id: 23_099_001 + (index % 2),
    }));
    const { body } = await many(messages.slice(0, 1_000));
    expect(body).toMatchObject({ counts: { accepted: 1_000 } });
    expect(await many(messages)).toMatchObject({
      status: 413,
      body: { error: { kind: "too_many", message: expect.stringContaining("1000"), details: { sent: 1_001 } } },
    });
  });

  it("answers an empty list", async () => {
    expect(await many([])).toMatchObject({ status: 200, body: { results: [], counts: { accepted: 0 } } });
  });

  it.each(["", "{", "[1,", "\u0000", "text", '{"a":1}{"a":2}'])("answers 400 to %j, which is no JSON", async (text) => {
    for (const path of ["/api/meters/reading", "/api/meters/readings"])
      expect(await post(path, text)).toMatchObject({ status: 400, body: { error: { kind: "not_json" } } });
  });

  it("answers 400 to what is not UTF-8", async () => {
    const { status } = await post("/api/meters/readings", new Uint8Array([0x22, 0xff, 0xfe, 0x22]));
    expect(status).toBe(400);
  });

  it("comes back from JSON that is nested without end", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    expect(await post("/api/meters/readings", `[{"meter_id":${deep}}]`)).toMatchObject({
      status: 200,
      body: { counts: { rejected: 1 } },
    });
  });

  it("answers 503 with the meters of the account that cannot take its own; sent again, all is taken", async () => {
    let ready = false;
    const at = deployment(async (account, own) =>
      account === "0046MAK" && !ready ? "not_ready" : own.map(() => ACCEPTED),
    );
    const messages = [message(), message({ meter_id: "23099002" }), message({ meter_id: "23099002", relay: "0" })];
    expect(await many(messages, at)).toMatchObject({
      status: 503,
      body: { error: { details: { meters: ["23099002"], count: 1 } } },
    });
    ready = true;
    expect(await many(messages, at)).toMatchObject({ status: 200, body: { counts: { accepted: 3 } } });
  });

  describe("a gzip body", () => {
    const packed = (bytes: Uint8Array, encoding = "gzip") =>
      post("/api/meters/readings", bytes as Uint8Array<ArrayBuffer>, { "Content-Encoding": encoding });

    it("is read", async () => {
      const bytes = await gzip(JSON.stringify([message(), message({ meter_id: "23099002" })]));
      expect(await packed(bytes)).toMatchObject({ status: 200, body: { counts: { accepted: 2 } } });
      expect((await packed(bytes, "GZIP")).status).toBe(200);
    });

    it("is refused when it is broken, cut, or another encoding", async () => {
      const bytes = await gzip(JSON.stringify([message()]));
      for (const [body, encoding] of [
        [bytes.slice(0, -5), "gzip"],
        [bytes.slice(3), "gzip"],
        [new TextEncoder().encode("[]"), "gzip"],
        [new Uint8Array(0), "gzip"],
        [bytes, "br"],
        [bytes, "deflate"],
      ] as const)
        expect(await packed(body, encoding)).toMatchObject({ status: 400, body: { error: { kind: "bad_encoding" } } });
    });

    it("is refused when it expands beyond 8 MiB, also one that would expand to a gigabyte", async () => {
      const fits = await gzip(`[${" ".repeat(8 * 1024 * 1024 - 2)}]`);
      expect((await packed(fits)).status).toBe(200);
      const bomb = await gzip(`[${" ".repeat(8 * 1024 * 1024)}]`);
      expect(bomb.length).toBeLessThan(20_000);
      expect(await packed(bomb)).toMatchObject({ status: 413, body: { error: { kind: "too_large" } } });
    });
  });

  it("refuses a body of more than 1 MiB as it was sent", async () => {
    expect((await post("/api/meters/readings", `[${" ".repeat(1024 * 1024 - 2)}]`)).status).toBe(200);
    expect((await post("/api/meters/readings", `[${" ".repeat(1024 * 1024)}]`)).status).toBe(413);
  });
});

describe("the bridge's key", () => {
  it.each([undefined, "", "wrong", KEYS.ops, KEYS.gateway])("answers 401 to %j, and reads nothing", async (key) => {
    const at = deployment();
    const response = await app.request(
      "/api/meters/readings",
      { method: "POST", headers: key === undefined ? {} : { "X-IoT-Key": key }, body: JSON.stringify([message()]) },
      at,
    );
    expect([response.status, await response.json()]).toMatchObject([401, { error: { kind: "bad_key" } }]);
    expect(at.calls).toEqual([]);
  });

  it("is two keys while one is rotated", async () => {
    const at = { ...deployment(), IOT_KEY_SHA256: `${sha256Hex("old")},${sha256Hex("new")}` };
    for (const key of ["old", "new"])
      expect((await post("/api/meters/reading", JSON.stringify(message()), { "X-IoT-Key": key }, at)).status).toBe(200);
  });
});

describe("a signed request", () => {
  let nonces = 0;
  const body = JSON.stringify(message());

  async function signed(over: { header?: string; body?: BodyInit; key?: string; path?: string } = {}, at?: Env) {
    const headers = new Headers({ "X-Signature": over.header ?? header() });
    if (over.key !== undefined) headers.set("X-IoT-Key", over.key);
    const request = { method: "POST", headers, body: over.body ?? body };
    const response = await app.request(over.path ?? "/api/meters/reading", request, at ?? deployment());
    return { status: response.status, body: (await response.json()) as unknown };
  }
  const header = (over: Partial<{ secondsOff: number; path: string; key: typeof SIGNING; bytes: Uint8Array }> = {}) =>
    sign(
      over.key ?? SIGNING,
      {
        method: "POST",
        path: over.path ?? "/api/meters/reading",
        body: over.bytes ?? new TextEncoder().encode(body),
      },
      {
        time: Math.floor(Date.now() / 1_000) + (over.secondsOff ?? 0),
        nonce: `nonce-${nonces++}-${crypto.randomUUID()}`,
      },
    );
  const REFUSED = { status: 401, body: { error: { kind: "bad_signature" } } };

  it("needs no key", async () => {
    expect(await signed()).toMatchObject({ status: 200, body: { status: "accepted" } });
  });

  it("signs the body as it was sent, before it is unpacked", async () => {
    const bytes = await gzip(body);
    const headers = { "X-Signature": header({ bytes }), "Content-Encoding": "gzip" };
    expect((await post("/api/meters/reading", bytes as Uint8Array<ArrayBuffer>, headers)).status).toBe(200);
  });

  it("is good once", async () => {
    const once = header();
    expect((await signed({ header: once })).status).toBe(200);
    expect(await signed({ header: once })).toMatchObject(REFUSED);
    expect(await signed({ header: once, key: KEYS.iot })).toMatchObject(REFUSED);
  });

  it("uses no nonce up while it is refused for something else", async () => {
    const late = header();
    expect(await signed({ header: late, body: `${body} ` })).toMatchObject(REFUSED);
    expect((await signed({ header: late })).status).toBe(200);
  });

  it("is refused beside a good key when it is bad", async () => {
    for (const bad of ["", "nonsense", header({ secondsOff: -400 }), header({ path: "/api/meters/readings" })])
      expect(await signed({ header: bad, key: KEYS.iot })).toMatchObject(REFUSED);
  });

  it("is refused when it is too old, from the future, of another body, path or key", async () => {
    const stranger = { keyId: "bridge", secret: new Uint8Array(32) };
    for (const bad of [
      { header: header({ secondsOff: -301 }) },
      { header: header({ secondsOff: 302 }) },
      { body: JSON.stringify(message({ energy_active: 9 })) },
      { path: "/api/meters/readings" },
      { header: header({ key: stranger }) },
      { header: header({ key: { ...SIGNING, keyId: "other" } }) },
    ])
      expect(await signed(bad)).toMatchObject(REFUSED);
    expect((await signed({ header: header({ secondsOff: -290 }) })).status).toBe(200);
    expect((await signed({ header: header({ secondsOff: 290 }) })).status).toBe(200);
  });

  it("says the same of a key that does not exist as of a wrong signature", async () => {
    const [unknown, wrong] = await Promise.all([
      signed({ header: header({ key: { ...SIGNING, keyId: "other" } }) }),
      signed({ header: header({ key: { ...SIGNING, secret: new Uint8Array(32) } }) }),
    ]);
    expect(unknown).toEqual(wrong);
  });

  it("is refused where no signing key is set", async () => {
    const { IOT_SIGNING_KEYS: _, ...at } = deployment();
    expect(await signed({}, at)).toMatchObject(REFUSED);
  });

  it("stops a deployment whose signing keys are malformed, by name", async () => {
    const at = { ...deployment(), IOT_SIGNING_KEYS: "bridge:abcd" };
    const { status, body: said } = await signed({}, at);
    expect([status, JSON.stringify(said)]).toEqual([503, expect.stringContaining("IOT_SIGNING_KEYS")]);
  });
});

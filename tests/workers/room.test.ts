import { describe, expect, it } from "vitest";
import { wouldCrash } from "../../src/domain/gateway/smssync.ts";
import { app } from "../../workers/index.ts";
import { ROOM } from "../../workers/room.ts";
import { settings } from "./country.ts";

const PHONE = "/api/sms/incoming/phone-1.token";
const post = (path: string, init: RequestInit) => app.request(path, { method: "POST", ...init }, settings);

/** A body that ends when it is told to. */
function heldBody() {
  let end: () => void = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      end = () => controller.close();
    },
  });
  return { body, end: () => end() };
}

/** So many requests of phones hang in the middle of their bodies while `work` is done; then they end. */
async function whilePhonesHang(count: number, headers: Record<string, string>, work: () => Promise<void>) {
  const held = Array.from({ length: count }, heldBody);
  const answers = held.map(({ body }) => post(PHONE, { body, headers }));
  try {
    await work();
  } finally {
    for (const { end } of held) end();
  }
  return (await Promise.all(answers)).map(({ status }) => status);
}

/** As many of the largest bodies as there is room for. */
const LARGEST = { "Content-Type": "application/json", "Content-Length": String(4 * 1024 * 1024) };
const FULL = ROOM.phones.bytesMax / (4 * 1024 * 1024);
const small = { "Content-Type": "application/json", "Content-Length": "20" };

describe("when more comes than can be taken at once", () => {
  it("refuses a phone with 503 and Retry-After in a body that stops no app, and takes it when there is room", async () => {
    const statuses = await whilePhonesHang(FULL, LARGEST, async () => {
      const refused = await post(PHONE, { body: "{}", headers: small });
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThanOrEqual(2);
      const text = await refused.text();
      for (const version of ["2.8", "3.1"] as const) expect(wouldCrash(text, 503, version, "sms")).toBeNull();
      expect(JSON.parse(text)).toMatchObject({ error: true, message: expect.stringMatching(/send the same again/) });
    });
    // Those that were in are answered each by its own Mailbox, which knows no such phone.
    expect(new Set(statuses)).toEqual(new Set([403]));
    expect((await post(PHONE, { body: "{}", headers: small })).status).toBe(403);
  });

  it("counts bodies that do not say how long they are as half a megabyte each", async () => {
    await whilePhonesHang(ROOM.phones.bytesMax / 524_288, { "Content-Type": "application/json" }, async () => {
      expect((await post(PHONE, { body: "{}", headers: small })).status).toBe(503);
    });
  });

  it("has so many under way at once, however small they are", async () => {
    await whilePhonesHang(ROOM.phones.requestsMax, small, async () => {
      expect((await post(PHONE, { body: "{}", headers: small })).status).toBe(503);
    });
    await whilePhonesHang(ROOM.phones.requestsMax - 1, small, async () => {
      expect((await post(PHONE, { body: "{}", headers: small })).status).toBe(403);
    });
  });

  it("leaves the other doors open: health, meters and people", async () => {
    await whilePhonesHang(FULL, LARGEST, async () => {
      expect((await app.request("/health", {}, settings)).status).toBe(200);
      expect((await post("/api/meters/reading", { body: "{}" })).status).toBe(401);
      expect((await app.request("/api/me", {}, settings)).status).toBe(401);
    });
  });
});

import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { relayAck } from "../../workers/ingest/relay-ack.ts";
import { sha256Hex } from "../../workers/keys.ts";
import { directoryOf } from "../../workers/objects/locate.ts";
import { ledger, live, payment, placed } from "./account-makers.ts";

const KEY = "bridge-key-of-this-test";
const settings = () => ({ ...env, IOT_KEY_SHA256: `${sha256Hex("the old one")},${sha256Hex(KEY)}` });
const METER = placed({ meterNumber: "23099001", thing: "oneMeter13" });

async function send(body: unknown, key: string | null = KEY) {
  const headers = new Headers({ "Content-Type": "application/json" });
  if (key !== null) headers.set("X-IoT-Key", key);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await relayAck.request("/relay-ack", { method: "POST", headers, body: text }, settings());
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** An acknowledgement as the bridge sends it, for the newest command of an account that was just credited. */
async function commanded(account: string) {
  await live(account, { meters: [METER] });
  await ledger(account).post(account, payment({ receipt: `QK7ACK${account}` }));
  const view = await ledger(account).view(account);
  const cmd_id = view !== null && view !== "not_ready" ? view.commands[0]?.id : undefined;
  return {
    cmd_id,
    status: "acked",
    relay_after: "1",
    error: null,
    thing_name: "oneMeter13",
    meter_id: "000023099001",
    extra: { rssi: -70 },
  };
}

describe("POST /api/meters/relay-ack", () => {
  beforeAll(async () => {
    await directoryOf(env).open();
  });

  it("completes a command whose relay is shown, and says noop to the same again", async () => {
    const ack = await commanded("0401MAK");
    expect(await send(ack)).toEqual({ status: 200, body: { cmd_id: ack.cmd_id, status: "completed" } });
    expect(await send(ack)).toEqual({ status: 200, body: { status: "noop", current_status: "completed" } });
  });

  it.each([
    ["0402MAK", "acked", { relay_after: null }],
    ["0403MAK", "acked", { relay_after: undefined, meter_id: undefined, thing_name: undefined, extra: undefined }],
    ["0404MAK", "acked", { relay_after: "maybe" }],
    ["0405MAK", "completed", { relay_after: "0" }],
    ["0406MAK", "completed", { relay_after: 1, meter_id: 23099001 }],
    ["0407MAK", "rejected", { status: "rejected", relay_after: null, error: "ttl_expired" }],
    ["0408MAK", "failed", { status: "failed", relay_after: "0", error: "modbus_timeout" }],
  ])("of %s: %s", async (account, status, over) => {
    const ack = { ...(await commanded(account)), ...over };
    expect(await send(ack)).toEqual({ status: 200, body: { cmd_id: ack.cmd_id, status } });
  });

  it("takes both keys while one is rotated, and no other", async () => {
    const ack = await commanded("0410MAK");
    expect((await send(ack, "the old one")).status).toBe(200);
    for (const key of [null, "", "wrong", KEY.toUpperCase()]) {
      const { status, body } = await send(ack, key);
      expect([status, body]).toMatchObject([403, { error: { kind: "bad_key" } }]);
    }
  });

  it.each([
    ["another status", { status: "done" }, 400, "bad_field"],
    ["no status", { status: undefined }, 400, "bad_field"],
    ["no command", { cmd_id: undefined }, 400, "bad_field"],
    ["an empty command", { cmd_id: "" }, 400, "bad_field"],
    ["a command nobody made", { cmd_id: "7b0a2c6e-0000-4000-8000-000000000000" }, 404, "unknown_command"],
    ["another thing", { thing_name: "oneMeter99" }, 409, "mismatch"],
    ["another meter", { meter_id: "000023099002" }, 409, "mismatch"],
  ])("answers %s with its own error", async (about, over, status, kind) => {
    const ack = { ...(await commanded(`${String(4_200 + about.length)}MAK`)), ...over };
    expect(await send(ack)).toMatchObject({ status, body: { error: { kind } } });
  });

  it.each(["", "[]", "null", "{", "\u0000", '"text"'])(
    "answers a body that is no acknowledgement: %j",
    async (text) => {
      expect(await send(text)).toMatchObject({ status: 400, body: { error: { kind: "bad_field" } } });
    },
  );

  it("finds the account where the meter is placed, for an id that names none", async () => {
    const account = await live("0430MAK");
    await directoryOf(env).putPlacements([{ meterNumber: "777", account, from: 0, to: null, version: 1 }]);
    const ack = { cmd_id: "7b0a2c6e-0000-4000-8000-000000000000", status: "acked", meter_id: "000000000777" };
    expect(await send(ack)).toMatchObject({ status: 404, body: { error: { kind: "unknown_command" } } });
  });

  it("finds the command after the meter has moved to another account", async () => {
    const ack = await commanded("0431MAK");
    await directoryOf(env).putPlacements([
      { meterNumber: "23099001", account: "0432MAK", from: 0, to: null, version: 1 },
    ]);
    expect(await send(ack)).toMatchObject({ status: 200, body: { status: "completed" } });
  });
});

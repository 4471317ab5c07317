/** The meters' world as the system and a stock MQTT client see it: over real sockets, with a fake system behind the bridge. */
import { setTimeout as wait } from "node:timers/promises";
import mqtt from "mqtt";
import { afterEach, describe, expect, it } from "vitest";
import type { MeterSpec } from "../dev/iot/meter.ts";
import { type Iot, type IotOptions, startIot } from "../dev/iot.ts";
import { asRecord, bodyText, parseJson, readBytes, type Served, sendJson, serve } from "../dev/serve.ts";

const HOUR_MS = 3_600_000;
const UNTIL_MS_MAX = 5_000;

type Post = { path: string; key: string; zipped: boolean; body: Record<string, unknown> };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What the system would be: it answers with the given statuses, the last one for ever. */
async function system(...statuses: number[]): Promise<Served & { posts: Post[] }> {
  const posts: Post[] = [];
  const served = await serve(0, async (req, res, url) => {
    const body = asRecord(parseJson(bodyText(req, await readBytes(req))));
    const zipped = req.headers["content-encoding"] === "gzip";
    posts.push({ path: url.pathname, key: String(req.headers["x-iot-key"]), zipped, body });
    const status = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200;
    const readings = Array.isArray(body.readings) ? body.readings : [];
    sendJson(res, status, { results: readings.map(() => ({ status: "accepted", because: "gate" })) });
  });
  closing.push(served.close);
  return { ...served, posts };
}

/** A second after a full minute, so that nothing regular falls due while a test looks. */
const began = performance.now();
const now = () => Date.UTC(2026, 10, 25, 6, 3, 1) + Math.floor(performance.now() - began);

async function iotOf(to: Served, over: Partial<IotOptions> = {}): Promise<Iot> {
  const iot = await startIot({
    port: 0,
    mqttPort: 0,
    ackUrlFor: () => `${to.url}/ack`,
    readingsUrlFor: () => `${to.url}/readings`,
    iotKey: "k-1",
    ackDelayMs: 1,
    now,
    ...over,
  });
  closing.push(iot.close);
  return iot;
}

async function until(what: () => boolean, msMax = UNTIL_MS_MAX) {
  const began = Date.now();
  while (!what()) {
    if (Date.now() - began > msMax) throw new Error(`not within ${msMax} ms: ${what}`);
    await wait(10);
  }
}

async function watcher(iot: Iot, topic = "oneMeter/#") {
  const seen: { topic: string; body: Record<string, unknown>; retain: boolean }[] = [];
  const client = await mqtt.connectAsync(iot.mqttUrl ?? "", { clean: false, clientId: "watcher" });
  closing.push(() => client.endAsync(true));
  client.on("message", (on, payload, { retain }) =>
    seen.push({ topic: on, body: JSON.parse(String(payload)), retain }),
  );
  await client.subscribeAsync(topic, { qos: 1 });
  return { client, seen };
}

const SIGNED = {
  authorization: `AWS4-HMAC-SHA256 Credential=AKIDTEST/20261125/eu-west-1/iotdevicegateway/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"a".repeat(64)}`,
  "x-amz-date": "20261125T060000Z",
};
const publish = (iot: Iot, payload: unknown, { topic = "oneMeter/MAK-GW-0007/cmd/relay", headers = SIGNED } = {}) =>
  fetch(`${iot.url}/topics/${encodeURIComponent(topic)}?qos=1`, {
    method: "POST",
    headers,
    body: JSON.stringify(payload),
  });
const order = (over: Record<string, unknown> = {}) => ({
  cmd_id: "c-1",
  meter_id: "000023099001",
  action: "close",
  requested_at_unix: Math.floor(now() / 1_000),
  ttl_seconds: 300,
  ...over,
});
const METER: MeterSpec = {
  thing: "MAK-GW-0007",
  meterNumber: "23099001",
  country: "LS",
  kind: "household",
  seed: 1,
  utcOffsetMinutes: 120,
  registerWh: 412_370,
  connected: false,
};
const RUN = { meters: [METER], replayMs: 6 * HOUR_MS, speed: 100, faults: false };

describe("the publish endpoint", () => {
  it("takes a signed command, and the meter's acknowledgement comes to the system with its key", async () => {
    const cc = await system(200);
    const iot = await iotOf(cc);
    expect((await publish(iot, order())).status).toBe(200);
    await until(() => iot.acks().length === 1);
    const ack = { cmd_id: "c-1", meter_id: "000023099001", status: "acked", relay_after: "1", error: null };
    const body = { ...ack, thing_name: "MAK-GW-0007", extra: {} };
    expect(cc.posts).toEqual([{ path: "/ack", key: "k-1", zipped: false, body }]);
    expect(iot.published()).toMatchObject([
      { topic: "oneMeter/MAK-GW-0007/cmd/relay", qos: 1, payload: { cmd_id: "c-1" } },
    ]);
  });

  it.each`
    what                     | headers                                      | topic           | status
    ${"without a signature"} | ${{}}                                        | ${"oneMeter/x"} | ${403}
    ${"signed otherwise"}    | ${{ ...SIGNED, authorization: "Basic abc" }} | ${"oneMeter/x"} | ${403}
    ${"without a date"}      | ${{ authorization: SIGNED.authorization }}   | ${"oneMeter/x"} | ${403}
    ${"to a wildcard"}       | ${SIGNED}                                    | ${"oneMeter/#"} | ${400}
    ${"to the broker's own"} | ${SIGNED}                                    | ${"$SYS/x"}     | ${400}
  `("answers a command $what with $status, and publishes nothing", async ({ headers, topic, status }) => {
    const iot = await iotOf(await system(200));
    expect((await publish(iot, order(), { headers, topic })).status).toBe(status);
    expect(iot.published()).toEqual([]);
  });

  it("brings an acknowledgement again until the system has taken it", async () => {
    const cc = await system(503, 200);
    const iot = await iotOf(cc);
    await publish(iot, order());
    await until(() => iot.acks().length === 2);
    expect(iot.acks().map(({ answered }) => answered)).toEqual([503, 200]);
  });

  it.each`
    mode           | acks
    ${"duplicate"} | ${["acked", "acked"]}
    ${"failed"}    | ${["failed"]}
    ${"reject"}    | ${["rejected"]}
    ${"none"}      | ${[]}
  `("with behaviour $mode answers $acks", async ({ mode, acks }) => {
    const cc = await system(200);
    const iot = await iotOf(cc);
    const set = await fetch(`${iot.url}/behaviour`, { method: "POST", body: JSON.stringify({ mode, delayMs: 1 }) });
    expect(await set.json()).toEqual({ mode, delayMs: 1 });
    await publish(iot, order());
    await until(() => cc.posts.length === acks.length);
    await wait(50);
    expect(cc.posts.map(({ body }) => body.status)).toEqual(acks);
  });
});

describe("a stock MQTT client", () => {
  it("sees a command, its acknowledgement, and the reading that shows the relay", async () => {
    const iot = await iotOf(await system(200));
    const { seen } = await watcher(iot);
    iot.runMeters({ ...RUN, replayMs: 0, speed: 1 });
    await publish(iot, order());
    await until(() => seen.length === 3);
    expect(seen.map(({ topic }) => topic).toSorted()).toEqual([
      "oneMeter/MAK-GW-0007/cmd/relay",
      "oneMeter/MAK-GW-0007/cmd/relay/ack",
      "oneMeter/MAK-GW-0007/reading",
    ]);
    const body = (end: string) => seen.find(({ topic }) => topic.endsWith(end))?.body;
    expect(body("/ack")).toEqual({
      cmd_id: "c-1",
      meter_id: "000023099001",
      status: "acked",
      relay_after: "1",
      error: null,
    });
    expect(body("/reading")).toMatchObject({ meterId: "000023099001", Relay: "1", EnergyActive: "412.37 kWh" });
  });

  it("may itself play a meter: what it publishes is carried to the system", async () => {
    const cc = await system(200);
    const { client } = await watcher(await iotOf(cc));
    const reading = { meterId: "000023099077", Time: "202611250800", EnergyActive: "3.01 kWh" };
    await client.publishAsync("oneMeter/MAK-GW-0077/reading", JSON.stringify(reading), { qos: 1 });
    await until(() => cc.posts.length === 1);
    expect(cc.posts[0]).toMatchObject({ path: "/readings", key: "k-1", body: { readings: [reading] } });
  });

  it("leaves nothing behind: no session, no retained message", async () => {
    const iot = await iotOf(await system(200));
    const first = await watcher(iot);
    await first.client.publishAsync("oneMeter/x/note", "{}", { qos: 1, retain: true });
    await first.client.endAsync();
    const { client, seen } = await watcher(iot, "oneMeter/x/#");
    await client.publishAsync("oneMeter/x/last", "{}", { qos: 1 });
    await until(() => seen.length > 0);
    expect(seen.map(({ topic }) => topic)).toEqual(["oneMeter/x/last"]);
  });

  it("is not needed: without a port nobody can connect, and commands are obeyed all the same", async () => {
    const cc = await system(200);
    const iot = await startIot({ port: 0, ackUrlFor: () => `${cc.url}/ack`, iotKey: "k-1", ackDelayMs: 1 });
    closing.push(iot.close);
    expect(iot.mqttUrl).toBeNull();
    await publish(iot, order());
    await until(() => cc.posts.length === 1);
  });
});

describe("meters that run", () => {
  it("report to the system when they obey, and the answer key says so", async () => {
    const cc = await system(200);
    const iot = await iotOf(cc);
    const meters = Array.from({ length: 20 }, (_, i) => ({
      ...METER,
      thing: `MAK-GW-${i}`,
      meterNumber: String(23_099_001 + i),
    }));
    iot.runMeters({ ...RUN, meters, replayMs: 0 });
    const readings = () => cc.posts.flatMap(({ body }) => (body.readings ?? []) as Record<string, unknown>[]);
    await publish(iot, order({ cmd_id: "c-2" }), { topic: "oneMeter/MAK-GW-3/cmd/relay" });
    await until(() => readings().length === 1);
    const view = (await (await fetch(`${iot.url}/meters`)).json()) as { meters: Record<string, unknown>[] };
    expect(view.meters).toHaveLength(20);
    expect(view.meters[3]).toMatchObject({ meter: "23099004", relay: "1", sent: 1, registerWh: 412_370 });
    await until(() => iot.meters()[3]?.answered !== null);
    expect(iot.meters()[3]?.answered).toMatchObject({ status: "accepted", because: "gate", time: readings()[0]?.Time });
  });

  it("send a batch again, whole, until it is taken", async () => {
    const cc = await system(503, 200);
    const { client } = await watcher(await iotOf(cc));
    const padding = "x".repeat(3_000);
    await client.publishAsync("oneMeter/a/reading", JSON.stringify({ meterId: "1", padding }), { qos: 1 });
    await client.publishAsync("oneMeter/b/reading", JSON.stringify({ meterId: "2" }), { qos: 1 });
    await until(() => cc.posts.length === 2);
    expect(cc.posts[0]?.body.readings).toHaveLength(2);
    expect(cc.posts[1]?.body).toEqual(cc.posts[0]?.body);
    expect(cc.posts.map(({ zipped }) => zipped)).toEqual([true, true]);
  });

  it("take another refusal as final, and count it", async () => {
    const cc = await system(403);
    const iot = await iotOf(cc);
    const { client } = await watcher(iot);
    await client.publishAsync("oneMeter/a/reading", JSON.stringify({ meterId: "1" }), { qos: 1 });
    const bridge = async () => ((await (await fetch(`${iot.url}/meters`)).json()) as { bridge: object }).bridge;
    await until(() => cc.posts.length === 1);
    await wait(50);
    expect(await bridge()).toEqual({ waiting: 0, answered: 0, refused: 1, lost: 0, retries: 0 });
  });

  it.each`
    order                                        | status
    ${{ fault: "reset", meter: "000023099001" }} | ${200}
    ${{ fault: "reset", meter: "23099001" }}     | ${200}
    ${{ fault: "duplicate", count: 3 }}          | ${200}
    ${{ fault: "reset", meter: "99" }}           | ${404}
    ${{ fault: "fire" }}                         | ${400}
  `("take $order by the control route: $status", async ({ order: wanted, status }) => {
    const iot = await iotOf(await system(200));
    iot.runMeters(RUN);
    const answer = await fetch(`${iot.url}/fault`, { method: "POST", body: JSON.stringify(wanted) });
    expect(answer.status).toBe(status);
    const planted = iot.meters()[0]?.planted ?? [];
    expect(planted).toEqual(status === 200 ? Array(wanted.count ?? 1).fill(wanted.fault) : []);
  });

  it("stand still while they are paused, and catch up", async () => {
    const iot = await iotOf(await system(200));
    const pause = (paused: boolean) => fetch(`${iot.url}/pause`, { method: "POST", body: JSON.stringify({ paused }) });
    await pause(true);
    iot.runMeters({ ...RUN, meters: [{ ...METER, connected: true }] });
    await wait(1_000);
    expect(iot.meters()[0]).toMatchObject({ sent: 0, usedWh: 0 });
    await pause(false);
    await until(() => (iot.meters()[0]?.sent ?? 0) > 0, 15_000);
  }, 20_000);

  it("do not exist before they are told to run", async () => {
    const iot = await iotOf(await system(200));
    expect(await (await fetch(`${iot.url}/meters`)).json()).toMatchObject({ at: null, meters: [] });
    expect(iot.saveMeters()).toBeNull();
    const answer = await fetch(`${iot.url}/fault`, { method: "POST", body: JSON.stringify({ fault: "reset" }) });
    expect(answer.status).toBe(404);
  });
});

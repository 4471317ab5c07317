/**
 * AWS IoT on a laptop: the HTTPS publish endpoint, an MQTT broker behind it, meters that obey and report through the
 * broker, and the Lambda that carries what they say to the system.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ReadingBridge, type Verdict } from "./iot/bridge.ts";
import { isTopic, startBroker } from "./iot/broker.ts";
import { FAULTS, isFault } from "./iot/faults.ts";
import { type Ack, BEHAVIOURS, type Behaviour, obey } from "./iot/firmware.ts";
import { Fleet, type FleetOptions } from "./iot/fleet.ts";
import type { MeterRun, MeterTruth, Obeyed } from "./iot/run.ts";
import { ackTopic, readingTopic, relayTopic, thingOf } from "./iot/wire.ts";
import { asCount, asRecord, parseJson, Recent, readBytes, readControl, sendJson, serve } from "./serve.ts";

export type { Behaviour } from "./iot/firmware.ts";

const PUBLISHED_KEPT_MAX = 10_000;
/** Things that answer commands without being meters of the fleet; the one longest unused is forgotten. */
const THINGS_MAX = 50_000;
/** Tries of the bridge that carries an acknowledgement to the system, and the pause between them. */
const ACK_ATTEMPTS_MAX = 3;
const ACK_RETRY_MS = 1_000;
const ACK_MS_MAX = 10_000;
const TICK_MS = 200;

export type Meter = { thing: string; meterId: string };
export type Published = { topic: string; qos: number; payload: unknown; at: number };
/** An acknowledgement as the Lambda posts it. */
export type PostedAck = Ack & { thing_name: string; extra: Record<string, never> };
export type SentAck = PostedAck & { url: string; answered: number | null; at: number };
/** A meter as it truly is, and what became of its last reading. */
export type MeterView = MeterTruth & { answered: ({ time: string; at: number } & Verdict) | null };

export type IotOptions = {
  /** 0 takes a free port. */
  port: number;
  /** Where MQTT clients connect; 0 takes a free port, nothing opens none. */
  mqttPort?: number;
  /** Where the acknowledgements of this meter go; null: nowhere. */
  ackUrlFor: (meter: Meter) => string | null;
  /** Where its readings go. */
  readingsUrlFor?: (meter: Meter) => string | null;
  /** The X-IoT-Key; a function where each country has its own. */
  iotKey: string | ((meter: Meter) => string);
  ackDelayMs?: number;
  /** The meters' clock, UTC milliseconds. */
  now?: () => number;
};
export type Iot = {
  port: number;
  url: string;
  mqttUrl: string | null;
  published(): readonly Published[];
  acks(): readonly SentAck[];
  setBehaviour(mode: Behaviour, delayMs?: number): void;
  /** Meters begin to live; those of an earlier call are gone. */
  runMeters(options: Omit<FleetOptions, "now" | "obeyed">): void;
  meters(): MeterView[];
  /** What `runMeters` takes to go on; null: no meters run. */
  saveMeters(): Record<string, MeterRun> | null;
  close(): Promise<void>;
};

export async function startIot(options: IotOptions): Promise<Iot> {
  const { ackUrlFor, readingsUrlFor = () => null, iotKey, now = Date.now } = options;
  const published = new Recent<Published>(PUBLISHED_KEPT_MAX);
  const acks = new Recent<SentAck>(PUBLISHED_KEPT_MAX);
  const things = new Map<string, Obeyed>();
  const answered = new Map<string, MeterView["answered"]>();
  const stopping = new AbortController();
  const broker = await startBroker(options.mqttPort ?? null);
  const bridge = new ReadingBridge();
  let fleet: Fleet | null = null;
  let mode: Behaviour = "ack";
  let delayMs = options.ackDelayMs ?? 200;

  const keyOf = (meter: Meter) => (typeof iotKey === "string" ? iotKey : iotKey(meter));
  const setBehaviour = (wanted: Behaviour, wantedDelayMs = delayMs) => {
    mode = wanted;
    delayMs = wantedDelayMs;
  };

  /** The meter's end: a command arrives, and its acknowledgement goes back by the broker. */
  async function command(thing: string, payload: Record<string, unknown>) {
    if (mode === "none") return;
    const times = mode === "duplicate" ? 2 : 1;
    const answer = fleet?.has(thing) ? fleet.command(thing, payload, { now: now(), mode }) : obeyAs(thing, payload);
    if (answer === null) return;
    await wait(delayMs, undefined, { ref: false, signal: stopping.signal });
    for (let time = 0; time < times; time++) await broker.publish(ackTopic(thing), answer);
  }

  function obeyAs(thing: string, payload: Record<string, unknown>): Ack {
    const before = things.get(thing) ?? { connected: false, answers: [] };
    const { firmware, answer } = obey(before, payload, { now: now(), mode });
    things.delete(thing);
    things.set(thing, { ...firmware, at: now() });
    const [oldest] = things.keys();
    if (things.size > THINGS_MAX && oldest !== undefined) things.delete(oldest);
    return answer;
  }

  /** The Lambda's end of acknowledgements. */
  async function deliver(ack: PostedAck) {
    const meter = { thing: ack.thing_name, meterId: ack.meter_id };
    const url = ackUrlFor(meter);
    if (url === null) return;
    for (let attempt = 1; attempt <= ACK_ATTEMPTS_MAX && !stopping.signal.aborted; attempt++) {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(ACK_MS_MAX)]);
      const headers = { "content-type": "application/json", "x-iot-key": keyOf(meter) };
      const status = await fetch(url, { method: "POST", headers, body: JSON.stringify(ack), signal }).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status;
        },
        () => null,
      );
      acks.add({ ...ack, url, answered: status, at: Date.now() });
      if (status !== null && status < 500) return;
      await wait(ACK_RETRY_MS, undefined, { ref: false, signal: stopping.signal });
    }
  }

  /** The Lambda's end of readings. */
  function forward(thing: string, body: Record<string, unknown>) {
    const meter = { thing, meterId: String(body.meterId) };
    const url = readingsUrlFor(meter);
    if (url === null) return;
    bridge.add({ url, key: keyOf(meter) }, body, (verdict) => {
      if (fleet?.has(thing)) answered.set(thing, { time: String(body.Time), at: now(), ...verdict });
    });
  }

  const inFlight = new Set<Promise<void>>();
  /** Ended by close(): what is cut short then is meant to be. */
  const goOn = (work: Promise<void>) => {
    const settled = work.catch(() => undefined).finally(() => inFlight.delete(settled));
    inFlight.add(settled);
  };
  await broker.subscribe(relayTopic("+"), (topic, payload) => {
    const thing = thingOf(topic, relayTopic);
    if (thing !== null) goOn(command(thing, asRecord(parseJson(payload.toString("utf8")))));
  });
  await broker.subscribe(ackTopic("+"), (topic, payload) => {
    const thing = thingOf(topic, ackTopic);
    const ack = asRecord(parseJson(payload.toString("utf8")));
    if (thing !== null) goOn(deliver({ ...(ack as Ack), thing_name: thing, extra: {} }));
  });
  await broker.subscribe(readingTopic("+"), (topic, payload) => {
    const thing = thingOf(topic, readingTopic);
    if (thing !== null) forward(thing, asRecord(parseJson(payload.toString("utf8"))));
  });

  let isTicking = false;
  let isPaused = false;
  const tickAll = async () => {
    for (const { thing, ticked } of fleet?.tick(now()) ?? []) {
      for (const body of ticked.messages) await broker.publish(readingTopic(thing), body);
      for (const payload of ticked.commands) goOn(command(thing, payload));
    }
  };
  const timer = setInterval(() => {
    if (isTicking || isPaused || fleet === null) return;
    isTicking = true;
    goOn(
      tickAll().finally(() => {
        isTicking = false;
      }),
    );
  }, TICK_MS);
  timer.unref();

  const meters = (): MeterView[] =>
    (fleet?.truth() ?? []).map((truth) => ({ ...truth, answered: answered.get(truth.thing) ?? null }));

  const served = await serve(options.port, async (req, res, url) => {
    const control = `${req.method} ${url.pathname}`;
    if (control === "GET /published") return sendJson(res, 200, published.items);
    if (control === "GET /acks") return sendJson(res, 200, acks.items);
    if (control === "DELETE /published") {
      published.clear();
      return sendJson(res, 200, { published: 0 });
    }
    if (control === "GET /meters") {
      const at = fleet === null ? null : new Date(fleet.clock(now())).toISOString();
      return sendJson(res, 200, { at, bridge: { waiting: bridge.waiting, ...bridge.counts }, meters: meters() });
    }
    if (control === "POST /fault") {
      const wanted = await readControl(req);
      const { fault } = wanted;
      if (!isFault(fault)) return sendJson(res, 400, { error: `fault must be one of ${FAULTS.join(", ")}` });
      const meter = wanted.meter === undefined ? null : String(wanted.meter).replace(/^0+/, "");
      const planted = fleet?.plant(meter, fault, asCount(wanted.count, 1)) ?? 0;
      return planted === 0
        ? sendJson(res, 404, { error: `no meter ${meter ?? "at all"} runs here` })
        : sendJson(res, 200, { fault, meters: planted });
    }
    if (control === "POST /pause") {
      isPaused = (await readControl(req)).paused !== false;
      return sendJson(res, 200, { paused: isPaused });
    }
    if (control === "POST /behaviour") {
      const wanted = await readControl(req);
      const known = BEHAVIOURS.find((name) => name === (wanted.mode ?? mode));
      if (known === undefined) return sendJson(res, 400, { error: `mode must be one of ${BEHAVIOURS.join(", ")}` });
      setBehaviour(known, asCount(wanted.delayMs, delayMs));
      return sendJson(res, 200, { mode, delayMs });
    }
    const traceId = randomUUID();
    if (req.method !== "POST" || !url.pathname.startsWith("/topics/")) {
      return sendJson(res, 404, { message: "Not Found", traceId });
    }
    const body = await readBytes(req);
    const refusal = signatureRefusal(req);
    if (refusal !== null) return sendJson(res, 403, { message: refusal, traceId });
    const topic = decodeURIComponent(url.pathname.slice("/topics/".length));
    if (!isTopic(topic)) return sendJson(res, 400, { message: "Invalid topic", traceId });
    const text = body.toString("utf8");
    const payload = parseJson(text) ?? body.toString("base64");
    published.add({ topic, qos: Number(url.searchParams.get("qos") ?? 0), payload, at: Date.now() });
    // Answered first and obeyed later, as over MQTT.
    goOn(broker.publish(topic, text));
    return sendJson(res, 200, { message: "OK", traceId });
  });
  return {
    port: served.port,
    url: served.url,
    mqttUrl: broker.port === null ? null : `mqtt://127.0.0.1:${broker.port}`,
    published: () => published.items,
    acks: () => acks.items,
    setBehaviour,
    runMeters: (wanted) => {
      answered.clear();
      fleet = new Fleet({ ...wanted, obeyed: things, now: now() });
    },
    meters,
    saveMeters: () => fleet?.save() ?? null,
    close: async () => {
      clearInterval(timer);
      stopping.abort();
      await bridge.close();
      await Promise.all(inFlight);
      await broker.close();
      await served.close();
    },
  };
}

const SIGV4 =
  /^AWS4-HMAC-SHA256 Credential=[^/\s]+\/\d{8}\/[a-z0-9-]+\/iotdevicegateway\/aws4_request, ?SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, ?Signature=[0-9a-f]{64}$/;

/** Shape only: the secret is not known here. */
function signatureRefusal(req: IncomingMessage): string | null {
  const { authorization } = req.headers;
  if (authorization === undefined) return "Missing Authentication Token";
  if (!SIGV4.test(authorization)) return "The request signature is not a SigV4 signature for iotdevicegateway";
  return /^\d{8}T\d{6}Z$/.test(String(req.headers["x-amz-date"])) ? null : "Missing X-Amz-Date";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ACK_URL: ackUrl = null, READINGS_URL: readingsUrl = null, IOT_KEY: iotKey = "" } = process.env;
  const iot = await startIot({
    port: Number(process.env.PORT ?? 4501),
    mqttPort: Number(process.env.MQTT_PORT ?? 4502),
    ackUrlFor: () => ackUrl,
    readingsUrlFor: () => readingsUrl,
    iotKey,
  });
  console.log(`AWS IoT's publish endpoint at ${iot.url}, its broker at ${iot.mqttUrl}`);
}

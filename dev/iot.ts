/** AWS IoT's HTTPS publish endpoint, with meters behind it that answer relay commands as the firmware does. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { asCount, asRecord, parseJson, Recent, readBytes, readControl, sendJson, serve } from "./serve.ts";

const PUBLISHED_KEPT_MAX = 10_000;
/** A command id that the firmware still knows is answered again and not acted on. */
const COMMANDS_REMEMBERED_MAX = 16;
/** Tries of the bridge that carries an acknowledgement to the system, and the pause between them. */
const ACK_ATTEMPTS_MAX = 3;
const ACK_RETRY_MS = 1_000;
const ACK_MS_MAX = 10_000;
const BEHAVIOURS = ["ack", "none", "failed", "reject", "duplicate"] as const;

export type Behaviour = (typeof BEHAVIOURS)[number];
export type Meter = { thing: string; meterId: string };
export type Published = { topic: string; qos: number; payload: unknown; at: number };
export type Ack = {
  cmd_id: string;
  status: "acked" | "rejected" | "failed";
  relay_after: "0" | "1" | null;
  error: string | null;
  thing_name: string;
  meter_id: string;
  extra: Record<string, never>;
};
export type SentAck = Ack & { url: string; answered: number | null; at: number };

export type IotOptions = {
  /** 0 takes a free port. */
  port: number;
  /** Where the acknowledgements of this meter go; null: nowhere. */
  ackUrlFor: (meter: Meter) => string | null;
  /** The X-IoT-Key; a function where each country has its own. */
  iotKey: string | ((meter: Meter) => string);
  ackDelayMs?: number;
  /** The meters' clock, UTC milliseconds. */
  now?: () => number;
};
export type Iot = {
  port: number;
  url: string;
  published(): readonly Published[];
  acks(): readonly SentAck[];
  setBehaviour(mode: Behaviour, delayMs?: number): void;
  close(): Promise<void>;
};

type Thing = { relay: "0" | "1"; answers: Map<string, Ack> };

export async function startIot(options: IotOptions): Promise<Iot> {
  const { ackUrlFor, iotKey, now = Date.now } = options;
  const published = new Recent<Published>(PUBLISHED_KEPT_MAX);
  const acks = new Recent<SentAck>(PUBLISHED_KEPT_MAX);
  const things = new Map<string, Thing>();
  const stopping = new AbortController();
  let mode: Behaviour = "ack";
  let delayMs = options.ackDelayMs ?? 200;

  const setBehaviour = (wanted: Behaviour, wantedDelayMs = delayMs) => {
    mode = wanted;
    delayMs = wantedDelayMs;
  };

  async function command(thing: string, payload: Record<string, unknown>) {
    if (mode === "none") return;
    const meter = { thing, meterId: String(payload.meter_id) };
    const times = mode === "duplicate" ? 2 : 1;
    const answer = obey(thing, payload);
    await wait(delayMs, undefined, { ref: false, signal: stopping.signal });
    for (let time = 0; time < times; time++) await deliver(meter, answer);
  }

  function obey(name: string, payload: Record<string, unknown>): Ack {
    const thing = things.get(name) ?? { relay: "0", answers: new Map<string, Ack>() };
    things.set(name, thing);
    const id = String(payload.cmd_id);
    const known = thing.answers.get(id);
    if (known !== undefined) return known;
    const isExpired = now() / 1000 > Number(payload.requested_at_unix) + Number(payload.ttl_seconds);
    const common = { cmd_id: id, thing_name: name, meter_id: String(payload.meter_id), extra: {} };
    let answer: Ack;
    if (mode === "reject" || isExpired) {
      answer = { ...common, status: "rejected", relay_after: thing.relay, error: "ttl_expired" };
    } else if (mode === "failed") {
      answer = { ...common, status: "failed", relay_after: null, error: "modbus_timeout" };
    } else {
      // A closed relay lets the current through.
      thing.relay = payload.action === "close" ? "1" : "0";
      answer = { ...common, status: "acked", relay_after: thing.relay, error: null };
    }
    thing.answers.set(id, answer);
    for (const oldest of [...thing.answers.keys()].slice(0, -COMMANDS_REMEMBERED_MAX)) thing.answers.delete(oldest);
    return answer;
  }

  async function deliver(meter: Meter, ack: Ack) {
    const url = ackUrlFor(meter);
    if (url === null) return;
    const key = typeof iotKey === "string" ? iotKey : iotKey(meter);
    for (let attempt = 1; attempt <= ACK_ATTEMPTS_MAX && !stopping.signal.aborted; attempt++) {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(ACK_MS_MAX)]);
      const headers = { "content-type": "application/json", "x-iot-key": key };
      const answered = await fetch(url, { method: "POST", headers, body: JSON.stringify(ack), signal }).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status;
        },
        () => null,
      );
      acks.add({ ...ack, url, answered, at: Date.now() });
      if (answered !== null && answered < 500) return;
      await wait(ACK_RETRY_MS, undefined, { ref: false, signal: stopping.signal });
    }
  }

  const served = await serve(options.port, async (req, res, url) => {
    const control = `${req.method} ${url.pathname}`;
    if (control === "GET /published") return sendJson(res, 200, published.items);
    if (control === "GET /acks") return sendJson(res, 200, acks.items);
    if (control === "DELETE /published") {
      published.clear();
      return sendJson(res, 200, { published: 0 });
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
    const payload = parseJson(body.toString("utf8")) ?? body.toString("base64");
    published.add({ topic, qos: Number(url.searchParams.get("qos") ?? 0), payload, at: Date.now() });
    const thing = /^oneMeter\/([^/]+)\/cmd\/relay$/.exec(topic)?.[1];
    // Answered first and obeyed later, as over MQTT. Ended by close(): what is cut short then is meant to be.
    if (thing !== undefined) void command(thing, asRecord(payload)).catch(() => undefined);
    return sendJson(res, 200, { message: "OK", traceId });
  });
  return {
    port: served.port,
    url: served.url,
    published: () => published.items,
    acks: () => acks.items,
    setBehaviour,
    close: async () => {
      stopping.abort();
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
  const ackUrl = process.env.ACK_URL ?? null;
  const iotKey = process.env.IOT_KEY ?? "";
  const iot = await startIot({ port: Number(process.env.PORT ?? 4501), ackUrlFor: () => ackUrl, iotKey });
  console.log(`AWS IoT's publish endpoint at ${iot.url}`);
}

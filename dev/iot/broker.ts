import { createServer, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";

/** A watcher that stops reading is sent away after so long, so that it holds up nobody. */
const WATCHER_MS_MAX = 10_000;
const TOPIC_CHARS_MAX = 256;

export type Broker = {
  /** Where MQTT clients connect; null: nowhere. */
  port: number | null;
  publish(topic: string, body: unknown): Promise<void>;
  /** `filter` as MQTT has it: + stands for one level. */
  subscribe(filter: string, on: (topic: string, payload: Buffer) => void): Promise<void>;
  close(): Promise<void>;
};

export const isTopic = (topic: string) =>
  topic.length > 0 && topic.length <= TOPIC_CHARS_MAX && !/[+#\0]/.test(topic) && !topic.startsWith("$");

/**
 * An MQTT broker in this process; `port` opens it to stock clients on this machine (0: a free one, null: to nobody). It
 * keeps nothing: sessions end with their connection, and no message is retained.
 */
export async function startBroker(port: number | null): Promise<Broker> {
  const aedes = await Aedes.createBroker({
    drainTimeout: WATCHER_MS_MAX,
    preConnect: (_client, packet, done) => {
      packet.clean = true;
      done(null, true);
    },
    authorizePublish: (_client, packet, done) => {
      packet.retain = false;
      done(packet.topic.startsWith("$") ? new Error("topics that begin with $ are the broker's own") : null);
    },
  });
  const server = port === null ? null : await listen(port, aedes);
  const address = server?.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : null,
    publish: (topic, body) =>
      new Promise((resolve, reject) => {
        const payload = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
        const packet = { cmd: "publish", topic, payload, qos: 1, retain: false, dup: false } as const;
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    subscribe: (filter, on) =>
      new Promise((resolve) => {
        const deliver = (packet: { topic: string; payload: string | Buffer }, done: () => void) => {
          on(packet.topic, Buffer.from(packet.payload));
          done();
        };
        aedes.subscribe(filter, deliver, resolve);
      }),
    close: async () => {
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(port: number, aedes: Aedes): Promise<Server> {
  const server = createServer((socket: Socket) => void aedes.handle(socket));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";

const path = fileURLToPath(new URL("../wrangler.toml", import.meta.url));
const ENVS = ["ls", "bj", "zm", "test"] as const;

type Queue = { queue: string; dead_letter_queue?: string };
type Config = {
  name?: string;
  durable_objects: { bindings: { name: string; class_name: string }[] };
  r2_buckets: { binding: string; bucket_name?: string }[];
  queues: { producers?: { binding: string }[]; consumers?: Queue[] };
  vars: Record<string, unknown>;
  migrations: unknown;
  triggers: { crons?: string[] };
  limits?: { cpu_ms?: number };
};
const configs: { env: string; config: Config }[] = ENVS.map((env) => ({
  env,
  config: unstable_readConfig({ config: path, env }) as Config,
}));

const namesOf = (config: Config) => ({
  objects: config.durable_objects.bindings.map(({ name, class_name }) => `${name}:${class_name}`).sort(),
  buckets: config.r2_buckets.map(({ binding }) => binding).sort(),
  producers: config.queues.producers?.map(({ binding }) => binding).sort(),
  consumers: config.queues.consumers?.map(({ queue }) => queue.split("-").slice(3).join("-")).sort(),
  vars: Object.keys(config.vars).sort(),
  migrations: config.migrations,
  crons: config.triggers.crons,
});

describe("wrangler.toml", () => {
  it.each(ENVS.slice(1))("gives %s every binding that ls has", (env) => {
    const of = (wanted: string) => configs.find((each) => each.env === wanted)?.config;
    const [ls, other] = [of("ls"), of(env)];
    if (ls === undefined || other === undefined) throw new Error("an environment is missing");
    expect(namesOf(other)).toEqual(namesOf(ls));
  });

  it("shares no queue and no name between deployments", () => {
    const queues = configs.flatMap(({ config }) => [...new Set(config.queues.consumers?.map(({ queue }) => queue))]);
    expect(new Set(queues).size).toBe(queues.length);
    const buckets = configs.flatMap(({ config }) => config.r2_buckets.map(({ bucket_name }) => bucket_name));
    expect(new Set(buckets).size).toBe(buckets.length);
    expect(new Set(configs.map(({ config }) => config.name)).size).toBe(ENVS.length);
  });

  it("gives a request of every deployment the time that a long export takes", () => {
    expect(configs.map(({ config }) => config.limits?.cpu_ms)).toEqual(ENVS.map(() => 300_000));
  });

  it("lets every queue that gives up hand over to one that stores", () => {
    for (const { config } of configs)
      for (const consumer of config.queues.consumers ?? [])
        if (!consumer.queue.endsWith("-dead")) expect(consumer.dead_letter_queue).toMatch(/-dead$/);
  });

  it("has no binding outside an environment, so that a deploy without one makes no empty ledger", () => {
    expect(unstable_readConfig({ config: path }).durable_objects.bindings).toEqual([]);
  });

  it("carries no secret", () => {
    expect(readFileSync(path, "utf8")).not.toMatch(/SHA256|SECRET|DATABASE_URL|password/);
  });
});

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { withCountry } from "../dev/country-env.ts";
import { type Config, configFaults, deployable, readBare, readConfigs } from "../dev/deliver/config.ts";
import { COUNTRIES } from "../src/domain/country.ts";

const path = fileURLToPath(new URL("../wrangler.toml", import.meta.url));
const configs = readConfigs(path);

type Binding = Record<string, unknown>;
/** As deep as these tests reach. */
type Deep = {
  name: string;
  vars: Record<string, unknown>;
  routes?: unknown[];
  limits: { cpu_ms: number };
  assets: Binding & { run_worker_first: string[] };
  durable_objects: { bindings: Binding[] };
  r2_buckets: Binding[];
  analytics_engine_datasets: Binding[];
  migrations: { tag: string; new_sqlite_classes: string[] }[];
  queues: { producers: Binding[]; consumers: Binding[] };
  triggers: { crons: string[] };
  hyperdrive?: Binding[];
};
const changed = (change: (of: { ls: Deep; bj: Deep; zm: Deep; test: Deep }) => void): string[] => {
  const copy = structuredClone(configs);
  change(copy as never);
  return configFaults(copy);
};
const item = (list: Binding[], at: number) => list[at] ?? {};

describe("wrangler.toml", () => {
  it("has an environment for every country, and one for tests", () => {
    const countries = Object.keys(COUNTRIES).map((code) => code.toLowerCase());
    expect(deployable(configs).sort()).toEqual(countries.sort());
    expect(Object.keys(configs)).toContain("test");
  });

  it("gives each what the others have, and none what is another's", () => {
    expect(configFaults(configs)).toEqual([]);
  });

  it("gives a request of every deployment the time that a long export takes", () => {
    for (const config of Object.values(configs)) expect(config.limits).toEqual({ cpu_ms: 300_000 });
  });

  it("lets every queue that gives up hand over to one that stores", () => {
    for (const config of Object.values(configs) as unknown as Deep[])
      for (const consumer of config.queues.consumers)
        if (!String(consumer.queue).endsWith("-dead")) expect(consumer.dead_letter_queue).toBe(`${config.name}-dead`);
  });

  it("has no binding outside an environment, so that a deploy without one makes no empty ledger", () => {
    const bare = readBare(path) as { durable_objects: Config };
    expect(bare.durable_objects.bindings).toEqual([]);
  });

  it("carries no secret", () => {
    expect(readFileSync(path, "utf8")).not.toMatch(/SHA256|SECRET|DATABASE_URL|password/);
  });
});

describe("a wrangler.toml is refused", () => {
  it.each<[string, Parameters<typeof changed>[0], RegExp]>([
    [
      "whose countries share a queue",
      ({ bj }) => Object.assign(item(bj.queues.producers, 0), { queue: "customer-care-ls-ledger-copy" }),
      /^ls and bj share queue customer-care-ls-ledger-copy$/,
    ],
    [
      "whose countries share the queue of what was given up on",
      ({ zm }) => Object.assign(item(zm.queues.consumers, 0), { dead_letter_queue: "customer-care-bj-dead" }),
      /^bj and zm share queue customer-care-bj-dead$/,
    ],
    [
      "whose countries share a bucket",
      ({ zm }) => Object.assign(item(zm.r2_buckets, 0), { bucket_name: "customer-care-ls-contracts" }),
      /^ls and zm share bucket_name customer-care-ls-contracts$/,
    ],
    [
      "whose countries share a database",
      ({ ls, bj, zm, test }) => {
        for (const each of [ls, bj, zm, test]) each.hyperdrive = [{ binding: "DATABASE", id: "0123" }];
      },
      /^ls and bj and zm and test share id 0123$/,
    ],
    [
      "whose countries share a Worker",
      ({ bj }) => (bj.name = "customer-care-ls"),
      /^ls and bj share name customer-care-ls$/,
    ],
    [
      "whose countries share a route",
      ({ ls, bj }) => {
        ls.routes = [{ pattern: "portal.example.org/ls/*", zone_name: "example.org" }];
        bj.routes = [{ pattern: "portal.example.org/ls/*", zone_name: "example.org" }];
      },
      /^ls and bj share pattern portal\.example\.org\/ls\/\*$/,
    ],
    [
      "whose countries share a route that is a mere text",
      ({ ls, bj }) => {
        ls.routes = ["example.org/*"];
        bj.routes = ["example.org/*"];
      },
      /^ls and bj share routes example\.org\/\*$/,
    ],
    [
      "whose countries count into one dataset",
      ({ bj }) => Object.assign(item(bj.analytics_engine_datasets, 0), { dataset: "customer_care_ls" }),
      /^ls and bj share dataset customer_care_ls$/,
    ],
    [
      "where nothing is counted in one",
      ({ zm }) => zm.analytics_engine_datasets.pop(),
      /analytics_engine_datasets\[METRICS\]\.binding is "METRICS" in ls and nothing in zm/,
    ],
    [
      "where an object is missing in one",
      ({ bj }) => bj.durable_objects.bindings.splice(2, 1),
      /bindings\[TILL\]\.name is "TILL" in ls and nothing in bj/,
    ],
    [
      "where an object is another class in one",
      ({ zm }) => Object.assign(item(zm.durable_objects.bindings, 2), { class_name: "Mailbox" }),
      /bindings\[TILL\]\.class_name is "Till" in ls and "Mailbox" in zm/,
    ],
    [
      "where a bucket is missing in one",
      ({ zm }) => zm.r2_buckets.pop(),
      /r2_buckets\[REPORTS\]\.binding is "REPORTS" in ls and nothing in zm/,
    ],
    [
      "where a queue is missing in one",
      ({ bj }) => bj.queues.producers.pop(),
      /producers\[IMPORTS\]\.queue is "customer-care-<env>-imports" in ls and nothing in bj/,
    ],
    [
      "where nobody takes from a queue in one",
      ({ bj }) => bj.queues.consumers.pop(),
      /consumers\[dead\]\.max_retries is 100 in ls and nothing in bj/,
    ],
    [
      "where a queue is tried less often in one",
      ({ bj }) => Object.assign(item(bj.queues.consumers, 1), { max_retries: 3 }),
      /consumers\[legacy-forward\]\.max_retries is 10 in ls and 3 in bj/,
    ],
    [
      "where a var is missing in one",
      ({ zm }) => Reflect.deleteProperty(zm.vars, "IOT_REGION"),
      /^vars\.IOT_REGION is <its own> in ls and nothing in zm$/,
    ],
    [
      "where a var is more in one",
      ({ bj }) => Object.assign(bj.vars, { CLOCK_OFFSET_MS: "5" }),
      /vars\.CLOCK_OFFSET_MS is nothing in ls and "5" in bj/,
    ],
    [
      "where a var names another country",
      ({ bj }) => Object.assign(bj.vars, { COUNTRY: "LS" }),
      /^\[env\.bj\] says COUNTRY LS, not BJ$/,
    ],
    [
      "where a cron is missing in one",
      ({ zm }) => zm.triggers.crons.pop(),
      /triggers\.crons\[3\] is "17 1 \* \* \*" in ls and nothing in zm/,
    ],
    [
      "where a migration of objects is missing in one",
      ({ bj }) => bj.migrations.pop(),
      /migrations\[v3\]\.tag is "v3" in ls and nothing in bj/,
    ],
    [
      "where a migration of objects makes another class in one",
      ({ zm }) => Object.assign(zm.migrations[2] ?? {}, { new_sqlite_classes: ["Budget"] }),
      /migrations\[v3\]\.new_sqlite_classes\[0\] is "VendorBudget" in ls and "Budget" in zm/,
    ],
    [
      "where the Worker does not come first for its own paths",
      ({ bj }) => bj.assets.run_worker_first.pop(),
      /assets\.run_worker_first/,
    ],
    [
      "where a request has less time in one",
      ({ zm }) => (zm.limits.cpu_ms = 30_000),
      /limits\.cpu_ms is 300000 in ls and 30000 in zm/,
    ],
    [
      "where a bucket has no country in its name",
      ({ bj }) => Object.assign(item(bj.r2_buckets, 0), { bucket_name: "contracts" }),
      /^\[env\.bj\] r2_buckets\[CONTRACTS\]\.bucket_name is contracts, not of customer-care-bj$/,
    ],
  ])("%s", (_why, change, fault) => {
    expect(changed(change)).toContainEqual(expect.stringMatching(fault));
  });

  it("and each country may have routes and an address of AWS IoT of its own", () => {
    const faults = changed(({ ls }) => {
      ls.routes = [{ pattern: "ls.example.org", custom_domain: true }];
      ls.vars.IOT_ENDPOINT = "https://abc-ats.iot.eu-west-1.amazonaws.com";
    });
    expect(faults).toEqual([]);
  });

  it("without any environment", () => {
    expect(configFaults({})).toEqual(["there is no environment"]);
  });
});

it("a new country's part has no hostname of another, however routes are written", () => {
  const toml = readFileSync(fileURLToPath(new URL("../wrangler.toml", import.meta.url)), "utf8").replace(
    "[env.ls.vars]",
    `# Where people come in.
[[env.ls.routes]]
pattern = "ls.example.org"
custom_domain = true

[[env.ls.routes]]
pattern = "portal.example.org/ls/api/*"
zone_name = "example.org"

[env.ls.vars]`,
  );
  const own = withCountry(toml, "XV").replace(toml, "");
  const part = own.slice(own.indexOf("[env.xv]"), own.indexOf("[env.test]"));
  expect(part).toContain('COUNTRY = "XV"');
  expect(part).not.toMatch(/example\.org|env\.xv\.routes|Where people come in/);
  expect(
    withCountry(
      toml.replace(/^workers_dev = false$/m, 'workers_dev = false\nroutes = [{ pattern = "ls.example.org" }]'),
      "XV",
    ).match(/ls\.example\.org/g),
  ).toHaveLength(2);
});

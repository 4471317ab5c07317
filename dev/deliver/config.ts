/** What wrangler.toml says of each country, and what is wrong when they are laid beside each other. Pure, but for `readConfigs`. */
import { fileURLToPath } from "node:url";
import { unstable_readConfig } from "wrangler";

export type Config = Record<string, unknown>;

const PATH = fileURLToPath(new URL("../../wrangler.toml", import.meta.url));
/** Of tests, inside workerd: it is never deployed, and stands for Lesotho. */
export const TEST_ENV = "test";
const COUNTRY_OF_TEST = "LS";

/** Every environment of the file by its name, the one of tests among them. */
export function readConfigs(path = PATH): Record<string, Config> {
  const names = (unstable_readConfig({ config: path }) as Config).definedEnvironments as string[];
  const of = (env: string) => JSON.parse(JSON.stringify(unstable_readConfig({ config: path, env }))) as Config;
  return Object.fromEntries(names.map((env) => [env, of(env)]));
}

/** The unnamed environment, which is never deployed. */
export const readBare = (path = PATH): Config => unstable_readConfig({ config: path }) as Config;

/** Those that `--env` may name. */
export const deployable = (configs: Record<string, Config>): string[] =>
  Object.keys(configs).filter((env) => env !== TEST_ENV);

/** Whether two may have it alike: a place in the file whose value names something outside, which one country alone may use. */
const OWNED = new Set([
  "name",
  "queue",
  "dead_letter_queue",
  "bucket_name",
  "pattern",
  "database_id",
  "id",
  "script_name",
  "dataset",
]);
/** Places that one country may have and another not: routes are of each own hostname. */
const FREE = [/^configPath|^userConfigPath|^targetEnvironment/, /^routes?\b/];
/** What each must have, and each may have another: its own address of AWS IoT. */
const OWN_VALUE = /^vars\.IOT_(ENDPOINT|REGION)$/;

/**
 * Every fault as a sentence. Environments are the same but for their names: what one has another has, binding, var, cron,
 * migration and setting alike, and nothing that a name points to is shared.
 */
export function configFaults(configs: Record<string, Config>): string[] {
  const [model, ...others] = Object.keys(configs);
  if (model === undefined) return ["there is no environment"];
  return [
    ...Object.entries(configs).flatMap(([env, config]) => ownFaults(env, config)),
    ...others.flatMap((env) => differences({ env: model, config: configs[model] }, { env, config: configs[env] })),
    ...sharedFaults(configs),
  ];
}

function ownFaults(env: string, config: Config): string[] {
  const country = countryOf(env);
  const said = (config.vars as Config | undefined)?.COUNTRY;
  const wanted = `customer-care-${env}`;
  // Its name is a table's in SQL, where a dash would be a minus.
  const dataset = `customer_care_${env}`;
  return [
    ...(said === country ? [] : [`[env.${env}] says COUNTRY ${String(said)}, not ${country}`]),
    ...leaves(config).flatMap(({ path, key, value }) =>
      typeof value === "string" && isNamed(path, key) && value !== wanted && !value.startsWith(`${wanted}-`)
        ? [`[env.${env}] ${path} is ${value}, not of ${wanted}`]
        : key === "dataset" && value !== dataset
          ? [`[env.${env}] ${path} is ${String(value)}, not ${dataset}`]
          : [],
    ),
  ];
}

/** Of what is named by us: an id that Cloudflare drew and a hostname say nothing of their country. */
const isNamed = (path: string, key: string) =>
  path === "name" || key === "queue" || key === "dead_letter_queue" || key === "bucket_name";

function sharedFaults(configs: Record<string, Config>): string[] {
  const users = new Map<string, Set<string>>();
  for (const [env, config] of Object.entries(configs))
    for (const { path, key, value } of leaves(config)) {
      if (typeof value !== "string" || !isOwned(path, key)) continue;
      const what = `${key === "dead_letter_queue" ? "queue" : key} ${value}`;
      users.set(what, (users.get(what) ?? new Set()).add(env));
    }
  return [...users].flatMap(([what, envs]) => (envs.size < 2 ? [] : [`${[...envs].join(" and ")} share ${what}`]));
}

/** `name` inside a binding is the binding's own and the same everywhere; a route may be a mere text. */
const isOwned = (path: string, key: string) =>
  (key === "name" ? path === "name" : OWNED.has(key)) || /^routes?(\[\d+\])?$/.test(path);

type Env = { env: string; config: Config | undefined };

function differences(model: Env, other: Env): string[] {
  const of = ({ env, config }: Env) =>
    new Map(
      leaves(config ?? {})
        .filter(({ path }) => !FREE.some((free) => free.test(path)))
        .map(({ path, value }) => [path, OWN_VALUE.test(path) ? "<its own>" : JSON.stringify(withoutName(env, value))]),
    );
  const [a, b] = [of(model), of(other)];
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((path) => {
    const [one, two] = [a.get(path), b.get(path)];
    if (one === two) return [];
    const say = (value: string | undefined) => value ?? "nothing";
    return [`${path} is ${say(one)} in ${model.env} and ${say(two)} in ${other.env}`];
  });
}

const countryOf = (env: string) => (env === TEST_ENV ? COUNTRY_OF_TEST : env.toUpperCase());

function withoutName(env: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (value === countryOf(env)) return "<COUNTRY>";
  return value
    .replace(new RegExp(`^customer-care-${env}(?=-|$)`), "customer-care-<env>")
    .replace(new RegExp(`^customer_care_${env}$`), "customer_care_<env>")
    .replace(new RegExp(`^/${countryOf(env).toLowerCase()}/`), "/<country>/");
}

type Leaf = { path: string; key: string; value: unknown };

/** Items of a list that has names of its own are told apart by them, so that a missing one is one fault and not all behind it. */
function leaves(value: unknown, path = "", key = ""): Leaf[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => leaves(item, `${path}[${labelOf(item) ?? index}]`, key));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([name, each]) => leaves(each, path === "" ? name : `${path}.${name}`, name));
  return [{ path, key, value }];
}

function labelOf(item: unknown): string | null {
  if (typeof item !== "object" || item === null) return null;
  const { binding, tag, queue, name } = item as Record<string, unknown>;
  if (typeof binding === "string") return binding;
  if (typeof tag === "string") return tag;
  if (typeof queue === "string") return queue.split("-").slice(3).join("-");
  return typeof name === "string" ? name : null;
}

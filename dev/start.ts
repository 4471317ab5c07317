/** `npm start`: the whole system and the world around it on one laptop, with no account anywhere. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { COUNTRIES, type CountryCode } from "../src/domain/country.ts";
import { startCm } from "./cm.ts";
import { countriesOf, KNOWN_COUNTRIES, USUAL_COUNTRIES, workerPorts, worldPorts } from "./countries.ts";
import { driveCrons } from "./crons.ts";
import { startDatabaseControl } from "./database-control.ts";
import { startDatabaseProxy } from "./database-proxy.ts";
import { quarterKey } from "./demo-history.ts";
import { type DemoCountry, hasDemo } from "./demo-platforms.ts";
import { SPEED, SPEED_MAX } from "./iot/fleet.ts";
import { startIot } from "./iot.ts";
import { keepMeters } from "./keep-meters.ts";
import { keysIn } from "./keys.ts";
import { startLegacy } from "./legacy.ts";
import { homeAmong, identityOf, whereTheyWork } from "./local-home.ts";
import { migrate } from "./migrate.ts";
import { playMorning } from "./morning.ts";
import { startNeonBridge } from "./neon.ts";
import { startOnCall } from "./on-call.ts";
import { startPortal } from "./portal.ts";
import { startDatabaseServer } from "./postgres.ts";
import { nobody, type SeededCountry, seed } from "./seed.ts";
import { seedPeople } from "./seed-people.ts";
import { asCount } from "./serve.ts";
import { workerEnv } from "./start-env.ts";
import { startNeighbours } from "./start-neighbours.ts";
import { startVendors } from "./start-vendors.ts";
import { readyText, stepsSince } from "./start-words.ts";
import { Supervisor } from "./supervise.ts";
import { watchHealth } from "./watch-health.ts";
import { workerProgram, writeEnvFile } from "./worker-program.ts";
import { demoMeters, demoWorld } from "./world.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** How soon this world notices that whoever started it is gone. */
const ORPHAN_LOOK_MS = 2_000;

const { values: flags } = parseArgs({
  options: {
    reset: { type: "boolean", default: false },
    clock: { type: "string" },
    countries: { type: "string", default: USUAL_COUNTRIES },
    data: { type: "string", default: ".data" },
    quiet: { type: "boolean", default: false },
    "without-vendors": { type: "boolean", default: false },
    "meters-speed": { type: "string", default: String(SPEED) },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  console.log(
    `npm start -- [--countries LS,BJ,ZM] [--reset] [--clock 2026-11-25T06:00:00Z] [--data DIR] [--quiet] [--without-vendors] [--meters-speed N]   (--countries: which of ${KNOWN_COUNTRIES.join(", ")} run, ${USUAL_COUNTRIES} where nothing is said; those without demo people have staff only; PORT moves the first port; --quiet: nobody has paid yet and no meter runs; --without-vendors: nothing is fetched from meter vendors; --meters-speed: how fast the meters live through the day before, 1 to ${SPEED_MAX} times real speed, 0: none runs)`,
  );
  process.exit(0);
}

const countries = named();
const home = homeAmong(countries);
const withDemo = countries.filter(hasDemo);
const began = Date.now();
const step = stepsSince(began);
const dataDir = join(ROOT, flags.data);
/** Each world has its own: a Worker starts anew when the files of its portal change, and another world builds them too. */
const bundle = join(dataDir, "portal");
const firstPort = asCount(Number(process.env.PORT ?? 8787), 8787);
const port = worldPorts(firstPort);
const urlOf = (of: number) => `http://127.0.0.1:${of}`;
const workerUrl = (country: CountryCode) => urlOf(workerPorts(firstPort, country).port);
const clockOffsetMs = clockOffset(flags.clock);
const now = () => Date.now() + clockOffsetMs;
const databaseName = (country: CountryCode) => `cc_${country.toLowerCase()}`;
const workerName = (country: CountryCode) => `worker ${country}`;
const metersSpeed = asCount(Number(flags["meters-speed"]), SPEED);

const supervisor = new Supervisor();
const end = (why: string) => {
  console.log(`${why}: stopping …`);
  void supervisor.stop().then(() => process.exit(0));
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => end(signal));
// Whoever started us is gone without a word: nobody would stop this world any more.
const startedBy = process.ppid;
setInterval(() => {
  if (process.ppid !== startedBy) end("orphaned");
}, ORPHAN_LOOK_MS).unref();

try {
  await main();
} catch (thrown) {
  console.error(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  await supervisor.stop();
  process.exit(1);
}

async function main() {
  if (flags.reset)
    for (const part of [
      // Of the countries that are not started too: what they knew of a database that is gone is of no use.
      ...KNOWN_COUNTRIES.map((code) => code.toLowerCase()).flatMap((of) => [
        of,
        `world-${of}.json`,
        `people-${of}.json`,
      ]),
      "local.json",
      "meters.json",
      "vendors.json",
    ])
      await rm(join(dataDir, part), { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  await mkdir(dataDir, { recursive: true });
  await rm(join(dataDir, "local.json"), { force: true });
  const keys = await keysIn(dataDir);
  step("the database, the simulators and the portal's pages");
  const [database, legacy, iot, cm, vendors] = await Promise.all([
    startDatabaseServer({ dataDir, port: port.postgres, reset: flags.reset }),
    startLegacy({ port: port.legacy }),
    startIot({
      port: port.iot,
      mqttPort: port.mqtt,
      ackUrlFor: ({ meterId }) => `${workerUrl(countryOfMeter(meterId))}/api/meters/relay-ack`,
      readingsUrlFor: ({ meterId }) => `${workerUrl(countryOfMeter(meterId))}/api/meters/readings`,
      iotKey: ({ meterId }) => keys[countryOfMeter(meterId)].iot,
      now,
    }),
    startCm({ port: port.cm, productToken: keys.cm }),
    startVendors({ ports: port, keys: keys.vendors, dataDir, now, quiet: flags.quiet }),
    buildPortal(),
  ]);
  supervisor.atStop("database", () => database.stop());
  for (const [name, simulator] of Object.entries({ legacy, iot, cm, vendors }))
    supervisor.atStop(name, () => simulator.close());
  const neighbours = await startNeighbours(keys.om);
  supervisor.atStop("neighbours", () => neighbours.close());
  const onCall = await startOnCall(keys.onCall);
  supervisor.atStop("on call", () => void onCall.server.close());
  const proxy = await startDatabaseProxy({
    listenPort: port.proxy,
    targetPort: database.port,
    targetHost: database.host,
  });
  supervisor.atStop("database proxy", () => proxy.close());
  const bridge = await startNeonBridge({ port: port.bridge });
  supervisor.atStop("database bridge", () => bridge.close());

  step(`the tables and the Worker of ${countries.join(", ")}`);
  await Promise.all(
    countries.map(async (country) => {
      await database.createDatabase(databaseName(country));
      await migrate(database.ownerUrl(databaseName(country)), COUNTRIES[country]);
      const env = workerEnv({
        ...{ country, keys, sqlUrl: bridge.url, clockOffsetMs },
        databaseUrl: database.appUrl(databaseName(country), port.proxy),
        urls: { onCall: onCall.url, cm: cm.url, iot: iot.url, legacy: legacy.url },
        portalOrigins: `${urlOf(port.portal)},http://localhost:${port.portal}`,
        more: {
          ...neighbours.env(country),
          ...identityOf(country, home, urlOf(port.portal), keys.identity),
          ...(hasDemo(country) && !flags["without-vendors"] ? vendors.envOf(country) : {}),
        },
      });
      await writeEnvFile(dataDir, country, env);
      const ports = workerPorts(firstPort, country);
      const name = workerName(country);
      await supervisor.run(workerProgram({ name, country, root: ROOT, dataDir, bundle, ...ports }));
    }),
  );
  step("customers, meters and their history");
  const seeded = Object.fromEntries(
    await Promise.all(
      countries.map(async (country) => {
        if (!hasDemo(country)) return [country, nobody] as const;
        const world = await seed({
          country,
          url: workerUrl(country),
          opsKey: keys[country].ops,
          stateFile: join(dataDir, `world-${country.toLowerCase()}.json`),
          reset: flags.reset,
          now: now(),
          vendors: {
            sites: vendors.sitesOf(country),
            startsAt: vendors.openedAt,
            hasOpenings: !flags.quiet,
            database: { url: database.appUrl(databaseName(country), port.proxy), sqlUrl: bridge.url },
          },
        });
        return [country, world] as const;
      }),
    ),
  ) as Record<CountryCode, SeededCountry>;
  step("staff, and who may sign in");
  const seededPeople = Object.fromEntries(
    await Promise.all(countries.map(async (country) => [country, await peopleOf(country, keys[country].ops)] as const)),
  ) as Record<CountryCode, Awaited<ReturnType<typeof seedPeople>>>;
  const people = whereTheyWork(seededPeople, home);
  neighbours.employ(Object.values(seededPeople).flatMap(({ staff }) => staff));

  const control = await startDatabaseControl({
    ...{ port: port.control, proxy, bridge },
    restart: () => Promise.all(countries.map((country) => supervisor.restart(workerName(country), "SIGKILL"))),
  });
  supervisor.atStop("control", () => control.close());
  const portal = await startPortal({
    port: port.portal,
    bundle,
    countries: countries.map((country) => ({
      code: country.toLowerCase(),
      url: workerUrl(country),
      people: people[country].staff,
    })),
    home: home?.toLowerCase() ?? null,
    now,
  });
  supervisor.atStop("portal", () => portal.close());
  if (!flags.quiet) {
    step("a morning of payments");
    const paid = await Promise.all(
      withDemo
        .filter((country) => seeded[country].fresh)
        .map(async (country) => {
          const opsKey = keys[country].ops;
          const payments = await playMorning({
            country,
            url: workerUrl(country),
            opsKey,
            seeded: seeded[country],
            now: now(),
          });
          return [country, payments] as const;
        }),
    );
    // The answer key: what every account must have been credited by then.
    if (paid.length > 0)
      await writeFile(join(dataDir, "answer-key.json"), `${JSON.stringify(Object.fromEntries(paid), null, 2)}\n`);
    const quarters = withDemo.map((country) => [country, quarterKey(country, seeded[country].history)]);
    await writeFile(join(dataDir, "answer-reports.json"), `${JSON.stringify(Object.fromEntries(quarters), null, 2)}\n`);
  }
  const urls = countries.map((country) => workerUrl(country));
  supervisor.atStop("crons", driveCrons({ config: join(ROOT, "wrangler.toml"), urls, now }));
  const workers = countries.map((country) => ({ name: workerName(country), url: workerUrl(country) }));
  supervisor.atStop("health", watchHealth(supervisor, workers));

  const local = {
    ready: true,
    countries: Object.fromEntries(
      countries.map((country) => [
        country,
        {
          url: workerUrl(country),
          phones: seeded[country].phones,
          iotKey: keys[country].iot,
          bridgeKey: keys[country].bridge,
          overrideKey: keys[country].override,
          gatewayKey: keys[country].gateway,
          providerKey: keys[country].provider,
          opsKey: keys[country].ops,
          staff: people[country].staff,
          customers: seeded[country].customers.map((each) => ({
            ...each,
            password: people[country].passwords[each.account] ?? null,
          })),
          vendorCustomers: seeded[country].vendorCustomers,
          clinics: seeded[country].clinics,
          vendorSites: hasDemo(country) ? vendors.sitesOf(country) : [],
          databaseUrl: database.ownerUrl(databaseName(country), port.proxy),
        },
      ]),
    ),
    portal: portal.url,
    simulators: {
      legacy: legacy.url,
      iot: iot.url,
      mqtt: iot.mqttUrl,
      cm: cm.url,
      ...neighbours.urls,
      onCall: onCall.url,
      koios: vendors.koios,
      thundercloud: vendors.thundercloud,
      steama: vendors.steama,
      database: urlOf(port.control),
    },
  };
  await writeFile(join(dataDir, "local.json"), `${JSON.stringify(local, null, 2)}\n`, { mode: 0o600 });
  const runsMeters = !flags.quiet && metersSpeed > 0;
  if (runsMeters)
    supervisor.atStop(
      "meters",
      await keepMeters({
        ...{ iot, speed: metersSpeed },
        file: join(dataDir, "meters.json"),
        meters: withDemo.flatMap(demoMeters),
      }),
    );
  console.log(
    readyText({
      ...{ began, portal: portal.url, simulators: local.simulators, data: flags.data, mqttPort: port.mqtt, runsMeters },
      countries: countries.map((country) => ({ country: COUNTRIES[country], url: workerUrl(country) })),
    }),
  );
}

function peopleOf(country: CountryCode, key: string) {
  const { sites, customers } = hasDemo(country) ? demoWorld(country) : { sites: [], customers: [] };
  return seedPeople({
    door: { url: workerUrl(country), key, where: `the local world (${country})`, country },
    stateFile: join(dataDir, `people-${country.toLowerCase()}.json`),
    reset: flags.reset,
    now,
    site: sites[0]?.code ?? null,
    accounts: customers.map(({ account }) => account),
    country,
    homeOf: home === null ? [country] : country === home ? countries : [],
    few: flags.quiet,
  });
}

/** A country that nobody knows ends the start before anything runs. */
function named(): CountryCode[] {
  try {
    return countriesOf(flags.countries);
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    process.exit(2);
  }
}

async function buildPortal() {
  const { build } = await import("vite");
  await build({ configFile: join(ROOT, "web", "vite.config.ts"), logLevel: "error", build: { outDir: bundle } });
}

/** Demo meters of Benin start with 231, those of Lesotho with 230. */
function countryOfMeter(meterId: string): DemoCountry {
  return /^0*231/.test(meterId) ? "BJ" : "LS";
}

function clockOffset(start: string | undefined): number {
  if (start === undefined) return 0;
  const at = Date.parse(start);
  if (Number.isNaN(at)) throw new Error(`--clock: ${start} is no instant; write it as 2026-11-25T06:00:00Z`);
  return at - Date.now();
}

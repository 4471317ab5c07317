/** The steps of one country's delivery, in their order. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COUNTRIES, type CountryCode } from "../../src/domain/country.ts";
import { migrate } from "../migrate.ts";
import { appliedIn, chainOnDisk, compareChain, type Link, passedOver } from "./chain.ts";
import { headOf, testsStep, treeOf, treeStep } from "./checks.ts";
import { type Config, configFaults, readConfigs } from "./config.ts";
import type { Green } from "./known.ts";
import { contractOf, lintMigrations } from "./migration-lint.ts";
import { newTags, objectMigrationFaults } from "./object-migrations.ts";
import { listSecrets, sayOfSecrets } from "./secrets.ts";
import { type Ask, healthAt, smoke } from "./smoke.ts";
import { refuse, type Step } from "./steps.ts";
import { git, type Tools, tail } from "./tools.ts";
import { wayBackFaults } from "./way-back.ts";

export type Delivery = {
  env: string;
  dryRun: boolean;
  /** Nothing runs in this country yet. */
  first: boolean;
  /** The pair of releases was not run beside each other, and this is known. */
  unprovenPair: boolean;
  tools: Tools;
  /** The country's own address. Null: not said. */
  ask: Ask | null;
  /** The database, as the role that owns it. Null: not said. */
  ownerUrl: string | null;
  /** A commit whose tests another machine has seen green. */
  checkedCommit: string | null;
  /** What this clone knows of checks and of pairs of releases that were run. */
  proofs: { green: Green | null; pair: Green | null };
  /** The commit of the release that is kept in the clone. */
  recorded: string | null;
  smokeMsMax?: number;
};

const MIGRATIONS_AT = "drizzle/migrations/meta/_journal.json";

export function planOf(delivery: Delivery): Step[] {
  const { env, dryRun, tools, ask, ownerUrl } = delivery;
  const country = env.toUpperCase();
  /** The release that runs now; in a dry run the recorded one stands for it. */
  let base: string | null = delivery.first ? null : delivery.recorded;
  const configs = readConfigs();
  const head = () => headOf(tools);
  const tree = () => treeOf(tools);

  return [
    {
      name: "configuration",
      would: null,
      run: () => {
        const faults = configFaults(configs);
        return faults.length === 0 ? { said: `[env.${env}] is whole and shares nothing` } : refuse(...faults);
      },
    },
    treeStep(tools),
    testsStep(tools, delivery),
    {
      name: "secrets",
      would: `compare npx wrangler secret list --env ${env} with what is needed`,
      run: () => {
        const { ok, lines } = sayOfSecrets(env, listSecrets(tools, env));
        return ok ? { said: lines.at(-1) ?? "" } : refuse(...lines);
      },
    },
    {
      name: "what runs now",
      would: `ask /health of ${country} which commit runs; ${base === null ? "nothing" : `the recorded release ${base.slice(0, 12)}`} stands for it here`,
      run: async () => {
        if (ask === null)
          return refuse(`set OPS_URL_${country} to the country's address: it says what runs, and is smoke-tested`);
        if (delivery.first) {
          // Before the first deploy nobody answers, or somebody else does.
          const there = await healthAt(ask).catch(() => null);
          if (there?.country !== undefined)
            return refuse(`${String(there.country)} runs there already: --first is for a country where nothing does`);
          // A Worker of ours that lacks a setting does not say whose it is.
          return there?.error?.kind === "not_configured"
            ? refuse(`a Worker runs there already and lacks settings; npm run secrets:check -- --env ${env} names them`)
            : { said: "nothing, as --first says" };
        }
        const health = await healthAt(ask);
        if (health === null || health.country !== country)
          return refuse(`nothing of ${country} answers at OPS_URL_${country}; write --first where nothing runs yet`);
        if (isCommit(health.version)) base = health.version;
        else if (!delivery.unprovenPair)
          return refuse("what runs does not say its commit; write --unproven-pair to go on");
        return { said: isCommit(health.version) ? health.version : "a release that does not say its commit" };
      },
    },
    {
      name: "beside the release before",
      would: null,
      run: () => {
        if (base === null) return { said: "there is none" };
        if (Object.values(delivery.proofs).some((proof) => proof?.tree === tree() && proof.previous === base))
          return { said: `old and new were run together: ${base.slice(0, 12)} and these files` };
        const because = `these files were not run beside ${base.slice(0, 12)}: npm run release:pair -- --commit ${base.slice(0, 12)}`;
        return delivery.unprovenPair ? { said: `UNPROVEN: ${because}` } : refuse(because);
      },
    },
    {
      name: "migrations of objects",
      would: null,
      run: () => {
        const now = configs[env] ?? {};
        const before = base === null ? null : configAt(tools, base, env);
        const paths = base === null ? [] : git(tools, "diff", "--name-only", base, "HEAD").split("\n");
        const faults = objectMigrationFaults(before, now, paths.filter(Boolean));
        if (faults.length > 0) return refuse(...faults);
        const tags = newTags(before, now).map(({ tag }) => tag);
        return { said: tags.length === 0 ? "none is new" : `${tags.join(", ")}; this release cannot be rolled back` };
      },
    },
    {
      name: "migrations only add",
      would: null,
      run: () => {
        const chain = chainOnDisk();
        const fresh = freshSince(tools, base, chain);
        const faults = migrationFaults(tools, chain, fresh, base);
        if (faults.length > 0) return refuse(...faults);
        return { said: fresh.length === 0 ? "none is new" : fresh.map(({ tag }) => tag).join(", ") };
      },
    },
    {
      name: "migrate the database",
      would: `bring ${country}'s database to ${chainOnDisk().at(-1)?.tag} as its owner, and compare its table of migrations with the chain`,
      run: async () => {
        if (ownerUrl === null)
          return refuse(`set DATABASE_OWNER_URL_${country} to the direct connection string of cc_owner`);
        const chain = chainOnDisk();
        const before = compareChain(chain, await appliedIn(ownerUrl));
        const faults = [
          ...before.faults,
          ...passedOver(chain, await appliedIn(ownerUrl)),
          ...(base === null ? [] : migrationFaults(tools, chain, before.pending, base)),
        ];
        if (faults.length > 0) return refuse(...faults);
        // Another country's database is refused there, before anything is done.
        await migrate(ownerUrl, COUNTRIES[country as CountryCode]);
        const after = compareChain(chain, await appliedIn(ownerUrl));
        if (after.faults.length + after.pending.length > 0)
          return refuse(...after.faults, ...after.pending.map(({ tag }) => `${tag} is not in the database`));
        return { said: `${before.pending.length} applied, all ${chain.length} of the chain are in` };
      },
    },
    {
      name: "build",
      would: null,
      run: () => {
        const built = tools.run("vite", ["build", "-c", "web/vite.config.ts", "--logLevel", "warn"]);
        return built.status === 0 ? { said: "the portal is in web/dist" } : refuse(tail(built.stderr || built.stdout));
      },
    },
    {
      name: "deploy",
      would: null,
      run: () => {
        const commit = head();
        const args = ["deploy", "--minify", "--env", env, "--var", `RELEASE:${commit}`, "--message", commit];
        const { status, stdout, stderr } = tools.run("wrangler", dryRun ? [...args, "--dry-run"] : args);
        if (status !== 0) return refuse(tail(stderr || stdout));
        const size = /Total Upload: .*/.exec(stdout)?.[0] ?? "";
        return { said: dryRun ? `wrangler ${args.join(" ")}: built alone, ${size}` : `${commit} is out, ${size}` };
      },
    },
    {
      name: "smoke test",
      would: `ask ${country} for /health with this commit, the phones' door, the session and the portal; roll back where one is wrong`,
      run: async () => {
        if (ask === null) return refuse("no address");
        const { smokeMsMax } = delivery;
        const options = smokeMsMax === undefined ? {} : { msMax: smokeMsMax, pauseMs: 50 };
        const faults = await smoke(ask, { country, version: head() }, options);
        if (faults.length === 0) return { said: `${country} runs ${head()}` };
        if (base === null) return refuse(...faults, "nothing ran before: there is nothing to roll back to");
        const runs = base;
        const lost = await wayBackFaults({ env, tools, ownerUrl }, () => runs);
        if (lost.length > 0)
          return refuse(
            ...faults,
            `NOT ROLLED BACK: ${lost.join("; ")}`,
            `npm run rollback -- --env ${env}, once that is over; docs/delivering.md, Back`,
          );
        const back = tools.run("wrangler", ["rollback", "--env", env, "--yes", "--message", `smoke test of ${head()}`]);
        if (back.status !== 0)
          return refuse(
            ...faults,
            `ROLLING BACK FAILED TOO: ${tail(back.stderr || back.stdout)}`,
            `npm run rollback -- --env ${env}`,
          );
        const still = await smoke(ask, { country, version: base }, options);
        return refuse(
          ...faults,
          still.length === 0 ? `rolled back: ${country} runs ${base} again` : `rolled back, and: ${still.join("; ")}`,
        );
      },
    },
  ];
}

/** What came over the network goes to git as nothing else. */
const isCommit = (version: unknown): version is string => typeof version === "string" && /^[0-9a-f]{40}$/.test(version);

/** wrangler.toml of an earlier release. */
function configAt(tools: Tools, commit: string, env: string): Config {
  const folder = mkdtempSync(join(tmpdir(), "cc-config-"));
  try {
    const file = join(folder, "wrangler.toml");
    writeFileSync(file, git(tools, "show", `${commit}:wrangler.toml`));
    return readConfigs(file)[env] ?? {};
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function freshSince(tools: Tools, base: string | null, chain: readonly Link[]): Link[] {
  if (base === null) return [];
  const journal = JSON.parse(git(tools, "show", `${base}:${MIGRATIONS_AT}`)) as { entries: { tag: string }[] };
  const known = new Set(journal.entries.map(({ tag }) => tag));
  return chain.filter(({ tag }) => !known.has(tag));
}

/** What only an earlier release than the one that runs may have stopped using. */
function migrationFaults(tools: Tools, chain: readonly Link[], fresh: readonly Link[], base: string | null): string[] {
  const before = chain.filter(({ tag }) => !fresh.some((each) => each.tag === tag));
  const early = fresh.flatMap(({ tag, sql }) => {
    const named = contractOf(sql);
    if (named === null || base === null) return [];
    const isOlder = tools.run("git", ["merge-base", "--is-ancestor", named, base]).status === 0;
    return isOlder
      ? []
      : [`${tag} is the contract step of ${named}, which does not run yet: ${base.slice(0, 12)} does`];
  });
  return [...lintMigrations(fresh, before), ...early];
}

/** The steps of going back to an earlier release, in their order. */
import { type Ask, healthAt, smoke } from "./smoke.ts";
import { refuse, type Step } from "./steps.ts";
import { type Tools, tail } from "./tools.ts";
import { commitOfVersion, type Unread, wayBackFaults } from "./way-back.ts";

export type Back = {
  env: string;
  /** The version to go back to. Null: the one before. */
  to: string | null;
  message: string;
  /** What it would read wrongly is known, and it is gone back all the same. */
  anyway: boolean;
  tools: Tools;
  /** The country's own address. Null: not said. */
  ask: Ask | null;
  /** The database, as the role that owns it. Null: not said. */
  ownerUrl: string | null;
  unread?: readonly Unread[];
  smokeMsMax?: number;
};

export function backPlanOf({ env, to, message, anyway, tools, ask, ownerUrl, unread, smokeMsMax }: Back): Step[] {
  const country = env.toUpperCase();
  const args = ["rollback", ...(to === null ? [] : [to]), "--env", env, "--yes", "--message", message];
  let bad: string | null = null;
  return [
    {
      name: "what runs now",
      would: `ask /health of ${country}`,
      // Whoever rolls back is in trouble: an address that does not answer stops nobody.
      run: async () => {
        const health = ask === null ? null : await healthAt(ask).catch(() => null);
        bad = typeof health?.version === "string" ? health.version : null;
        return { said: bad ?? "unknown" };
      },
    },
    {
      name: "what it would read wrongly",
      would: `look in ${country}'s database for what releases before would read wrongly, and where there is some, ask wrangler which one it goes back to`,
      run: async () => {
        const way = { env, tools, ownerUrl, ...(unread === undefined ? {} : { unread }) };
        const faults = await wayBackFaults(way, () => commitOfVersion(tools, env, to));
        if (faults.length === 0) return { said: "nothing" };
        if (anyway) return { said: ["GONE BACK ANYWAY", ...faults].join("\n") };
        return refuse(...faults, "nothing was rolled back; docs/delivering.md, Back, says when to write --anyway");
      },
    },
    {
      name: "roll back",
      would: `run wrangler ${args.join(" ")}`,
      run: () => {
        const { status, stdout, stderr } = tools.run("wrangler", args);
        return status === 0 ? { said: "the version before is out" } : refuse(tail(stderr || stdout));
      },
    },
    {
      name: "smoke test",
      would: `ask ${country} as after a deploy`,
      run: async () => {
        if (ask === null) return { said: `not asked: OPS_URL_${country} is not set` };
        const options = smokeMsMax === undefined ? {} : { msMax: smokeMsMax, pauseMs: 50 };
        const faults = await smoke(ask, { country, version: null, not: bad }, options);
        if (faults.length > 0) return refuse(...faults);
        return {
          said: `${country} runs ${String((await healthAt(ask))?.version ?? "a release that does not say its commit")}`,
        };
      },
    },
  ];
}

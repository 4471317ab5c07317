/** What `npm run simulate` may be told. */
import { parseArgs } from "node:util";

/** So many red seeds are enough: no further ones are begun. */
export const RED_MAX = 5;
/** Processes beside each other: each has a PostgreSQL in its memory. */
const AT_ONCE_MAX = 4;
/** A seed's length, and minutes that `--within` may give: a week, and a day. */
const LENGTH_HOURS_MAX = 7 * 24;
const WITHIN_MAX = 1_440;
/** All that was owed is paid within a day of peace. */
const PEACE_HOURS_MAX = 24;

export const FLAGS = {
  seeds: { type: "string", default: "20" },
  from: { type: "string", default: "1" },
  seed: { type: "string" },
  forever: { type: "boolean", default: false },
  minutes: { type: "string", default: "20" },
  hours: { type: "string" },
  mutant: { type: "string" },
  "until-red": { type: "boolean", default: false },
  "peace-hours": { type: "string", default: String(PEACE_HOURS_MAX) },
  "no-story": { type: "boolean", default: false },
  within: { type: "string" },
  "at-once": { type: "string" },
  loud: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

export const HELP = `npm run simulate -- [flags]: the whole Worker in one thread by a clock of its own, drawn from a seed (docs/faults.md)

  --seeds N        so many seeds (${FLAGS.seeds.default})
  --from K         beginning with this one (${FLAGS.from.default})
  --seed K         this one alone
  --forever        until it is stopped, or ${RED_MAX} are red
  --minutes N      what a seed lasts until peace comes (${FLAGS.minutes.default}); a shorter one breaks as much in less time
  --hours N        the same in hours, ${LENGTH_HOURS_MAX} at most
  --mutant NAME    with this mistake of dev/heart-mutants in the Worker
  --until-red      ends with the first red seed
  --peace-hours N  how long a peace waits for what is owed, ${PEACE_HOURS_MAX} at most (${FLAGS["peace-hours"].default}); a mistake need not be waited for as long
  --no-story       a red seed is not told again with fewer deeds
  --within N       red where not every seed was played in so many minutes, and names the one that was not
  --at-once N      processes beside each other, ${AT_ONCE_MAX} at most (one a core)
  --loud           with what the Worker writes into its log
  --help           this`;

export type Flags = {
  first: number;
  /** Infinity: until it is stopped. */
  count: number;
  minutes: number;
  mutant: string | null;
  redMax: number;
  peaceHours: number;
  hasStory: boolean;
  withinMinutes: number | null;
  atOnce: number;
  isLoud: boolean;
  isHelp: boolean;
};

/** `cores`: of this machine. Throws, in words for whoever typed it, where a flag is unknown or is no whole number within its bounds. */
export function readFlags(args: readonly string[], cores: number): Flags {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  const whole = (
    name: "seed" | "from" | "seeds" | "hours" | "minutes" | "at-once" | "within" | "peace-hours",
    max: number,
    otherwise?: number,
  ) => {
    const n = values[name] === undefined ? (otherwise ?? Number.NaN) : Number(values[name]);
    if (!Number.isInteger(n) || n < 1 || n > max)
      throw new Error(`--${name} ${values[name]}: a whole number from 1 to ${max} is expected`);
    return n;
  };
  const isOne = values.seed !== undefined;
  return {
    first: whole(isOne ? "seed" : "from", 1e9),
    count: values.forever ? Number.POSITIVE_INFINITY : isOne ? 1 : whole("seeds", 1e6),
    minutes:
      values.hours === undefined ? whole("minutes", 60 * LENGTH_HOURS_MAX) : 60 * whole("hours", LENGTH_HOURS_MAX),
    mutant: values.mutant ?? null,
    redMax: values["until-red"] ? 1 : RED_MAX,
    peaceHours: whole("peace-hours", PEACE_HOURS_MAX),
    hasStory: !values["no-story"],
    withinMinutes: values.within === undefined ? null : whole("within", WITHIN_MAX),
    atOnce: whole("at-once", AT_ONCE_MAX, Math.min(AT_ONCE_MAX, cores)),
    isLoud: values.loud,
    isHelp: values.help,
  };
}

/** The command that plays one seed of such a run again. */
export function againSeed(seed: number, { minutes, mutant }: Pick<Flags, "minutes" | "mutant">): string {
  const mistake = mutant === null ? "" : ` --mutant "${mutant}"`;
  return `npm run simulate -- --seed ${seed} --minutes ${minutes}${mistake}`;
}

/**
 * `npm run backfill:s3 -- --env ls --file dump.json`: the meters' history from one JSON array of raw readings. Read as a
 * stream, sorted a meter, thinned to a reading in 15 minutes, and posted to the operators' door by the road of live
 * readings. Twice is once.
 */
import { parseArgs } from "node:util";
import { COUNTRIES, type Country } from "../src/domain/country.ts";
import { Gatherer } from "./backfill/gather.ts";
import { type PageItem, postHistories } from "./backfill/post.ts";
import { progressBar, reportLines } from "./backfill/report.ts";
import { itemsOf, openSource } from "./backfill/source.ts";
import { type Door, doorOf, knock } from "./door.ts";
import { clearLine, fail, progressLine } from "./progress-line.ts";

const IN_FLIGHT = 4;
const HELP = `npm run backfill:s3 -- --env local|ls|bj|zm --file PLACE [options]
  --file PLACE      a file, an https URL, or s3://bucket/key (signed with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
                    AWS_REGION); .gz is unpacked. One JSON array of raw readings, in any order
  --dry-run         reads, sorts, thins and reports; sends nothing
  --country BJ      with --env local
  --in-flight N     pages at once (${IN_FLIGHT})
  --actor NAME      who does it`;

const { values: flags } = parseArgs({
  options: {
    env: { type: "string" },
    file: { type: "string" },
    country: { type: "string" },
    actor: { type: "string" },
    "in-flight": { type: "string", default: String(IN_FLIGHT) },
    "dry-run": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (flags.help || flags.file === undefined) {
  console.log(HELP);
  process.exitCode = flags.help ? 0 : 2;
} else await main(flags.file).catch(fail);

async function main(place: string) {
  const began = performance.now();
  const door = flags["dry-run"] ? null : doorOf(flags);
  const gatherer = new Gatherer(countryNamed(door?.country).utcOffsetMinutes);
  const { stream, bytes } = await openSource(place, process.env);
  let read = 0;
  const reading = progressLine();
  for await (const record of itemsOf(stream, (more) => (read += more))) {
    gatherer.add(record);
    reading(() => progressBar(read, bytes, `bytes, ${gatherer.records} records`));
  }
  const histories = gatherer.histories();
  const total = histories.reduce((sum, { kept }) => sum + kept.length, 0);
  let posted = 0;
  const posting = progressLine();
  const draw = (more: number) => {
    posted += more;
    posting(() => progressBar(posted, total, "readings sent"));
  };
  const inFlight = Math.max(1, Math.floor(Number(flags["in-flight"])) || IN_FLIGHT);
  const outcomes =
    door === null ? null : await postHistories(histories, (page) => post(door, page), { inFlight }, draw);
  clearLine();
  for (const line of reportLines(histories, gatherer.bad, outcomes)) console.log(line);
  console.log(`${gatherer.records} records in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
}

async function post(door: Door, readings: unknown[]): Promise<PageItem[] | null> {
  const answer = await knock(door, "POST", "/backfill", { readings }, flags.actor).catch(() => null);
  if (answer === null || answer.status >= 500 || answer.status === 429) return null;
  if (!answer.ok) throw new Error(`${door.where} answered ${answer.status}: ${answer.text}`);
  return (JSON.parse(answer.text) as { results: PageItem[] }).results;
}

/** Whose wall clock the meters have. */
function countryNamed(code: string | undefined): Country {
  const wanted = code ?? (flags.env === undefined || flags.env === "local" ? (flags.country ?? "LS") : flags.env);
  const country = Object.values(COUNTRIES).find((each) => each.code === wanted.toUpperCase());
  if (country === undefined) throw new Error(`no country ${wanted}`);
  return country;
}

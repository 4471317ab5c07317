/** One SMS in its parts: how often it asks for each, what that costs at least, and what it takes. */
import { join } from "node:path";
import { bundle } from "../lab.ts";
import type { Bench } from "./bench.ts";
import { COUNTED_ENTRY, type Counts, sumOf } from "./counts.ts";
import { table } from "./figures.ts";
import { runLoad } from "./load.ts";
import { type Floors, measureFloors } from "./parts/floors.ts";
import { type ProfilePart, type ProfileShares, readShares } from "./parts/profile-parts.ts";
import { profiler } from "./profile.ts";

/** Lines of the profile. */
const TOP_MAX = 20;
/** Characters that the floor of a call carries in all. */
const CALL_CHARS = 800;
/** And those of the floor of JSON. */
const JSON_CHARS = 960;
/** One core does so much a second; the other is for PostgreSQL, the phones and the meters. */
const ASKED_A_SECOND = 600;

export type PartsResult = {
  sms: number;
  counts: Counts;
  floors: Floors;
  shares: ProfileShares;
  /** Milliseconds of the Worker's CPU an SMS, without counter and profiler. */
  cpuMs: number;
  complaints: string[];
};

/** Three loads: as it is, counted, and profiled. */
export async function runParts(bench: Bench, sms: number, warm: number): Promise<PartsResult> {
  const { profile: _profile, inspectorPort: _port, ...bare } = bench;
  const plain = await runLoad(bare, "fast", sms, warm, false);
  const counted = join(bench.dataDir, "bundle-counted");
  await bundle(counted, COUNTED_ENTRY);
  const withCounts = await runLoad({ ...bare, bundle: counted }, "fast", sms, warm, true);
  const file = bench.profileFile ?? join(bench.dataDir, "parts.cpuprofile");
  const inspectorPort = bench.firstPort + 30;
  const profiled = { ...bench, inspectorPort, profile: profiler(inspectorPort, file) };
  const withProfile = await runLoad(profiled, "fast", sms, warm, false);
  return {
    sms: plain.sms,
    counts: withCounts.counts ?? {},
    floors: await measureFloors(bench),
    shares: await readShares(file, TOP_MAX),
    cpuMs: (plain.cpu.worker * 1_000) / plain.sms,
    complaints: [plain, withCounts, withProfile].flatMap(({ complaints }) => complaints),
  };
}

type Line = { what: string; times: number; floorUs: number };
/** Lines that one part of the profile shows together. */
type Group = { name: string; lines: Line[]; profile: readonly ProfilePart[] };

function groupsOf({ counts, floors, sms }: PartsResult): Group[] {
  const each = (kind: string) => sumOf(counts, kind) / sms;
  const calls = each("call");
  const charsACall = calls === 0 ? 0 : each("carried") / calls;
  const callUs = floors.call + ((floors.callOfRow - floors.call) * charsACall) / CALL_CHARS;
  return [
    {
      name: "SQLite, in a step",
      profile: ["sql"],
      lines: [
        { what: "transactions", times: each("transactionSync"), floorUs: floors.transaction },
        { what: "statements that read", times: each("read"), floorUs: floors.read },
        { what: "statements that write", times: each("write"), floorUs: floors.write },
      ],
    },
    {
      name: "outside JavaScript, and fetches",
      profile: ["outside", "fetches"],
      lines: [
        { what: "requests in", times: each("request"), floorUs: floors.request },
        { what: `calls between objects, ${Math.round(charsACall)} characters each`, times: calls, floorUs: callUs },
        { what: "commits", times: each("commit"), floorUs: floors.commit },
        { what: "alarms that went off", times: each("alarm"), floorUs: floors.alarmFired },
        { what: "queue messages", times: each("delivered"), floorUs: floors.queue },
        { what: "fetches", times: each("fetch"), floorUs: floors.fetch },
      ],
    },
    {
      name: "alarms set and deleted",
      profile: ["alarms"],
      lines: [{ what: "set or deleted", times: each("setAlarm") + each("deleteAlarm"), floorUs: floors.alarmSet }],
    },
    { name: "timers", profile: ["timers"], lines: [{ what: "set", times: each("timer"), floorUs: floors.timer }] },
    {
      name: "JSON",
      profile: ["json"],
      lines: [
        {
          what: "1,000 characters read or written",
          times: each("json") / 1_000,
          floorUs: (floors.json * 1_000) / JSON_CHARS,
        },
      ],
    },
    { name: "JavaScript", profile: ["javascript"], lines: [] },
    { name: "garbage collection", profile: ["gc"], lines: [] },
  ];
}

const inMs = (value: number) => value.toFixed(3);
const lineMs = ({ times, floorUs }: Line) => (times * floorUs) / 1_000;
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

export function partsTable(result: PartsResult): string {
  const groups = groupsOf(result);
  const rows = groups.flatMap(({ name, lines, profile }) => {
    const floorMs = sum(lines.map(lineMs));
    const tookMs = sum(profile.map((part) => result.shares.parts[part])) * result.cpuMs;
    const ratio = floorMs === 0 ? "–" : (tookMs / floorMs).toFixed(1);
    return [
      [`**${name}**`, "", "", lines.length === 0 ? "–" : `**${inMs(floorMs)}**`, `**${inMs(tookMs)}**`, ratio],
      ...lines.map((line) => [
        line.what,
        line.times.toFixed(2),
        `${line.floorUs.toFixed(1)} µs`,
        inMs(lineMs(line)),
        "",
        "",
      ]),
    ];
  });
  const floorMs = sum(groups.flatMap(({ lines }) => lines.map(lineMs)));
  rows.push([
    "**all**",
    "",
    "",
    `**${inMs(floorMs)}**`,
    `**${inMs(result.cpuMs)}**`,
    (result.cpuMs / floorMs).toFixed(1),
  ]);
  const budget = 1_000 / ASKED_A_SECOND;
  return [
    table(["part", "an SMS asks for", "floor of each", "floor, ms an SMS", "takes, ms an SMS", "ratio"], rows),
    "",
    `${ASKED_A_SECOND} a second leave ${budget.toFixed(2)} ms of one core an SMS: the floors alone are ${(floorMs / budget).toFixed(1)} times that, what it takes is ${(result.cpuMs / budget).toFixed(1)} times.`,
  ].join("\n");
}

export const topTable = ({ shares, cpuMs }: PartsResult) =>
  table(
    ["in the profile", "share", "ms an SMS"],
    shares.top.map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`, inMs(share * cpuMs)]),
  );

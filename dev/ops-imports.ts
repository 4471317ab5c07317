import type { MeterDayRow } from "../src/queries/meter-days.ts";
import { type Command, type Flags, need, say } from "./command.ts";
import { call, type Door } from "./door.ts";

/** Commands about what is in of each site's days. */
export const IMPORT_COMMANDS: Record<string, Command> = {
  "import:map": {
    help: "[--from DAY --to DAY --site MAK --json]   site by day: # all hours in, % of those that are in, ! failed, . nothing yet",
    run: map,
  },
  "import:priority": {
    help: "[--scope country|MAK|0045MAK --sources koios_report,koios --reason TEXT --actor NAME]   which source is believed where several tell of one hour",
    run: (door, flags) =>
      flags.scope === undefined
        ? say(door, "GET", "/imports/priorities")
        : say(
            door,
            "PUT",
            `/imports/priorities/${need(flags, "scope")}`,
            { sources: need(flags, "sources").split(","), reason: need(flags, "reason") },
            need(flags, "actor"),
          ),
  },
};

async function map(door: Door, flags: Flags) {
  const asked = new URLSearchParams();
  for (const name of ["from", "to", "site"]) if (flags[name] !== undefined) asked.set(name, flags[name]);
  const { days } = await call<{ days: MeterDayRow[] }>(door, "GET", `/imports/days?${asked}`);
  console.log(flags.json === "true" ? JSON.stringify(days, null, 2) : mapLines(days).join("\n"));
}

/** One line a site, a column a day; below it what stands in the way. */
export function mapLines(rows: readonly MeterDayRow[]): string[] {
  if (rows.length === 0) return ["no site-day was asked for yet"];
  const days = [...new Set(rows.map(({ day }) => day))].sort();
  const sites = [...new Set(rows.map(({ site }) => site))].sort();
  const cellOf = (site: string, day: string) => {
    const own = rows.filter((row) => row.site === site && row.day === day);
    const best = own.toSorted(
      (a, b) => Number(b.complete) - Number(a.complete) || b.receivedHours - a.receivedHours,
    )[0];
    if (best === undefined) return "   ";
    if (best.complete && best.receivedHours >= (best.expectedHours ?? 1)) return "  #";
    if (best.expectedHours === null || best.receivedHours === 0) return best.lastError === null ? "  ." : "  !";
    return String(Math.floor((best.receivedHours * 100) / Math.max(1, best.expectedHours))).padStart(3);
  };
  const head = `     ${days.map((day) => ` ${day.slice(8)}`).join("")}   ${days[0]} to ${days.at(-1)}`;
  const faults = rows.filter(({ lastError, complete }) => lastError !== null && !complete);
  return [
    head,
    ...sites.map((site) => `${site}  ${days.map((day) => cellOf(site, day)).join("")}`),
    ...faults.map(
      ({ site, day, source, attempts, lastError }) =>
        `${day} ${site} ${source}: ${lastError} (tried ${attempts} times)`,
    ),
  ];
}

import type { Vendor } from "../vendor.ts";
import { FILE_SOURCE, IMPORT_SOURCES, type ImportSource, SOURCES } from "./source.ts";
import { ageDays, HISTORY_DAYS, type UnitName } from "./unit.ts";
import { DAY_MS, dayNamed, startOfDay } from "./vendor-day.ts";

/** A quarter of twenty sites. */
export const UNITS_ASKED_MAX = 2_000;

/** What one may ask for: a source by name, or a vendor, of which each day is then taken from the source that has it. */
export const ASKABLE = IMPORT_SOURCES.filter((source) => SOURCES[source].vendor !== null && source !== FILE_SOURCE);

/** The source that has a day of a vendor: its history, or, of days long past, its report. */
export function sourceOf(asked: ImportSource, day: string, now: number): ImportSource {
  return asked === "koios" && ageDays(day, now) > HISTORY_DAYS ? "koios_report" : asked;
}

/** The units of some days of sites of the source's vendor; days that have not ended are left out. Null: too many. */
export function unitsBetween(
  sites: readonly { site: string; vendor: Vendor }[],
  asked: ImportSource,
  from: string,
  to: string,
  now: number,
): UnitName[] | null {
  const own = sites.filter(({ vendor }) => vendor === SOURCES[asked].vendor);
  const days = Math.floor((startOfDay(to) - startOfDay(from)) / DAY_MS) + 1;
  if (days * own.length > UNITS_ASKED_MAX) return null;
  const units: UnitName[] = [];
  for (let n = 0; n < days; n++) {
    const day = dayNamed(startOfDay(from) + n * DAY_MS);
    if (ageDays(day, now) < 0) continue;
    for (const { site } of own) units.push({ site, day, source: sourceOf(asked, day, now) });
  }
  return units;
}

import type { Vendor } from "../vendor.ts";

/** Where interval energy comes from: a unit of work is one site and UTC day of one of these. */
export const IMPORT_SOURCES = [
  "koios",
  "thundercloud",
  "koios_report",
  "koios_file",
  "portfolio",
  "monthly_file",
  "steama",
] as const;
export type ImportSource = (typeof IMPORT_SOURCES)[number];

/**
 * Whom to believe where several sources say something of one meter's hour, the best first. A country's list; a site or an
 * account may have another one.
 */
export const SOURCE_PRIORITY: readonly ImportSource[] = IMPORT_SOURCES;

/** What a person brought as a day of Koios: nobody fetches it, and what the vendor itself tells of an hour stands before it. */
export const FILE_SOURCE = "koios_file" satisfies ImportSource;

/** How a source counts a whole hour, and of which vendor it is; null: of none, it comes as a file. */
export const SOURCES: Record<ImportSource, { vendor: Vendor | null; intervalsPerHour: number }> = {
  koios: { vendor: "koios", intervalsPerHour: 4 },
  thundercloud: { vendor: "thundercloud", intervalsPerHour: 4 },
  koios_report: { vendor: "koios", intervalsPerHour: 4 },
  koios_file: { vendor: "koios", intervalsPerHour: 4 },
  portfolio: { vendor: null, intervalsPerHour: 1 },
  monthly_file: { vendor: null, intervalsPerHour: 1 },
  steama: { vendor: null, intervalsPerHour: 1 },
};

export const isImportSource = (name: string): name is ImportSource =>
  (IMPORT_SOURCES as readonly string[]).includes(name);

/** Whether what `given` says of an hour takes the place of what `known` said. Of one source the newer word stands. */
export function prevails(given: string, known: string, priority: readonly string[]): boolean {
  const place = (source: string) => {
    const found = priority.indexOf(source);
    return found < 0 ? priority.length : found;
  };
  return given === known || place(given) < place(known);
}

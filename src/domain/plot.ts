import type { Country } from "./country.ts";

const SURVEY = /^([A-Z]{3})[\s/_-]*(\d{1,4})([A-Z]?)(?:[\s/_-]+|(?<=\d))([A-Z]{2,5}\d?)$/;

/**
 * The survey's id of a plot in one spelling, "MAK 0123 HH1" ("mak-0123 hh1"); its number stays as it was written. What
 * has another shape is kept, in capitals and with single spaces.
 */
export function canonicalPlot(typed: string): string {
  const plot = typed.normalize("NFKC").toUpperCase().replace(/\s+/g, " ").trim();
  const [, site, number, letter, type] = SURVEY.exec(plot) ?? [];
  return site === undefined ? plot : `${site} ${number}${letter} ${type}`;
}

/** Null: it lies in the country. Otherwise what is expected, in words. */
export function whyNotIn({ box }: Pick<Country, "box">, latitude: number, longitude: number): string | null {
  const { south, north, west, east } = box;
  const lies = (lat: number, lon: number) => lat >= south && lat <= north && lon >= west && lon <= east;
  if (lies(latitude, longitude)) return null;
  const range = `latitude ${south} to ${north}, longitude ${west} to ${east}`;
  return lies(longitude, latitude) ? `${range}; these two look swapped` : range;
}

import type { CountryCode } from "./country.ts";

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

type Box = { south: number; north: number; west: number; east: number };

/** Each country with a little around it: a swapped or mistyped coordinate lies outside. */
const BOXES: Record<CountryCode, Box> = {
  LS: { south: -30.8, north: -28.4, west: 26.9, east: 29.6 },
  BJ: { south: 6.0, north: 12.6, west: 0.6, east: 4.0 },
  ZM: { south: -18.2, north: -8.1, west: 21.8, east: 33.8 },
};

/** Null: it lies in the country. Otherwise what is expected, in words. */
export function whyNotIn(country: CountryCode, latitude: number, longitude: number): string | null {
  const { south, north, west, east } = BOXES[country];
  const lies = (lat: number, lon: number) => lat >= south && lat <= north && lon >= west && lon <= east;
  if (lies(latitude, longitude)) return null;
  const range = `latitude ${south} to ${north}, longitude ${west} to ${east}`;
  return lies(longitude, latitude) ? `${range}; these two look swapped` : range;
}

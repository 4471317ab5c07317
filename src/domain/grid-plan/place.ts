import { err, ok, type Result } from "../result.ts";

/** Degrees, by name: the planning tool calls longitude X and latitude Y, and the old sync wrote one into the other. */
export type Place = { latitude: number; longitude: number };
export type PlaceFault = { field: "GPS_Y" | "GPS_X"; value: unknown; expected: string };

const EARTH_RADIUS_M = 6_371_008.8;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Metres between two places over the ground (haversine on a sphere: half a percent off at most). */
export function metresBetween(a: Place, b: Place): number {
  const [dLatitude, dLongitude] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)];
  const h =
    Math.sin(dLatitude / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(dLongitude / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** A country's corners, between which each of its places lies. */
export type Bounds = { south: number; north: number; west: number; east: number };

/**
 * The tool's GPS_X (longitude) and GPS_Y (latitude) as a place; null: it has none. Outside the country it is refused, and where it would lie
 * inside with the two exchanged that is said: somebody has swapped them.
 */
export function readPlace(gpsX: unknown, gpsY: unknown, bounds: Bounds): Result<Place | null, PlaceFault> {
  const [longitude, latitude] = [degrees(gpsX), degrees(gpsY)];
  const isNone = (value: number | null) => value === null || value === 0;
  if (isNone(longitude) && isNone(latitude)) return ok(null);
  if (latitude === null || Math.abs(latitude) > 90)
    return err({ field: "GPS_Y", value: gpsY, expected: "a latitude, -90 to 90" });
  if (longitude === null || Math.abs(longitude) > 180)
    return err({ field: "GPS_X", value: gpsX, expected: "a longitude, -180 to 180" });
  const place = { latitude, longitude };
  if (isInside(place, bounds)) return ok(place);
  const isSwapped = isInside({ latitude: longitude, longitude: latitude }, bounds);
  const expected = isSwapped
    ? "a longitude: GPS_X and GPS_Y are exchanged"
    : `a place of the country: latitude ${bounds.south} to ${bounds.north}, longitude ${bounds.west} to ${bounds.east}`;
  return err({ field: "GPS_X", value: gpsX, expected });
}

const isInside = ({ latitude, longitude }: Place, { south, north, west, east }: Bounds) =>
  latitude >= south && latitude <= north && longitude >= west && longitude <= east;

/** Null: nothing, or nothing that is a number. */
function degrees(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

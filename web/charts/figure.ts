/** What a figure shows, as plain data. Pages make it, everything here reads it: drawing, table, CSV, words. */

export type Kind = "bar" | "line" | "area";

/** How whole units become what is read: 1,234 watt-hours at a divisor of 1,000 are 1.234 kWh, shown with `digits` of them. */
export type Unit = { name: string; divisor: 1 | 10 | 100 | 1_000 | 10_000 | 1_000_000; digits: number };

export const KWH: Unit = { name: "kWh", divisor: 1_000, digits: 2 };
export const KW: Unit = { name: "kW", divisor: 1_000, digits: 2 };
/** Of things that are counted: customers, meters. */
export const counted = (name: string): Unit => ({ name, divisor: 1, digits: 0 });
export const percent: Unit = { name: "%", divisor: 1, digits: 1 };
/** Amounts in minor units, of the country's currency. */
export const money = (currency: string, minorDigits: 0 | 2): Unit => ({
  name: currency,
  divisor: minorDigits === 2 ? 100 : 1,
  digits: minorDigits,
});

/** Null is a gap: nobody knows. 0 is known. */
export type Value = number | null;

export type Series = {
  name: string;
  values: readonly Value[];
  /** When it is drawn otherwise than the figure. */
  kind?: Kind;
  /** When it is measured otherwise: then it has the axis on the right. All series with a unit of their own share it. */
  unit?: Unit;
};

/** `instant`: a value stands for a moment. Others: for the hour, day, quarter or month that begins at `at`. */
export type Bucket = "instant" | "hour" | "day" | "month" | "quarter";

export type Figure = {
  title: string;
  kind: Kind;
  unit: Unit;
  series: readonly Series[];
  /** Beginnings of the local buckets, or instants, as UTC milliseconds; rising. Instead of it `names`. */
  at?: readonly number[];
  bucket?: Bucket;
  /** The country's, not the browser's. */
  utcOffsetMinutes?: number;
  /** What the values stand for where that is no time: sites, types. */
  names?: readonly string[];
  /** Two of the series, by their places in it: what lies between them is tinted as a band. */
  band?: readonly [upper: number, lower: number];
  /** Bars of one place stand on each other, not side by side. */
  stacked?: boolean;
  /** The last bucket is not over: it is drawn paler. */
  running?: boolean;
  /** Where the values come from, in the reader's words. */
  source: string;
  /** Null: not known. */
  asOf: number | null;
};

export const kindOf = (figure: Figure, series: Series): Kind => series.kind ?? figure.kind;
export const unitOf = (figure: Figure, series: Series): Unit => series.unit ?? figure.unit;
export const offsetOf = (figure: Figure): number => figure.utcOffsetMinutes ?? 0;
/** How many places the figure has along its lower edge. */
export const placesOf = ({ at, names }: Figure): number => at?.length ?? names?.length ?? 0;

/** Bars and names stand in places of one width; lines over instants lie where their time is. */
export const hasPlaces = (figure: Figure): boolean =>
  figure.at === undefined || figure.series.some((series) => kindOf(figure, series) === "bar");

/** Whether there is anything to draw. */
export const isEmpty = ({ series }: Figure): boolean =>
  series.every(({ values }) => values.every((value) => value == null));

/** Places of which no series knows anything. */
export function gapsOf(figure: Figure): number[] {
  const places = Array.from({ length: placesOf(figure) }, (_, place) => place);
  return places.filter((place) => figure.series.every(({ values }) => (values[place] ?? null) === null));
}

/*
 * Figures that other systems of the company ask for, in the words in which they have always been answered: the O&M system, the Department
 * of Energy's list, the page of what each country costs. Field names are theirs.
 */

/** Accounts of a site and type of customer; type null: nobody knows it, or the site has none. */
export type SiteConnections = {
  site: string;
  name: string;
  district: string | null;
  type: string | null;
  accounts: number;
  withMeter: number;
  withReadyboard: number;
  withLight: number;
};

/** Which types of customer each column of the list counts; every other one is in `other`. */
const COLUMNS = {
  households: ["HH", "HH1", "HH2", "HH3"],
  businesses: ["SME"],
  schools: ["SCH", "SCP"],
  clinics: ["HC"],
  churches: ["CHU"],
} as const;
type ColumnName = keyof typeof COLUMNS;
const NAMES = Object.keys(COLUMNS) as ColumnName[];

/** No villages: a laboratory, and what nobody could place. */
const EXCLUDED = ["LAB", "UNK"];
const UNKNOWN_TYPE = "unknown";
const WH_OF_KWH = 1_000;
const WH_OF_MWH = 1_000_000;

/** Watt-hours in the unit that they ask for: a quotient of whole numbers, computed with nowhere. Null: not known. */
const inUnit = (wh: number | null, unitWh: number) => (wh === null ? null : wh / unitWh);

const sumOf = (rows: readonly SiteConnections[], of: (row: SiteConnections) => number) =>
  rows.reduce((sum, row) => sum + of(row), 0);

const isHousehold = ({ type }: SiteConnections) => COLUMNS.households.some((each) => each === type);

/** Rows by site, in the order in which they came. */
function bySite(rows: readonly SiteConnections[]): [SiteConnections, SiteConnections[]][] {
  const sites = new Map<string, SiteConnections[]>();
  for (const row of rows) sites.set(row.site, [...(sites.get(row.site) ?? []), row]);
  return [...sites.values()].flatMap((of) => (of[0] === undefined ? [] : [[of[0], of]]));
}

/** The O&M system's overview of a local day. `usedWh`: all that was ever used up to its end; null: nothing is known. */
export function omOverview(asOf: string, rows: readonly SiteConnections[], usedWh: number | null) {
  const typed = new Map<string, number>();
  for (const { type, accounts } of rows)
    if (accounts > 0) typed.set(type ?? UNKNOWN_TYPE, (typed.get(type ?? UNKNOWN_TYPE) ?? 0) + accounts);
  const total = sumOf(rows, ({ accounts }) => accounts);
  const residential = sumOf(rows.filter(isHousehold), ({ accounts }) => accounts);
  const unknown = typed.get(UNKNOWN_TYPE) ?? 0;
  const sites = bySite(rows).map(([{ site: code, name }, of]) => ({
    code,
    name,
    status: sumOf(of, ({ withLight }) => withLight) > 0 ? "active" : "planned",
  }));
  return {
    as_of: asOf,
    connections: {
      total,
      residential,
      commercial: total - residential - unknown,
      by_type: Object.fromEntries([...typed].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
    sites: { total: sites.length, names: sites.map(({ name }) => name), detail: sites },
    total_mwh: inUnit(usedWh, WH_OF_MWH),
    energy_source: "metered_days",
  };
}

/** What was used from a local day to another, both included. */
export const omConsumption = (start: string, end: string, usedWh: number | null) => ({
  total_kwh: inUnit(usedWh, WH_OF_KWH),
  total_mwh: inUnit(usedWh, WH_OF_MWH),
  start,
  end,
  source_table: "metered_days",
});

/** The Department of Energy's list of sites on a local day. */
export function siteStatus(asOf: string, rows: readonly SiteConnections[]) {
  const figuresOf = (of: readonly SiteConnections[]) => {
    const registered = sumOf(of, ({ accounts }) => accounts);
    const counted = (name: ColumnName) =>
      sumOf(
        of.filter(({ type }) => COLUMNS[name].some((each) => each === type)),
        ({ accounts }) => accounts,
      );
    const columns = Object.fromEntries(NAMES.map((name) => [name, counted(name)])) as Record<ColumnName, number>;
    const [meter, board, light] = [
      sumOf(of, ({ withMeter }) => withMeter),
      sumOf(of, ({ withReadyboard }) => withReadyboard),
      sumOf(of, ({ withLight }) => withLight),
    ];
    return {
      registered_total: registered,
      ...columns,
      other: registered - NAMES.reduce((sum, name) => sum + columns[name], 0),
      connections_total: light,
      ...{ with_meter: meter, without_meter: registered - meter },
      ...{ with_readyboard: board, without_readyboard: registered - board },
      ...{ with_electricity: light, without_electricity: registered - light },
    };
  };
  const counted = rows.filter(({ site }) => !EXCLUDED.includes(site));
  const sites = bySite(counted).map(([{ site, name, district }, of]) => {
    const figures = figuresOf(of);
    const site_status = figures.connections_total > 0 ? "connected" : "not_connected";
    return { site_code: site, name, region: district, site_status, ...figures };
  });
  return {
    as_of: asOf,
    category_notes: Object.fromEntries([
      ...NAMES.map((name) => [name, COLUMNS[name].join(", ")]),
      ["other", "every other type"],
    ]),
    sites,
    totals: figuresOf(counted),
    not_yet_connected: sites
      .filter(({ site_status }) => site_status === "not_connected")
      .map(({ site_code }) => site_code),
    excluded_communities: EXCLUDED,
  };
}

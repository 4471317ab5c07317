import type { FrozenReport } from "../../src/domain/metrics/frozen.ts";
import type { SheetAnswer } from "../../src/domain/metrics/sheet-answer.ts";
import type { Sheet } from "../../src/domain/metrics/sheets.ts";
import type { Env } from "../env.ts";
import { FunnelQuery, funnelSheet } from "./reports-cohorts.ts";
import { CountryQuery, countrySheet } from "./reports-country.ts";
import { AuditQuery, auditSheet, completenessSheet, WindowQuery } from "./reports-coverage.ts";
import { curveSheet, LoadQuery } from "./reports-load.ts";
import { LossQuery, lossesSheet } from "./reports-losses.ts";
import { GrowthQuery, growthSheet, QuarterQuery, statisticsSheet } from "./reports-people.ts";
import { SalesQuery, salesSheet } from "./reports-sales.ts";
import type { Sheeted } from "./reports-sheet.ts";
import { SitesQuery, sitesSheet } from "./reports-sites.ts";
import { TenureQuery, tenureSheet } from "./reports-tenure.ts";

type Asked = Record<string, unknown>;
type Maker = {
  /** Names of what may be asked. */
  names: readonly string[];
  /** Throws where the question is none that it answers. */
  make(env: Env, asked: Asked): Promise<Sheeted>;
};

/** How each report of one table is made of its question: the same for its page, its files and its frozen file. */
const MAKERS: Record<Sheet, Maker> = {
  daily_sales: { names: Object.keys(SalesQuery.shape), make: (env, asked) => salesSheet(env, SalesQuery.parse(asked)) },
  sites: { names: Object.keys(SitesQuery.shape), make: (env, asked) => sitesSheet(env, SitesQuery.parse(asked)) },
  losses: { names: Object.keys(LossQuery.shape), make: (env, asked) => lossesSheet(env, LossQuery.parse(asked)) },
  statistics: {
    names: Object.keys(QuarterQuery.shape),
    make: (env, asked) => statisticsSheet(env, QuarterQuery.parse(asked)),
  },
  growth: { names: Object.keys(GrowthQuery.shape), make: (env, asked) => growthSheet(env, GrowthQuery.parse(asked)) },
  funnel: { names: Object.keys(FunnelQuery.shape), make: (env, asked) => funnelSheet(env, FunnelQuery.parse(asked)) },
  completeness: {
    names: Object.keys(WindowQuery.shape),
    make: (env, asked) => completenessSheet(env, WindowQuery.parse(asked)),
  },
  coverage: { names: Object.keys(AuditQuery.shape), make: (env, asked) => auditSheet(env, AuditQuery.parse(asked)) },
  tenure: { names: Object.keys(TenureQuery.shape), make: (env, asked) => tenureSheet(env, TenureQuery.parse(asked)) },
  load_curve: { names: Object.keys(LoadQuery.shape), make: (env, asked) => curveSheet(env, LoadQuery.parse(asked)) },
  country: {
    names: Object.keys(CountryQuery.shape),
    make: (env, asked) => countrySheet(env, CountryQuery.parse(asked)),
  },
};

export const makeSheet = (env: Env, sheet: Sheet, asked: Asked): Promise<Sheeted> => MAKERS[sheet].make(env, asked);

/** The same question as then, over the same days, by what is known and how it is computed now. */
export function sheetAgain(env: Env, { asked, answer }: FrozenReport<SheetAnswer>): Promise<Sheeted> {
  const { names, make } = MAKERS[answer.report];
  const { from, to } = answer;
  const then: Asked = {
    ...asked.more,
    from,
    to,
    quarter: from,
    ...(answer.site === null ? {} : { site: answer.site }),
  };
  return make(env, Object.fromEntries(Object.entries(then).filter(([name]) => names.includes(name))));
}

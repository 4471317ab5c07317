/** The truth as tables, and what is wrong with it as sentences. */
import { grouped, table } from "../bench/figures.ts";
import type { CountryTruth } from "./options.ts";

const named = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([name, n]) => `${name} ${grouped(n)}`)
    .join(", ") || "none";

export function reportOf(truths: readonly CountryTruth[]): string {
  const sites = truths.flatMap(({ country, sites: of }) =>
    of.map((site) => [
      `${country} ${site.site}`,
      site.vendor,
      grouped(site.units),
      grouped(site.attempts),
      `${site.daysComplete} of ${site.days}`,
      grouped(site.importedWh),
      grouped(site.truthWh),
      `${grouped(site.hours - site.hoursWrong)} of ${grouped(site.hours)}`,
      `${site.accountsEqual} of ${site.accounts}`,
    ]),
  );
  const parts = truths.map((truth) => {
    const { country, credits, drift, faultsMet } = truth;
    return [
      `${country}, lived through ${truth.livedThrough} in ${truth.seconds} s: ${grouped(truth.requests)} requests, ${truth.refused} refused; the power failed ${truth.kills} times`,
      ...Object.entries(faultsMet).map(([vendor, met]) => `  faults met at ${vendor}: ${named(met)}`),
      ...truth.sites.map(({ site, leftOut }) => `  rows thrown out of ${site}: ${named(leftOut)}`),
      `  credits: ${credits.payments} posted, ${credits.once} at the vendor once, ${credits.twice.length} twice, ${credits.missing.length} missing, ${credits.strangers.length} without a posting`,
      `  wallets, nothing planted: ${named(drift.verdicts)}; cases: ${drift.cases.join(", ") || "none"}`,
      `  planted on ${truth.plantedOn}, two weeks later: ${named(truth.afterPlants)}; cases without a plant: ${truth.unexplained.join(", ") || "none"}`,
      ...truth.plants.map(
        ({ account, planted, named: causes, verdict, caseOpen }) =>
          `    ${planted} at ${account}: ${verdict}, ${caseOpen ? "case" : "no case"}, named ${causes.join(", ") || "nothing"}`,
      ),
    ].join("\n");
  });
  const head = [
    "site",
    "vendor",
    "units",
    "attempts",
    "days complete",
    "Wh imported",
    "Wh true",
    "hours equal",
    "accounts equal",
  ];
  return `${table(head, sites)}\n\n${parts.join("\n\n")}`;
}

export function faultsIn(truth: CountryTruth): string[] {
  const { country, sites, credits, drift } = truth;
  const are = (what: string, list: readonly string[]) =>
    list.length === 0 ? [] : [`${country}: ${list.length} ${what}: ${list.slice(0, 5).join(", ")}`];
  return [
    ...sites.flatMap(({ site, accounts, accountsEqual, days, daysComplete }) => [
      ...(accountsEqual === accounts
        ? []
        : [`${country} ${site}: ${accounts - accountsEqual} accounts are not the truth`]),
      ...(daysComplete === days ? [] : [`${country} ${site}: ${days - daysComplete} days are open`]),
    ]),
    // The budget is kept to the request: the vendor never has to say no.
    ...(truth.refused === 0 ? [] : [`${country}: the vendor refused ${truth.refused} requests for being too many`]),
    ...(truth.deadLetters === 0 ? [] : [`${country}: ${truth.deadLetters} messages were given up on`]),
    ...are("credits twice", credits.twice),
    ...are("credits missing", credits.missing),
    ...are("credits without a posting", credits.strangers),
    ...are("cases over wallets in which nothing was planted", drift.cases),
    ...are("cases that no plant explains", truth.unexplained),
    ...truth.plants.flatMap(({ account, planted, named: causes, caseOpen }) => {
      // The hours since midnight are never in yet.
      const [first, ...more] = causes.map((cause) => cause.split(" ")[0]);
      const isRight = caseOpen && first === planted && more.every((cause) => cause === "missing_interval");
      return isRight ? [] : [`${country} ${account}: planted ${planted}, named ${causes.join(", ") || "nothing"}`];
    }),
  ];
}

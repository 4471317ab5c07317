import { percentilesOf } from "../../src/domain/metrics/statistics.ts";
import { monthIndex, type TenureRule } from "../../src/domain/metrics/tenure.ts";
import type { ProfileBy } from "../../src/queries/reports/profile-sql.ts";
import { ACCOUNTS, type Account, type Hour, local } from "./report-profiles-world.ts";

// What follows is the slow twin: it counts one thing after the other, as the definitions say it in words.

export const groupOf = (account: Account, by: ProfileBy) =>
  by === "none" ? null : by === "site" ? account.site : account.type;
export const inOrder = (groups: Iterable<string | null>) =>
  [...new Set(groups)].toSorted((a, b) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
export const total = (list: number[]) => list.reduce((sum, each) => sum + each, 0);
export const halfEven = (sum: number, n: number) => {
  const floor = Math.floor(sum / n);
  const twice = 2 * (sum - floor * n);
  return twice > n || (twice === n && floor % 2 === 1) ? floor + 1 : floor;
};

export function slowCurves(list: Hour[], by: ProfileBy) {
  return inOrder(list.map(({ account }) => groupOf(account, by))).map((group) => {
    const found = Array.from({ length: 24 }, (_, hour) => {
      const means: number[] = [];
      for (const account of ACCOUNTS) {
        const own = list.filter(
          (each) =>
            each.account === account &&
            groupOf(account, by) === group &&
            Number(local(each.hour).slice(11, 13)) === hour,
        );
        if (own.length > 0) means.push(Math.floor((total(own.map(({ wh }) => wh)) * 1_000) / own.length + 0.5));
      }
      return { hour, meanMilliwatt: means.length === 0 ? null : halfEven(total(means), means.length), n: means.length };
    });
    const most = Math.max(...found.map(({ meanMilliwatt }) => meanMilliwatt ?? -1));
    return {
      group,
      hours: found,
      peakHour: found.find(({ meanMilliwatt }) => meanMilliwatt === most)?.hour ?? null,
      peakMilliwatt: most,
    };
  });
}

/** Days of which at least 23 hours are known. */
export function accountDays(list: Hour[]) {
  return [...Map.groupBy(list, ({ account, hour }) => `${local(hour).slice(0, 10)} ${account.id}`)]
    .filter(([, own]) => own.length >= 23)
    .map(([key, own]) => ({
      key,
      day: key.slice(0, 10),
      account: (own[0] as Hour).account,
      wh: total(own.map(({ wh }) => wh)),
      peak: Math.max(...own.map(({ wh }) => wh)),
    }));
}

export function slowDaily(list: Hour[], by: ProfileBy): string[] {
  return [...Map.groupBy(accountDays(list), ({ day, account }) => `${day} ${groupOf(account, by)}`).values()].map(
    (own) => {
      const sorted = own.map(({ wh }) => wh).toSorted((a, b) => a - b);
      const [first] = own as [(typeof own)[number]];
      const reached = (tenths: number) => sorted.find((_, nth) => (nth + 1) * 10 >= tenths * sorted.length);
      return JSON.stringify({
        ...{
          group: groupOf(first.account, by),
          day: first.day,
          p10Wh: reached(1),
          p50Wh: reached(5),
          p90Wh: reached(9),
        },
        ...{ sumWh: total(sorted), n: sorted.length },
      });
    },
  );
}

export function slowCdf(list: Hour[], by: ProfileBy, of: "day" | "hour") {
  const values = of === "day" ? accountDays(list) : list;
  return inOrder(values.map(({ account }) => groupOf(account, by))).map((group) => {
    const own = values.filter(({ account }) => groupOf(account, by) === group).map(({ wh }) => wh);
    return { group, n: own.length, percentiles: percentilesOf(own) };
  });
}

export const slowSums = (list: Hour[]) =>
  [...Map.groupBy(list, ({ hour }) => hour)]
    .map(([hour, own]) => ({ at: hour, energyWh: total(own.map(({ wh }) => wh)), n: own.length }))
    .toSorted((a, b) => a.at - b.at);

export function slowPeaks(list: Hour[], by: ProfileBy, days: number) {
  const whole = ACCOUNTS.filter((account) => list.filter((each) => each.account === account).length >= days * 23);
  return inOrder(whole.map((account) => groupOf(account, by))).map((group) => {
    const members = whole.filter((account) => groupOf(account, by) === group);
    const own = list.filter(({ account }) => members.includes(account));
    const together = slowSums(own).map(({ energyWh }) => energyWh);
    const each = members.map((account) =>
      Math.max(...own.filter((hour) => hour.account === account).map(({ wh }) => wh)),
    );
    return {
      group,
      energyWh: total(together),
      hours: together.length,
      peakWh: Math.max(...together),
      peaksWh: total(each),
      n: members.length,
    };
  });
}

export function slowScatter(list: Hour[], seed: number, max: number) {
  const days = accountDays(list);
  const lot = ({ account, day }: { account: Account; day: string }) => {
    const days = (Date.parse(day) - Date.UTC(2000, 0, 1)) / 86_400_000;
    const x = (((account.id * 40503 + days * 69621 + seed * 16807) % 2147483647) * 48271) % 2147483647;
    return ((x ^ (x >> 15)) * 39373) % 2147483647;
  };
  const drawn = days
    .toSorted((a, b) => lot(a) - lot(b) || a.account.id - b.account.id || (a.day < b.day ? -1 : 1))
    .slice(0, max);
  const points = drawn.toSorted((a, b) => (a.day === b.day ? a.account.id - b.account.id : a.day < b.day ? -1 : 1));
  return { of: days.length, points: points.map(({ wh, peak }) => ({ energyWh: wh, peakWh: peak })) };
}

export function slowTenure(
  rows: { account: Account; month: string; wh: number; hours: number }[],
  rule: TenureRule,
  by: ProfileBy,
) {
  const running = monthIndex("2026-08-01");
  const lastOf = rule === "legacy" ? running : running - 1;
  const counts = (row: (typeof rows)[number]) =>
    rule === "legacy" ||
    (monthIndex(row.month) < running &&
      row.hours >= new Date(Date.UTC(2026, Number(row.month.slice(5, 7)), 0)).getUTCDate() * 23);
  const origins = new Map<Account, number>();
  for (const row of rows) {
    if (!counts(row)) continue;
    const month = monthIndex(row.month);
    origins.set(row.account, Math.min(month, origins.get(row.account) ?? month));
  }
  const groups = inOrder(rows.map(({ account }) => groupOf(account, by))).filter(
    (group) => group !== null || rule === "corrected" || by !== "type",
  );
  const made = groups.map((group) => {
    const members = [...origins].filter(([account]) => groupOf(account, by) === group);
    const longest = Math.max(-1, ...members.map(([, origin]) => lastOf - origin));
    const points = Array.from({ length: longest + 1 }, (_, tenure) => {
      const values = rows
        .filter((row) => counts(row) && (rule === "corrected" || row.wh > 0))
        .filter((row) =>
          members.some(([account, origin]) => account === row.account && monthIndex(row.month) === origin + tenure),
        )
        .map(({ wh }) => wh)
        .toSorted((a, b) => a - b);
      const [q1, q3] = [values[Math.floor(values.length / 4)] ?? 0, values[Math.floor((3 * values.length) / 4)] ?? 0];
      const kept =
        values.length < 4 ? values : values.filter((v) => v >= q1 - 1.5 * (q3 - q1) && v <= q3 + 1.5 * (q3 - q1));
      const isMean = kept.length >= 3;
      const mean = isMean ? halfEven(total(kept), kept.length) : null;
      const exact = total(kept) / kept.length;
      const sd = isMean ? Math.round(Math.sqrt(total(kept.map((v) => (v - exact) ** 2)) / kept.length)) : null;
      return {
        ...{ tenure, meanWh: mean, deviationWh: sd },
        upperWh: mean === null || sd === null ? null : mean + sd,
        lowerWh: mean === null || sd === null ? null : Math.max(0, mean - sd),
        ...{ minWh: isMean ? kept[0] : null, maxWh: isMean ? kept.at(-1) : null },
        n: members.filter(([, origin]) => lastOf - origin >= tenure).length,
        ...{ nd: values.length, nf: values.length - kept.length },
      };
    });
    return { group, points };
  });
  const last = Math.max(-1, ...made.map(({ points }) => points.findLastIndex(({ meanWh }) => meanWh !== null)));
  return made.map(({ group, points }) => ({ group, points: points.slice(0, last + 1) }));
}

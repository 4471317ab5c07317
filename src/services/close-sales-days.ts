import {
  type Channel,
  type Closing,
  type DayFacts,
  type JudgedDay,
  judgeDay,
  type SiteSales,
  stepOf,
} from "../domain/metrics/day-closing.ts";
import type { ClosingDay, ReopenedDay, SalesClosings } from "../ports/sales-closings.ts";

type Named = { day: string; channel: Channel };
/** A day of a channel, as it stands. */
export type SalesDay = Named & JudgedDay & { facts: DayFacts; closing: Closing | null; sales: SiteSales[] };

/** Each day and channel of which something is known, beside what it was when it was last closed. */
export function judgeDays(
  facts: readonly (Named & DayFacts)[],
  sales: readonly (Named & SiteSales)[],
  closings: readonly (Named & Closing)[],
): SalesDay[] {
  const sold = Map.groupBy(sales, keyOf);
  const closed = new Map(closings.map((closing) => [keyOf(closing), closing]));
  return facts.map((each) => {
    const own = (sold.get(keyOf(each)) ?? []).map(({ day: _day, channel: _channel, ...site }) => site);
    const closing = closed.get(keyOf(each)) ?? null;
    return { day: each.day, channel: each.channel, facts: each, closing, sales: own, ...judgeDay(each, own, closing) };
  });
}

const keyOf = ({ day, channel }: Named) => `${day} ${channel}`;

/** Writes down which days are closed now, and which no longer are. */
export async function closeSalesDays(closings: SalesClosings, days: readonly SalesDay[], at: number): Promise<number> {
  const reopened: ReopenedDay[] = [];
  const closed: ClosingDay[] = [];
  for (const { day, channel, closing, sales, ...judged } of days) {
    const { close, reopen } = stepOf(judged, closing);
    const nth = closing?.nth ?? 0;
    if (reopen) reopened.push({ day, channel, nth, because: { changes: judged.changes, waits: judged.waits } });
    if (close) closed.push({ day, channel, nth: nth + 1, sales });
  }
  return closings.write({ reopened, closed }, at);
}

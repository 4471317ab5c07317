import type { InferResponseType } from "hono/client";
import type { LiveStatus } from "../../../workers/portal/live-view.ts";
import type { api } from "../../api.ts";
import { at } from "../../country.ts";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { cash, count, energy, since } from "../../say.ts";
import { wordsOf } from "../../words.ts";
import { change, type Dashboard, dayPlus, lights, sums, weekday } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("dashboard");

/** What is owed beside energy, in the whole country. */
export type OwedNow = InferResponseType<ReturnType<typeof api>["dashboard"]["owed"]["$get"], 200>;
type Props = { shown: Dashboard; site: string; live: LiveStatus | null; owed: OwedNow | null };

/** The day in figures: what came in, what was used, who has light, what waits, and what is owed where fees are charged. */
export function Figures({ shown, site, live, owed }: Props) {
  const { days, today, asOf, sites } = shown;
  const on = (back: number) => sums(days, site, dayPlus(today, -back), dayPlus(today, -back));
  const [now, yesterday, weekAgo, eightAgo] = [on(0), on(1), on(7), on(8)];
  const dayName = (back: number) => t(`day_${weekday(dayPlus(today, -back))}` as "day_0");
  const lit = lights(sites, site);
  const held = live?.today ?? null;
  return (
    <Tiles label={t("figures")}>
      <Tile
        label={t("money_today")}
        value={cash(now.creditedMinor)}
        note={`${t("payments", { n: count(now.payments) })} · ${t("whole_before", { day: dayName(7), value: cash(weekAgo.creditedMinor) })}`}
        tone="good"
        href={at(`/payments?from=${today}&to=${today}${site === "" ? "" : `&site=${site}`}`)}
        asOf={asOf}
        source={t("books")}
      />
      <Tile
        label={t("money_yesterday")}
        value={cash(yesterday.creditedMinor)}
        note={`${dayPlus(today, -1)} · ${t("payments", { n: count(yesterday.payments) })} · ${compared(change(yesterday.creditedMinor, eightAgo.creditedMinor), dayName(1))}`}
        href={at(`/payments?from=${dayPlus(today, -1)}&to=${dayPlus(today, -1)}${site === "" ? "" : `&site=${site}`}`)}
        asOf={asOf}
        source={t("books")}
      />
      <Tile
        label={t("energy_today")}
        value={energy(now.energyWh)}
        note={t("whole_before", { day: dayName(7), value: energy(weekAgo.energyWh) })}
        tone="good"
        asOf={asOf}
        source={t("meters")}
      />
      <Tile
        label={t("energy_yesterday")}
        value={energy(yesterday.energyWh)}
        note={compared(change(yesterday.energyWh, eightAgo.energyWh), dayName(1))}
        asOf={asOf}
        source={t("meters")}
      />
      <Tile
        label={t("lit")}
        value={count(lit.lit)}
        note={t("lit_note", { dark: count(lit.dark), unknown: count(lit.unknown) })}
        tone="good"
        href={at(`/meters${site === "" ? "" : `?site=${site}`}`)}
        asOf={asOf}
        source={t("meters")}
      />
      <Tile
        label={t("silent")}
        value={count(lit.silent)}
        note={t("silent_note", { placed: count(lit.placed), heard: count(lit.heard) })}
        tone={lit.silent > 0 ? "warn" : "good"}
        asOf={asOf}
        source={t("meters")}
      />
      <Tile
        label={t("received")}
        value={cash(held?.paidMinor ?? null)}
        note={held === null ? "" : t("received_note", { n: count(held.payments) })}
        href={at("/payments")}
        asOf={live?.asOf ?? null}
        source={t("phones")}
      />
      <Tile
        label={t("suspense")}
        value={cash(held?.suspenseMinor ?? null)}
        note={
          held === null
            ? ""
            : held.suspenseOpen === 0
              ? t("suspense_none")
              : t("suspense_note", { n: count(held.suspenseOpen), age: since(held.oldestSuspenseAt) })
        }
        tone={held !== null && held.suspenseOpen > 0 ? "warn" : "good"}
        href={at("/suspense")}
        asOf={live?.asOf ?? null}
        source={t("phones")}
      />
      {owed?.isOn === true && (
        <Tile
          label={t("owed")}
          value={cash(owed.owed.reduce((sum, { minor }) => sum + minor, 0))}
          note={
            owed.owed.length === 0
              ? t("owed_none")
              : owed.owed.map(({ kind, minor }) => `${t(`owed_${kind}`)} ${cash(minor)}`).join(" · ")
          }
          href={at("/agreements")}
          asOf={owed.asOf}
          source={t("books")}
        />
      )}
    </Tiles>
  );
}

const compared = (percent: number | null, day: string) =>
  percent === null
    ? t("nothing_before", { day })
    : t("against", { change: `${percent > 0 ? "+" : percent < 0 ? "−" : "±"}${Math.abs(percent)} %`, day });

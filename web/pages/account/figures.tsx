import type { LiveStaffAccount } from "../../../workers/portal/live-view.ts";
import { api, ask, askIf } from "../../api.ts";
import { facts } from "../../country.ts";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { price } from "../../price.ts";
import { cash, energy, since, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { lasts, lightState, worth } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");

type Props = { live: LiveStaffAccount; account: string };

/** The figures that somebody on the phone asks for first. */
export function Figures({ live, account, now }: Props & { now: number }) {
  const left = lasts(live);
  const primary = live.meters.find(({ role }) => role === "primary") ?? live.meters[0];
  const light = primary === undefined ? null : lightState(primary, now);
  const { lastPayment } = live;
  return (
    <Tiles label={t("balance")}>
      <Balance live={live} account={account} />
      <Tile
        label={t("lasts")}
        tone={left.tone}
        value={
          left.days === null || left.hours === null
            ? "–"
            : live.availableWh <= 0
              ? t("lasts_none")
              : left.days === 0
                ? t("lasts_hours", { hours: left.hours })
                : t("lasts_days", { days: left.days, hours: left.hours })
        }
        note={
          left.days === null
            ? t("lasts_unknown")
            : left.tone === "bad" && live.availableWh > 0
              ? t("lasts_low")
              : t("lasts_hint")
        }
      />
      <Tariff account={account} rateE4PerKwh={live.rateE4PerKwh} />
      <Tile
        label={t("last_payment")}
        value={lastPayment === null ? "–" : cash(lastPayment.amountMinor)}
        note={
          lastPayment === null
            ? t("no_payment_hint")
            : `${energy(lastPayment.energyWh)} · ${when(lastPayment.paidAt)} · ${since(lastPayment.paidAt, now)}`
        }
      />
      <Tile
        label={t("light")}
        tone={light?.tone ?? "quiet"}
        value={light === null ? "–" : t(`light_${light.state}`)}
        note={
          primary === undefined
            ? t("no_meter")
            : light?.state === "theirs"
              ? t("light_theirs_hint")
              : primary.seenAt === null
                ? t("not_heard")
                : t("heard", { since: since(primary.seenAt, now) })
        }
      />
    </Tiles>
  );
}

/** The wallet on the vendor's platform where the meter obeys one, our ledger beside it; else the ledger. */
function Balance({ live, account }: Props) {
  const hasWallet = live.credits.length > 0 || live.meters.some(({ thing }) => thing === null);
  const { value } = useAsk(
    () =>
      askIf(hasWallet && may("money.read"), () =>
        ask(api().accounts[":account"]["live-balance"].$get({ param: { account } })),
      ),
    [account],
    [hasWallet],
  );
  const shown = value?.shown;
  const minorDigits = facts.value?.minorDigits ?? 2;
  const money = (energyWh: number) => t("worth", { money: cash(worth(energyWh, live.rateE4PerKwh, minorDigits)) });
  if (shown === undefined || shown.source === "engine")
    return (
      <Tile
        label={t("balance")}
        value={energy(live.availableWh)}
        tone={live.availableWh <= 0 ? "bad" : "good"}
        note={money(live.availableWh)}
        asOf={live.asOf}
        source={t("balance_ledger")}
      />
    );
  return (
    <Tile
      label={t("balance")}
      value={energy(shown.balanceWh)}
      tone={shown.balanceWh <= 0 ? "bad" : shown.source === "live" ? "good" : "warn"}
      note={
        <>
          {cash(shown.walletMinor)}
          <br />
          {energy(live.availableWh)} {t("balance_ledger")}
        </>
      }
      asOf={shown.asOf}
      source={t("balance_wallet")}
    />
  );
}

/** What a kWh costs this account, and because of which rate. */
function Tariff({ account, rateE4PerKwh }: { account: string; rateE4PerKwh: number | null }) {
  const { value } = useAsk(
    () =>
      askIf(may("tariffs.read"), () => ask(api().accounts[":account"].tariff.$get({ param: { account }, query: {} }))),
    [account],
    [rateE4PerKwh],
  );
  const priced = (rate: number | null) => (rate === null ? t("tariff_none") : price(rate));
  const because =
    value === null || value.scope === null
      ? ""
      : t("scope_since", { scope: t(`scope_${value.scope}`, { site: value.site }), at: when(value.validFrom) });
  const next =
    value?.next == null ? null : t("tariff_next", { at: when(value.next.at), money: priced(value.next.rateE4PerKwh) });
  return (
    <Tile
      label={t("tariff")}
      value={priced(rateE4PerKwh)}
      note={
        <>
          {because}
          {next !== null && (
            <>
              <br />
              {next}
            </>
          )}
        </>
      }
    />
  );
}

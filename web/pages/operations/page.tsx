import type { LiveStatus } from "../../../workers/portal/live-view.ts";
import { api, ask } from "../../api.ts";
import { useLive } from "../../live.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { LiveMark } from "../../parts/live-mark.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, since } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { useEvery } from "../../use-every.ts";
import { Alarms } from "./alarms.tsx";
import { Claims } from "./claims.tsx";
import { Copies } from "./copies.tsx";
import { Disconnects } from "./disconnects.tsx";
import { Energy } from "./energy.tsx";
import { Feeds } from "./feeds.tsx";
import { Forwards } from "./forwards.tsx";
import { Heads } from "./heads.tsx";
import { Jobs } from "./jobs.tsx";
import { Letters } from "./letters.tsx";
import { areRollupsLate, type Operations } from "./model.ts";
import { t } from "./words.ts";

const AGAIN_MS = 20_000;

/** For whoever keeps it running: what came last, what waits, what stopped, and starting it again. */
export default function OperationsPage() {
  const live = useLive<LiveStatus>("/live/status");
  const asked = useAsk(() => ask(api().operations.$get()), []);
  useEvery(AGAIN_MS, asked.again);
  const now = asked.value?.asOf ?? live.value?.asOf ?? Date.now();
  return (
    <Page title={t("title")} lead={t("lead")} actions={<LiveMark state={live.state} asOf={live.value?.asOf ?? null} />}>
      {asked.trouble !== null && <TroubleBox trouble={asked.trouble} again={asked.again} />}
      {live.value !== null && <Depths live={live.value} recorded={asked.value} />}
      <Alarms />
      <Letters />
      <Panel title={t("feeds")} foot={<Foot text={t("feeds_mean")} at={asked.value?.asOf ?? null} />}>
        <Feeds recorded={asked.value?.feeds ?? null} live={live.value} now={now} />
      </Panel>
      <Panel title={t("jobs")} foot={<Foot text={t("jobs_mean")} at={asked.value?.asOf ?? null} />}>
        <Jobs jobs={asked.value?.jobs ?? null} now={now} />
      </Panel>
      <Disconnects live={live.value} />
      {may("money.read") && <Claims />}
      {may("money.read") && <Copies />}
      <Forwards />
      <Heads />
      <Energy />
    </Page>
  );
}

const Foot = ({ text, at }: { text: string; at: number | null }) => (
  <>
    {text} <AsOf at={at} />
  </>
);

/** What lies in each queue and outbox now, from the objects themselves: also while the database is down. */
function Depths({ live, recorded }: { live: LiveStatus; recorded: Operations | null }) {
  const ms = recorded?.databaseMs ?? null;
  const rollups = recorded?.rollups ?? null;
  const { depths, database, asOf, vendorCredits, unmappedMeters } = live;
  const waits = [
    ["depth_sms", depths.unprocessedSms],
    ["depth_claims", depths.openClaims],
    ["depth_copy", depths.copyRows],
    ["depth_forward", depths.forwards],
    ["depth_out", depths.outgoingSms],
  ] as const;
  const stuck = [
    ["depth_refused", depths.refusedRows],
    ["depth_parked", depths.parkedForwards],
    ["depth_unmapped", unmappedMeters],
  ] as const;
  return (
    <Tiles label={t("depths")}>
      <Tile
        label={t("database")}
        value={t(database === "up" ? "up" : "down")}
        note={database === "up" ? (ms === null ? "" : t("database_ms", { n: ms })) : t("database_down")}
        tone={database === "up" ? "good" : "bad"}
        asOf={asOf}
      />
      {waits.map(([key, n]) => (
        <Tile key={key} label={t(key)} value={count(n)} note={t(`${key}_mean`)} tone={n === 0 ? "quiet" : undefined} />
      ))}
      {stuck.map(([key, n]) => (
        <Tile key={key} label={t(key)} value={count(n)} note={t(`${key}_mean`)} tone={n === 0 ? "quiet" : "warn"} />
      ))}
      <Tile
        label={t("depth_vendor")}
        value={vendorCredits === null ? "–" : count(vendorCredits.count)}
        note={
          vendorCredits === null || vendorCredits.count === 0
            ? t("depth_vendor_mean")
            : t("oldest", { age: since(vendorCredits.oldestAt) })
        }
        tone={vendorCredits !== null && vendorCredits.count > 0 ? undefined : "quiet"}
      />
      <Tile
        label={t("rollups_wait")}
        value={rollups === null ? "–" : count(rollups.days)}
        note={
          rollups?.since == null ? t("rollups_wait_mean") : t("oldest", { age: since(rollups.since, recorded?.asOf) })
        }
        tone={rollups !== null && areRollupsLate(rollups, recorded?.asOf ?? 0) ? "warn" : "quiet"}
        asOf={recorded?.asOf ?? null}
      />
    </Tiles>
  );
}

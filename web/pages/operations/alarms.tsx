import { api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { count, since, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { useEvery } from "../../use-every.ts";
import { said } from "../../words.ts";
import { type Alarm, type Alarms as AlarmsView, alarmRows, isUntold, lastTelling, shownValue } from "./model.ts";
import { ROOM, t } from "./words.ts";

const AGAIN_MS = 30_000;
/** So long a raise is not told again when somebody says so. */
const SNOOZE_MINUTES = 240;

/** What the person on call is told of: since when, who was told, who has seen it. */
export function Alarms() {
  const asked = useAsk(() => ask(api().alarms.$get()), []);
  useEvery(AGAIN_MS, asked.again);
  const acknowledge = async (alarm: Alarm, snoozeMinutes: number | null) => {
    const reason = await confirmWithReason({
      title: t("acknowledge_ask", { alarm: said(ROOM, "alarm", alarm.name) }),
      body: <p>{t(snoozeMinutes === null ? "acknowledge_body" : "snooze_body")}</p>,
      yes: t(snoozeMinutes === null ? "acknowledge" : "snooze"),
    });
    if (reason === null) return;
    const answer = await ask(
      api().alarms[":name"].acknowledge.$post({ param: { name: alarm.name }, json: { reason, snoozeMinutes } }),
    );
    toast(answer.ok ? t("acknowledged") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    asked.again();
  };
  const channels = asked.value?.channels ?? [];
  return (
    <Panel
      title={t("alarms")}
      foot={
        <>
          {t("alarms_mean")}{" "}
          {asked.value !== null && channels.length === 0
            ? t("nobody_on_call")
            : t("told_by", { ways: channels.join(", ") })}{" "}
          <AsOf at={asked.value?.asOf ?? null} />
        </>
      }
    >
      {asked.trouble !== null && <TroubleBox trouble={asked.trouble} again={asked.again} />}
      <Table
        label={t("alarms")}
        rows={alarmRows(asked.value?.alarms ?? [])}
        rowKey={({ name }) => name}
        isBusy={asked.value === null && asked.trouble === null}
        empty={<Empty title={t("no_alarms")} />}
        tone={({ raisedAt }) => (raisedAt === null ? "quiet" : "warn")}
        columns={[
          { head: t("alarm"), cell: ({ name }) => <b title={name}>{said(ROOM, "alarm", name)}</b> },
          {
            head: t("state"),
            cell: ({ raisedAt }) => (
              <Badge tone={raisedAt === null ? "good" : "bad"}>{t(raisedAt === null ? "quiet" : "raised")}</Badge>
            ),
          },
          { head: t("value"), cell: (alarm) => <Value alarm={alarm} /> },
          {
            head: t("since"),
            cell: ({ raisedAt }) => (raisedAt === null ? "–" : <span title={when(raisedAt)}>{since(raisedAt)}</span>),
          },
          { head: t("told"), cell: (alarm) => <Told alarm={alarm} view={asked.value} /> },
          { head: t("seen_by"), cell: (alarm) => <Seen alarm={alarm} /> },
          {
            head: t("do"),
            cell: (alarm) =>
              alarm.raisedAt !== null && may("operations.act") ? (
                <span class="row">
                  <Button onClick={() => acknowledge(alarm, null)}>{t("acknowledge")}</Button>
                  <Button onClick={() => acknowledge(alarm, SNOOZE_MINUTES)}>{t("snooze")}</Button>
                </span>
              ) : (
                "–"
              ),
          },
        ]}
      />
    </Panel>
  );
}

function Value({ alarm }: { alarm: Alarm }) {
  const { value, subject } = alarm;
  if (value === null) return <span class="quiet">{t("not_looked")}</span>;
  const shown = shownValue(alarm);
  return (
    <>
      {shown.minutes === null ? count(shown.count) : t("minutes", { n: count(shown.minutes) })}
      {subject !== null && <small> {subject}</small>}
    </>
  );
}

function Told({ alarm, view }: { alarm: Alarm; view: AlarmsView | null }) {
  const last = lastTelling(alarm, view?.tellings ?? []);
  if (last === null) return isUntold(alarm, view) ? <Badge tone="bad">{t("told_nobody")}</Badge> : <>–</>;
  return (
    <span title={when(last.at)}>
      {last.toldBy.length > 0 && <Badge tone="good">{last.toldBy.join(", ")}</Badge>}
      {last.waits.length > 0 && <Badge tone="warn">{t("telling_waits", { ways: last.waits.join(", ") })}</Badge>}
    </span>
  );
}

function Seen({ alarm: { acknowledgedBy, acknowledgedAt, reason, snoozedUntil, raisedAt } }: { alarm: Alarm }) {
  if (raisedAt === null || acknowledgedBy === null || acknowledgedAt === null) return <>–</>;
  return (
    <span title={when(acknowledgedAt)}>
      {acknowledgedBy} <small>{reason}</small>
      {snoozedUntil !== null && <small> {t("snoozed_until", { at: when(snoozedUntil) })}</small>}
    </span>
  );
}

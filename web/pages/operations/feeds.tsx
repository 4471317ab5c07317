import type { LiveStatus } from "../../../workers/portal/live-view.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Table } from "../../parts/table.tsx";
import { since, span, when } from "../../say.ts";
import { said } from "../../words.ts";
import { type Feed, feedRows, isLate, LATE_MS } from "./model.ts";
import { ROOM, t } from "./words.ts";

type Props = { recorded: readonly Feed[] | null; live: LiveStatus | null; now: number };

export const Feeds = ({ recorded, live, now }: Props) => (
  <Table
    label={t("feeds")}
    rows={feedRows(recorded ?? [], live, now)}
    rowKey={({ kind, name }) => `${kind} ${name}`}
    isBusy={recorded === null && live === null}
    empty={<Empty title={t("no_feeds")} hint={t("no_feeds_hint")} />}
    columns={[
      { head: t("feed"), cell: ({ kind }) => said(ROOM, "feed", kind) },
      { head: t("which"), cell: ({ name, kind }) => (kind === "sms" ? "–" : name) },
      {
        head: t("newest"),
        cell: ({ newestAt }) => (
          <span class="unbroken" title={when(newestAt)}>
            {since(newestAt, now)}
          </span>
        ),
      },
      {
        head: t("state"),
        cell: (feed) =>
          isLate(feed, now) ? (
            <Badge tone="warn">{t("late_after", { time: span(LATE_MS[feed.kind]) })}</Badge>
          ) : (
            <Badge tone="good">{t("in_time")}</Badge>
          ),
      },
      { head: t("do"), cell: (feed) => (isLate(feed, now) ? said(ROOM, "do", feed.kind) : "") },
    ]}
  />
);

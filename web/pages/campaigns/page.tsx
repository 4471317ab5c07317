import { needsSecondPerson } from "../../../src/domain/campaign.ts";
import { api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { byWhom, cash, count, when } from "../../say.ts";
import { may, me } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { isSecond } from "../corrections/model.ts";
import { type Campaign, costSoFar, REPORTED_KEYS, reportOf, stageOf } from "./model.ts";
import { Propose } from "./propose.tsx";
import { t } from "./words.ts";

const TONES: Record<ReturnType<typeof stageOf>, Tone> = {
  proposed: "warn",
  running: "good",
  done: "quiet",
  stopped: "bad",
};

/** SMS to many customers: proposed with what it costs, started by a second person, and what became of each. */
export default function CampaignsPage() {
  const [proposing, setProposing] = useAddress("propose");
  const { value, trouble, isBusy, heardAt, again } = useAsk(() => ask(api().campaigns.$get()), []);
  const isOn = value?.carrier === true;
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        isOn &&
        may("campaigns.send") && (
          <Button kind="primary" onClick={() => setProposing(proposing === "yes" ? "" : "yes")}>
            {t("propose")}
          </Button>
        )
      }
    >
      {value !== null && !isOn && <p class="notice">{t("no_carrier")}</p>}
      {isOn && proposing === "yes" && may("campaigns.send") && (
        <Propose
          aloneMax={value.aloneMax}
          onDone={() => {
            setProposing("");
            again();
          }}
        />
      )}
      <Panel foot={<AsOf at={heardAt} source={t("source")} />}>
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        <Table
          label={t("title")}
          rows={value?.campaigns ?? []}
          rowKey={(row) => String(row.campaignId)}
          isBusy={isBusy}
          empty={<Empty title={t("none")} hint={t("none_hint")} />}
          columns={[
            { head: t("name"), width: "wide", cell: (row) => <Said row={row} /> },
            { head: t("recipients"), isNumber: true, cell: (row) => count(row.recipients) },
            {
              head: t("cost"),
              isNumber: true,
              cell: (row) =>
                row.partPriceMinor === null
                  ? t("cost_unknown", { parts: count(row.partsSent), all: count(row.parts) })
                  : t("cost_of", { now: cash(costSoFar(row)), all: cash(row.parts * row.partPriceMinor) }),
            },
            {
              head: t("state"),
              cell: (row) => <Badge tone={TONES[stageOf(row)]}>{t(`state_${stageOf(row)}`)}</Badge>,
            },
            { head: t("report"), cell: (row) => <Report row={row} /> },
            { head: t("by"), cell: (row) => <Hands row={row} /> },
            { head: t("decide"), cell: (row) => <Decide row={row} onDone={again} /> },
          ]}
        />
      </Panel>
    </Page>
  );
}

const Said = ({ row }: { row: Campaign }) => (
  <>
    <strong>{row.name}</strong>
    {Object.values(row.texts).map((text) => (
      <p class="quiet" key={text}>
        {text}
      </p>
    ))}
  </>
);

/** Only what there is. */
function Report({ row }: { row: Campaign }) {
  const report = reportOf(row);
  const parts = REPORTED_KEYS.filter((key) => report[key] > 0).map((key) => t(`n_${key}`, { n: count(report[key]) }));
  return <small>{parts.join(", ")}</small>;
}

const Hands = ({ row }: { row: Campaign }) => (
  <small class="quiet">
    {[
      t("by_proposed", { who: byWhom(row.createdBy), at: when(row.createdAt) }),
      row.startedBy === null ? "" : t("by_started", { who: byWhom(row.startedBy), at: when(row.startedAt) }),
      row.stoppedBy === null ? "" : t("by_stopped", { who: byWhom(row.stoppedBy), at: when(row.stoppedAt) }),
    ]
      .filter((line) => line !== "")
      .join(" · ")}
  </small>
);

function Decide({ row, onDone }: { row: Campaign; onDone(): void }) {
  const stage = stageOf(row);
  if (!may("campaigns.send") || stage === "done" || stage === "stopped") return null;
  const act = async (what: "start" | "stop") => {
    const reason = await confirmWithReason({
      title: t(`${what}_ask`, { name: row.name }),
      body: <p>{t(`${what}_body`, { n: count(row.recipients) })}</p>,
      yes: t(what),
      tone: what === "start" ? "primary" : "danger",
    });
    if (reason === null) return;
    const asked = { param: { id: String(row.campaignId) }, json: { reason } };
    const each = api().campaigns[":id{[0-9]+}"];
    const answer = await ask(what === "start" ? each.start.$post(asked) : each.stop.$post(asked));
    toast(answer.ok ? t(`${what}_done`) : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    onDone();
  };
  const mayStart = !needsSecondPerson(row.recipients) || isSecond(row.createdBy, me.value);
  return (
    <span class="row">
      {stage === "proposed" &&
        (mayStart ? (
          <Button kind="primary" onClick={() => act("start")}>
            {t("start")}
          </Button>
        ) : (
          <small class="quiet">{t("second_needed")}</small>
        ))}
      <Button onClick={() => act("stop")}>{t("stop")}</Button>
    </span>
  );
}

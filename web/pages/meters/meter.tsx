import { useEffect, useState } from "preact/hooks";
import type { MeterRole } from "../../../src/domain/reading.ts";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Copy } from "../../parts/copy.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { energy, since, when } from "../../say.ts";
import { may } from "../../session.ts";
import { t as shared } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { History } from "./history.tsx";
import { State } from "./list.tsx";
import type { Meter, Story } from "./model.ts";
import { Override } from "./override.tsx";
import { Waiting } from "./waiting.tsx";
import { said, t } from "./words.ts";

/** What is ordered is seen soon, also what somebody else orders. */
const LOOK_MS = 5_000;

/** One meter: how it is, what may be done with it, and all that became of it. */
export function MeterStory({ meterNumber }: { meterNumber: string }) {
  const { value, trouble, again } = useAsk(
    () => ask(api().meters[":id"].story.$get({ param: { id: meterNumber } })),
    [meterNumber],
  );
  useEffect(() => {
    const timer = setInterval(() => document.hidden || again(), LOOK_MS);
    return () => clearInterval(timer);
  }, [again]);
  return (
    <Page
      title={`${t("meter")} ${meterNumber}`}
      lead={value !== null && <AsOf at={value.asOf} source={t("source_list")} />}
      actions={<a href={at("/meters")}>{t("back")}</a>}
    >
      {trouble !== null && trouble.status === 404 && <Empty title={t("none")} hint={t("none_hint")} />}
      {trouble !== null && trouble.status !== 404 && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && (
        <>
          <div class="meter-facts">
            <Facts story={value} again={again} />
            {value.row !== null && value.row.account !== null && <Override meter={value.row} again={again} />}
          </div>
          {value.waiting.length > 0 && <Waiting story={value} again={again} />}
          <History story={value} />
        </>
      )}
    </Page>
  );
}

function Facts({ story, again }: { story: Story; again(): void }) {
  const { row } = story;
  return (
    <Panel>
      <dl class="facts">
        <dt>{t("meter")}</dt>
        <dd>
          <Copy text={story.meterNumber} />
        </dd>
        <dt>{t("account")}</dt>
        <dd>
          {row?.account == null ? (
            t("nobody")
          ) : (
            <>
              <a href={at(`/accounts/${row.account}`)}>{row.account}</a> {row.holder}
            </>
          )}
        </dd>
        <dt>{t("since")}</dt>
        <dd>{when(row?.since ?? null)}</dd>
        <dt>{t("light")}</dt>
        <dd>{row === null ? "–" : <State meter={row} />}</dd>
        <dt>{t("seen")}</dt>
        <dd>
          {since(row?.seenAt ?? null)} <span class="quiet">{row !== null && t(`platform_${row.platform}`)}</span>
        </dd>
        <dt>{t("register")}</dt>
        <dd>{energy(row?.registerWh ?? null)}</dd>
        <dt>{t("left")}</dt>
        <dd>{energy(row?.leftWh ?? null)}</dd>
        <dt>{t("relay_was")}</dt>
        <dd>
          {row?.command == null
            ? "–"
            : `${said("action", row.command.action)}: ${row.command.because.replaceAll("_", " ")}, ${row.command.state.replaceAll("_", " ")}, ${since(row.command.requestedAt)}`}
        </dd>
        <dt>{t("thing")}</dt>
        <dd>{story.thing === null ? t("no_thing") : <Copy text={story.thing} />}</dd>
        <dt>{t("rating")}</dt>
        <dd>{story.ratedW === null ? "–" : `${story.ratedW} W`}</dd>
      </dl>
      {row !== null && row.account !== null && may("meters.write") && <Role meter={row} again={again} />}
    </Panel>
  );
}

const ROLES = ["primary", "check", "backup", "supply"] as const satisfies readonly MeterRole[];

function Role({ meter, again }: { meter: Meter; again(): void }) {
  const [isBusy, setBusy] = useState(false);
  const choose = async (wanted: string) => {
    const role = ROLES.find((each) => each === wanted);
    if (role === undefined || role === meter.role) return;
    const names = { meter: meter.meterNumber, role: t(`role_${role}`), account: meter.account ?? "" };
    if (!(await confirm({ title: t("role_ask", names), body: <p>{t("role_ask_hint")}</p>, yes: shared("yes") })))
      return again();
    setBusy(true);
    const answer = await ask(api().meters[":id"].role.$patch({ param: { id: meter.meterNumber }, json: { role } }));
    setBusy(false);
    toast(answer.ok ? t("role_done", names) : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    again();
  };
  return (
    <Select
      label={t("change_role")}
      hint={t("role_primary_hint")}
      value={meter.role ?? ""}
      disabled={isBusy}
      onInput={choose}
      options={ROLES.map((role) => ({ value: role, label: t(`role_${role}`) }))}
    />
  );
}

import type { InferResponseType } from "hono/client";
import { api, ask } from "../../api.ts";
import { at, country } from "../../country.ts";
import { homeOf, isAbroad } from "../../identity.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, since } from "../../say.ts";
import { t as common } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { Departments } from "./departments.tsx";
import { LookUp } from "./look-up.tsx";
import { Plan } from "./plan.tsx";
import { t } from "./words.ts";

type Known = InferResponseType<ReturnType<typeof api>["hr"]["$get"], 200>;

/** What the company's directory of people would change here: seen before it is done. */
export default function HrDirectoryPage() {
  const { value, trouble, again } = useAsk(() => ask(api().hr.$get()), []);
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <a class="button" href={at("/staff")}>
          {t("to_staff")}
        </a>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value?.isConfigured === false && <Nobody />}
      {value?.isConfigured === true && <Directory known={value} onDone={again} />}
    </Page>
  );
}

const Nobody = () => (
  <Panel>
    <Empty
      title={t("none")}
      hint={t("none_hint")}
      action={
        isAbroad(country.value) && (
          <a class="button" href={`/${homeOf(country.value)}/hr-directory`}>
            {t("to_home")}
          </a>
        )
      }
    />
  </Panel>
);

function Directory({ known: { sync, people, asOf }, onDone }: { known: Known; onDone(): void }) {
  const { value, trouble, isBusy, heardAt, again } = useAsk(() => ask(api().hr.plan.$get()), []);
  const isLate = sync.failedAt !== null;
  return (
    <>
      <Tiles label={t("last")}>
        <Tile
          label={t("last")}
          value={since(sync.endedAt, asOf)}
          note={isLate ? (sync.error ?? "") : t("every_quarter")}
          tone={isLate ? "bad" : "good"}
          asOf={asOf}
        />
        <Tile label={t("known")} value={count(people.length)} note={t("known_note")} />
        <Tile
          label={t("gone")}
          value={count(people.filter(({ standing }) => standing !== "named").length)}
          note={t("gone_note")}
        />
      </Tiles>
      <Panel
        title={t("next")}
        actions={value !== null && <Badge>{t("asked_now")}</Badge>}
        foot={<AsOf at={heardAt} source={t("source")} />}
      >
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        {value === null && isBusy && <p class="quiet">{common("loading")}</p>}
        {value !== null && (
          <Plan
            plan={value.plan}
            onDone={() => {
              again();
              onDone();
            }}
          />
        )}
      </Panel>
      <Departments plan={value?.plan ?? null} isPlanBusy={isBusy} onChanged={again} />
      <LookUp />
    </>
  );
}

import { api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { nameOf, type SiteRow, shownAs } from "./model.ts";
import { Runs } from "./runs.tsx";
import { Site } from "./site.tsx";
import { t } from "./words.ts";

/** The planning tool: which of its projects is which site, whose its connections are, and writing that into it. */
export default function GridPlanPage() {
  const [site, setSite] = useAddress("site");
  const [project, setProject] = useAddress("project");
  const { value, trouble, isBusy, again } = useAsk(() => ask(api()["grid-plan"].$get()), []);
  const sites: readonly SiteRow[] = value?.sites ?? [];
  const chosen = sites.find((each) => each.site.code === site);
  return (
    <Page title={t("title")} lead={t("lead")}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value?.isConfigured === false ? (
        <Panel>
          <Empty title={t("none")} hint={t("none_hint")} />
        </Panel>
      ) : (
        <Panel title={t("sites")}>
          <Table
            label={t("sites")}
            rows={sites}
            rowKey={(row) => row.site.code}
            isBusy={isBusy}
            tone={(row) => (row.project === null && row.candidates.length > 0 ? "warn" : undefined)}
            empty={<Empty title={t("no_sites")} hint={t("no_sites_hint")} />}
            columns={[
              {
                head: t("site"),
                cell: (row) => (
                  <>
                    <b>{row.site.code}</b> <small class="quiet">{row.site.name}</small>
                  </>
                ),
              },
              { head: t("project"), cell: ({ project: own, candidates }) => <Found {...{ own, candidates }} /> },
              {
                head: t("act"),
                cell: (row) =>
                  row.candidates.length === 0 ? (
                    "–"
                  ) : (
                    <Button
                      onClick={() => {
                        setProject("");
                        setSite(row.site.code);
                      }}
                    >
                      {t("preview")}
                    </Button>
                  ),
              },
            ]}
          />
          {(value?.unclaimed ?? []).length > 0 && (
            <p class="quiet">{t("unclaimed", { projects: (value?.unclaimed ?? []).map(shownAs).join(", ") })}</p>
          )}
        </Panel>
      )}
      {chosen !== undefined && (
        <Site
          key={chosen.site.code}
          row={chosen}
          project={project === "" && chosen.project === null ? candidateOf(chosen) : project}
          onProject={setProject}
          onDone={again}
        />
      )}
      <Runs runs={value?.runs ?? []} isBusy={isBusy} onDone={again} />
    </Page>
  );
}

/** Of several the first stands in the list until a person names another: a preview writes nothing. */
const candidateOf = ({ candidates: [first] }: SiteRow) => (first === undefined ? "" : nameOf(first));

const Found = ({ own, candidates }: { own: SiteRow["project"]; candidates: SiteRow["candidates"] }) => {
  if (own !== null) return <span>{shownAs(own)}</span>;
  if (candidates.length === 0) return <Badge>{t("no_project")}</Badge>;
  return (
    <>
      <Badge tone="warn">{t("several")}</Badge> {candidates.map(shownAs).join(", ")}
    </>
  );
};

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { canonicalAccount } from "../../../src/domain/account.ts";
import { STEPS, type Step } from "../../../src/domain/commissioning-rules.ts";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { siteChoices } from "../../parts/choices.ts";
import { Empty } from "../../parts/empty.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk, usePages } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { type Funnel, pipeline } from "./model.ts";
import { ROOM, t } from "./words.ts";

/** How many accounts stand at each step, and who they are. */
export function Pipeline() {
  const [site, setSite] = useAddress("site");
  const [stage, setStage] = useAddress("stage");
  const bySite = site === "" ? {} : { site };
  const { value, trouble, heardAt, again } = useAsk(() => ask(api().commissioning.$get({ query: bySite })), [site]);
  const chosen = STEPS.find((step) => step === stage);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Panel>
        <div class="filters">
          <Select label={t("site")} value={site} onInput={setSite} options={siteChoices(t("any_site"))} />
          <Find />
        </div>
      </Panel>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && <Steps funnel={value} heardAt={heardAt} onChoose={setStage} />}
      {chosen !== undefined && (
        <Names key={`${site} ${chosen}`} stage={chosen} site={site} onClose={() => setStage("")} />
      )}
    </Page>
  );
}

function Find() {
  const { route } = useLocation();
  const [typed, setTyped] = useState("");
  const [isWrong, setWrong] = useState(false);
  return (
    <form
      class="find"
      onSubmit={(event) => {
        event.preventDefault();
        const account = canonicalAccount(typed);
        setWrong(!account.ok);
        if (account.ok) route(at(`/commissioning?account=${account.value}`));
      }}
    >
      <Field
        label={t("find")}
        hint={t("find_hint")}
        value={typed}
        onInput={setTyped}
        error={isWrong ? t("find_expected") : undefined}
        maxLength={20}
      />
      <Button type="submit">{t("go")}</Button>
    </form>
  );
}

type StepsProps = { funnel: Funnel; heardAt: number | null; onChoose(step: string): void };

function Steps({ funnel: { sites }, heardAt, onChoose }: StepsProps) {
  const rows = pipeline(STEPS, sites);
  const accounts = sites.reduce((all, site) => all + site.accounts, 0);
  const connected = sites.reduce((all, site) => all + site.connected, 0);
  if (accounts === 0)
    return (
      <Empty
        title={t("no_accounts")}
        hint={t("no_accounts_hint")}
        action={may("customers.register") && <a href={at("/customers/new")}>{t("register")}</a>}
      />
    );
  return (
    <>
      <Tiles label={t("accounts")}>
        <Tile label={t("accounts")} value={count(accounts)} asOf={heardAt} source={t("source")} />
        <Tile label={t("connected")} value={count(connected)} tone="good" asOf={heardAt} source={t("source")} />
      </Tiles>
      <Panel>
        <Table
          label={t("title")}
          rows={rows}
          rowKey={(row) => row.step}
          empty={null}
          columns={[
            { head: t("step"), cell: (row) => said(ROOM, "step", row.step) },
            {
              head: t("here"),
              isNumber: true,
              cell: (row) =>
                row.at === 0 ? (
                  <span class="quiet">0</span>
                ) : (
                  <button type="button" class="button quiet count" onClick={() => onChoose(row.step)}>
                    {count(row.at)}
                    <span class="hidden"> {said(ROOM, "step", row.step)}</span>
                  </button>
                ),
            },
            { head: t("reached"), isNumber: true, cell: (row) => count(row.reached) },
            {
              head: t("share"),
              cell: (row) => (
                <span class="row share">
                  <progress max={100} value={row.percent ?? 0} aria-label={said(ROOM, "step", row.step)} />
                  <span>{row.percent === null ? "–" : `${row.percent} %`}</span>
                </span>
              ),
            },
          ]}
        />
      </Panel>
    </>
  );
}

function Names({ stage, site, onClose }: { stage: Step; site: string; onClose(): void }) {
  const { rows, trouble, isBusy, heardAt, more, again } = usePages(
    async (cursor) => {
      const query = { stage, ...(site === "" ? {} : { site }), ...(cursor === null ? {} : { cursor }) };
      const answer = await ask(api().commissioning.$get({ query }));
      if (!answer.ok) return answer;
      return { ok: true as const, value: { rows: answer.value.accounts ?? [], next: answer.value.next } };
    },
    [stage, site],
  );
  return (
    <Panel
      title={t("who", { step: said(ROOM, "step", stage) })}
      actions={<Button onClick={onClose}>{t("close")}</Button>}
      foot={<AsOf at={heardAt} source={t("source")} />}
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("accounts")}
        rows={rows}
        rowKey={(row) => row.account}
        href={(row) => at(`/commissioning?account=${row.account}`)}
        more={more}
        isBusy={isBusy}
        empty={<p class="quiet">{t("nobody")}</p>}
        columns={[
          { head: t("account"), cell: (row) => row.account },
          { head: t("name"), cell: (row) => <a href={at(`/customers/${row.customerId}`)}>{row.name}</a> },
          { head: t("site"), cell: (row) => row.site },
          { head: t("since_light"), cell: (row) => when(row.connectedAt).slice(0, 10) },
          { head: t("ended"), cell: (row) => when(row.terminatedAt).slice(0, 10) },
        ]}
      />
    </Panel>
  );
}

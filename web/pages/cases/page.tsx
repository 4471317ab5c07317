import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Page } from "../../parts/page.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { count, since, when } from "../../say.ts";
import { may } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk, usePages } from "../../use-ask.ts";
import { usePoll } from "../../use-poll.ts";
import { said } from "../../words.ts";
import { detailsOf, KINDS, placeOf } from "./model.ts";
import { t } from "./words.ts";

const LOOK_MS = 30_000;

/** What a person has to look at, of all kinds: what it means, and where it is put right. */
export default function CasesPage() {
  const [state, setState] = useAddress("state", "open");
  const [kind, setKind] = useAddress("kind");
  const [q, setQ] = useAddress("q");
  const question: Record<string, string> = {
    ...(state === "any" ? {} : { state }),
    ...(kind === "" ? {} : { kind }),
    ...(q === "" ? {} : { q }),
  };
  const about = JSON.stringify(question);
  const list = usePages(
    async (cursor) => {
      const answer = await ask(api().cases.$get({ query: cursor === null ? question : { ...question, cursor } }));
      return answer.ok ? { ok: true, value: { rows: answer.value.cases, next: answer.value.next } } : answer;
    },
    [about],
  );
  const open = useAsk(() => ask(api().cases.$get({ query: { state: "open" } })), []);
  usePoll(open.again, LOOK_MS);
  const settle = async (caseKey: string, act: "close" | "reopen") => {
    const reason = await confirmWithReason({
      title: t(`${act}_ask`),
      body: <p>{t(`${act}_body`)}</p>,
      yes: t(act),
    });
    if (reason !== null) await put(caseKey, act, reason);
  };
  const put = async (caseKey: string, act: "close" | "reopen", reason: string) => {
    const answer = await ask(api().cases[act].$post({ json: { caseKey, reason } }));
    const undo = () => void put(caseKey, "reopen", t("undone"));
    if (!answer.ok) toast(troubleWords(answer.trouble), { tone: "bad" });
    else if (act === "close") toast(t("close_done"), { undo });
    else toast(t("reopen_done"));
    list.again();
    open.again();
  };
  const kinds = open.value?.kinds ?? [];
  const known = [...new Set<string>([...kinds.map((each) => each.kind), ...KINDS])];
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Tiles label={t("open")}>
        <Tile
          label={t("open")}
          value={open.value === null ? "–" : count(kinds.reduce((sum, each) => sum + each.count, 0))}
          tone={kinds.length > 0 ? "warn" : undefined}
          asOf={open.value?.asOf ?? null}
          source={t("books")}
        />
        {kinds.slice(0, 5).map((each) => (
          <Tile
            key={each.kind}
            label={said("cases", "kind", each.kind)}
            value={count(each.count)}
            note={t("oldest", { since: since(each.oldestAt) })}
            href={at(`/cases?kind=${each.kind}`)}
          />
        ))}
      </Tiles>
      <div class="filters">
        <Select
          label={t("state")}
          value={state}
          onInput={setState}
          options={[
            { value: "open", label: t("state_open") },
            { value: "closed", label: t("state_closed") },
            { value: "any", label: shell("any") },
          ]}
        />
        <Select
          label={t("kind")}
          value={kind}
          onInput={setKind}
          options={[
            { value: "", label: shell("any") },
            ...known.map((each) => ({ value: each, label: said("cases", "kind", each) })),
          ]}
        />
        <Field label={t("about")} type="search" value={q} onInput={setQ} />
      </div>
      {list.trouble !== null && <TroubleBox trouble={list.trouble} again={list.again} />}
      {list.rows.length === 0 && !list.isBusy && list.trouble === null && (
        <Empty title={t("none")} hint={t("none_hint")} />
      )}
      <ol class="plain-list">
        {list.rows.map((one) => {
          const place = placeOf(one.caseKind, one.subject);
          return (
            <li key={one.caseKey} class="panel">
              <div class="row">
                <strong>{said("cases", "kind", one.caseKind)}</strong>
                <Badge tone={one.state === "open" ? "warn" : "quiet"}>{t(`state_${one.state}`)}</Badge>
                <code>{one.subject}</code>
                <span class="gap" />
                <span class="quiet">
                  {when(one.openedAt)}
                  {one.closedAt !== null && ` – ${when(one.closedAt)}`}
                </span>
              </div>
              <p>{said("cases", "means", one.caseKind)}</p>
              <details>
                <summary>{t("details")}</summary>
                <dl class="facts">
                  {detailsOf(one.details).map(({ name, value }) => [
                    <dt key={`${name}:`}>{name}</dt>,
                    <dd key={name}>{value}</dd>,
                  ])}
                </dl>
              </details>
              <p class="row">
                {one.state === "open" && place !== null && (
                  <a class="button" href={at(place)}>
                    {t("put_right")}
                  </a>
                )}
                {one.isByHand && may("money.write") && (
                  <Button onClick={() => settle(one.caseKey, one.state === "open" ? "close" : "reopen")}>
                    {t(one.state === "open" ? "close" : "reopen")}
                  </Button>
                )}
              </p>
            </li>
          );
        })}
      </ol>
      {list.more !== undefined && (
        <div class="row end">
          <Button busy={list.isBusy} onClick={list.more}>
            {shell("more")}
          </Button>
        </div>
      )}
    </Page>
  );
}

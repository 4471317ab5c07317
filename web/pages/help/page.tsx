import { useEffect, useRef } from "preact/hooks";
import { at } from "../../country.ts";
import { lastPage } from "../../last-page.ts";
import { offers } from "../../offers.ts";
import { Empty } from "../../parts/empty.tsx";
import { Field } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { type PageRoute, routes, titleKey } from "../../routes.ts";
import { t as common } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { said, wordsOf } from "../../words.ts";
import { matches, TASK_PATHS, TASKS } from "./model.ts";
import type en from "./words/en.ts";
import "./help.css";

const t = wordsOf<typeof en>("help");
const isOf = ({ page }: PageRoute) => said("help", "is", page);

/** What each page is for, and the ten things people do. It opens at the page one came from. */
export default function HelpPage() {
  const [q, setQ] = useAddress("q");
  const tasks = TASKS.filter((task) => matches(q, t(`do_${task}`), t(`how_${task}`)));
  const pages = distinct(routes).filter((route) => hasHelp(route) && matches(q, common(titleKey(route)), isOf(route)));
  const here = q === "" ? pages.find(({ page }) => page === lastPage.value) : undefined;
  const rest = pages.filter((route) => route !== here);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Field label={common("search")} type="search" value={q} onInput={setQ} placeholder={t("search_hint")} />
      {here !== undefined && (
        <Panel title={t("here")}>
          <Entry route={here} isHere />
        </Panel>
      )}
      {tasks.length > 0 && (
        <Panel title={t("tasks")}>
          <div class="help-tasks">
            {tasks.map((task) => (
              <details key={task} open={q !== ""}>
                <summary>{t(`do_${task}`)}</summary>
                <p>{t(`how_${task}`)}</p>
                {offers(TASK_PATHS[task]) && <a href={at(TASK_PATHS[task])}>{t("go")}</a>}
              </details>
            ))}
          </div>
        </Panel>
      )}
      {rest.length > 0 && (
        <Panel title={t("pages")}>
          <div class="help-pages">
            {rest.map((route) => (
              <Entry key={route.path} route={route} />
            ))}
          </div>
        </Panel>
      )}
      {tasks.length === 0 && pages.length === 0 && <Empty title={t("nothing")} hint={t("nothing_hint")} />}
    </Page>
  );
}

/** One entry a page, however many addresses it has. */
const distinct = (all: readonly PageRoute[]) =>
  all.filter((route, nth) => all.findIndex(({ page }) => page === route.page) === nth);

const hasHelp = (route: PageRoute) => isOf(route) !== route.page.replaceAll("_", " ");

function Entry({ route, isHere = false }: { route: PageRoute; isHere?: boolean }) {
  const box = useRef<HTMLElement>(null);
  // whoever comes from a page reads of that page first
  useEffect(() => {
    if (isHere) box.current?.focus();
  }, [isHere]);
  const name = common(titleKey(route));
  const isPlain = !route.path.includes(":");
  return (
    <article ref={box} tabIndex={isHere ? -1 : undefined}>
      <h3>{isPlain && offers(route.path) ? <a href={at(route.path)}>{name}</a> : name}</h3>
      <p>{isOf(route)}</p>
      {route.permission !== null && !offers(route.path) && (
        <p class="quiet">{t("takes", { permission: route.permission })}</p>
      )}
    </article>
  );
}

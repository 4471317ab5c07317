import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { apiOf, ask } from "../api.ts";
import { countries, country } from "../country.ts";
import { Empty } from "../parts/empty.tsx";
import { toast } from "../parts/toast.tsx";
import type { Me, Silence } from "../session.ts";
import { t } from "./words.ts";

/** The page that is the same from wherever it is opened: it asks every country itself. */
const OVERVIEW = "/countries";

type Seen = "asking" | "answers" | "silent";

/**
 * In place of a page whose country does not answer: which of the others do. The overview of all countries goes on from the first of them
 * where whoever is here may read it; any other page belongs to its country, and waits.
 */
export function Silent({ why, page }: { why: Silence; page: string }) {
  const { route } = useLocation();
  const code = country.value;
  const others = countries.filter((each) => each !== code);
  const [seen, see] = useState<Record<string, Seen>>({});
  const [from, setFrom] = useState<string | null>(null);
  const isOverview = page === OVERVIEW || page.startsWith(`${OVERVIEW}?`);
  // once for this country; the page itself is asked for again by whoever shows this
  useEffect(() => {
    let isGone = false;
    const asked = others.map(async (each) => {
      const answer = await ask(apiOf(each).me.$get(), "elsewhere");
      const isSilent = !answer.ok && (answer.trouble.status === 0 || answer.trouble.status >= 500);
      if (!isGone) see((now) => ({ ...now, [each]: isSilent ? "silent" : "answers" }));
      return answer.ok && mayReadIn(answer.value, each) ? each : null;
    });
    void firstOf(asked).then((found) => {
      if (isGone || found === null) return;
      setFrom(found);
      if (!isOverview) return;
      toast(t("went_on", { down: code.toUpperCase(), to: found.toUpperCase() }), { tone: "bad" });
      route(`/${found}${page}`, true);
    });
    return () => {
      isGone = true;
    };
  }, []);
  return (
    <main class="alone">
      <div class="stack">
        <Empty title={t(why)} hint={t("loading")} />
        {why === "database_down" && (
          <div class="notice">
            <p>{t("database_down_works")}</p>
            <p>{t("database_down_waits")}</p>
            <p>{t("database_down_do")}</p>
          </div>
        )}
        {others.length > 0 && (
          <p class="row" role="status">
            {t("other_countries")}
            {others.map((each) => (
              <span key={each}>
                <a href={`/${each}${page}`}>{each.toUpperCase()}</a>{" "}
                <small class="quiet">{t(`country_${seen[each] ?? "asking"}`)}</small>
              </span>
            ))}
          </p>
        )}
        {from !== null && (
          <p>
            <a class="button primary" href={`/${from}${OVERVIEW}`}>
              {t("to_overview")}
            </a>
          </p>
        )}
      </div>
    </main>
  );
}

const mayReadIn = (person: Me, code: string) =>
  (person.countries as string[]).includes(code.toUpperCase()) && person.permissions.includes("reports.read");

/** The first that is found, in the order in which they answer; null: none. */
const firstOf = (asked: readonly Promise<string | null>[]): Promise<string | null> =>
  Promise.any(asked.map((one) => one.then((found) => found ?? Promise.reject(new Error("not this one"))))).catch(
    () => null,
  );

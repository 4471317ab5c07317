import { countries, country, facts } from "../country.ts";
import { Button } from "../parts/button.tsx";
import { toast } from "../parts/toast.tsx";
import { troubleWords } from "../parts/trouble.tsx";
import { keptOut, type Me, signOut } from "../session.ts";
import { LanguageChoice } from "./shell.tsx";
import { t } from "./words.ts";

/** Signed in, and not in this country: why, and where they do work. */
export function NotHere({ person }: { person: Me }) {
  const why = keptOut.value;
  const theirs = countries.filter((code) => (person.countries as string[]).includes(code.toUpperCase()));
  return (
    <main class="alone">
      <div class="card">
        <h1>
          <span class="mark">1PWR</span> {t("product")}
        </h1>
        <p role="alert">{t("not_here", { country: facts.value?.name ?? country.value.toUpperCase() })}</p>
        {why !== null && why.kind !== "not_there" && <p class="quiet">{troubleWords(why)}</p>}
        <p class="quiet">{t("signed_in_as", { name: `${person.name}, ${person.email}` })}</p>
        <div class="row">
          {theirs
            .filter((code) => code !== country.value)
            .map((code) => (
              <a key={code} class="button primary" href={`/${code}/`}>
                {t("to_country", { country: code.toUpperCase() })}
              </a>
            ))}
          <Button
            onClick={async () => {
              if ((await signOut()) === "still_in") toast(t("still_in"), { tone: "bad" });
            }}
          >
            {t("sign_out")}
          </Button>
        </div>
        <LanguageChoice />
      </div>
    </main>
  );
}

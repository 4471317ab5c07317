import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso";
import { at, countries, country, facts } from "../country.ts";
import { home } from "../identity.ts";
import { Dialogs } from "../parts/dialog.tsx";
import { Toasts, toast } from "../parts/toast.tsx";
import { routes, SECTIONS, titleKey } from "../routes.ts";
import { may, me, signOut } from "../session.ts";
import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES, type Language, language } from "../words.ts";
import { HomeSilent } from "./home-silent.tsx";
import { chooseTheme, THEMES, type Theme, theme } from "./theme.ts";
import { t } from "./words.ts";

const isOpen = signal(false);

/** What is around every page: the bar on top, the navigation at the left, on a phone in a drawer. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { url } = useLocation();
  // whoever chose a page has done with the drawer
  useEffect(() => {
    isOpen.value = false;
  }, [url]);
  return (
    <div class={`shell ${isOpen.value ? "open" : ""}`}>
      <a class="skip" href="#page">
        {t("skip")}
      </a>
      <header class="bar">
        <button
          type="button"
          class="icon menu"
          aria-expanded={isOpen.value}
          aria-controls="navigation"
          aria-label={t("menu")}
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        >
          ☰
        </button>
        <a class="brand" href={at("/")}>
          <span class="mark">1PWR</span> <span class="wide">{t("product")}</span>
        </a>
        <span class="gap" />
        <Countries />
        <Person />
      </header>
      <Navigation />
      <button
        type="button"
        class="veil"
        aria-label={t("close")}
        tabIndex={-1}
        onClick={() => {
          isOpen.value = false;
        }}
      />
      <main id="page" tabIndex={-1}>
        <HomeSilent />
        {children}
      </main>
      <Toasts />
      <Dialogs />
    </div>
  );
}

function Countries() {
  const { route } = useLocation();
  // Where one person is the same in all countries, those where they work are known.
  const works = (me.value?.countries ?? []) as string[];
  const theirs = countries.filter(
    (code) => home === null || code === country.value || works.includes(code.toUpperCase()),
  );
  if (theirs.length < 2) return <span class="chip">{facts.value?.name}</span>;
  return (
    <label class="plain">
      <span class="hidden">{t("country")}</span>
      <select
        value={country.value}
        onChange={(event) => {
          me.value = undefined;
          route(`/${event.currentTarget.value}/`);
        }}
      >
        {theirs.map((code) => (
          <option key={code} value={code}>
            {code.toUpperCase()}
          </option>
        ))}
      </select>
    </label>
  );
}

function Person() {
  const person = me.value;
  return (
    <details class="person">
      <summary>
        <span class="face" aria-hidden="true">
          {initials(person?.name ?? "")}
        </span>
        <span class="wide">{person?.name}</span>
        <span class="hidden">{person?.name}</span>
      </summary>
      <div class="menu-box">
        <p class="quiet">
          {person?.email}
          <br />
          {person?.roles.map((role) => role.replaceAll("_", " ")).join(", ")}
        </p>
        <a href={at("/profile")}>{t("my_profile")}</a>
        <LanguageChoice />
        <ThemeChoice />
        <button
          type="button"
          class="button"
          onClick={async () => {
            if ((await signOut()) === "still_in") toast(t("still_in"), { tone: "bad" });
          }}
        >
          {t("sign_out")}
        </button>
      </div>
    </details>
  );
}

const initials = (name: string) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((each) => each.slice(0, 1))
    .join("");

export const LanguageChoice = () => (
  <label class="field">
    <span>{t("language")}</span>
    <select value={language.value} onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}>
      {LANGUAGES.map((each) => (
        <option key={each} value={each}>
          {LANGUAGE_NAMES[each]}
        </option>
      ))}
    </select>
  </label>
);

const ThemeChoice = () => (
  <label class="field">
    <span>{t("theme")}</span>
    <select value={theme.value} onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}>
      {THEMES.map((each) => (
        <option key={each} value={each}>
          {t(`theme_${each}`)}
        </option>
      ))}
    </select>
  </label>
);

function Navigation() {
  const { path } = useLocation();
  const own = useRef<HTMLElement>(null);
  // where one is stays in view, also in a list that is longer than the screen
  useEffect(() => {
    const nav = own.current;
    const link = nav?.querySelector<HTMLElement>("a[aria-current]");
    if (nav == null || link == null) return;
    const above = link.getBoundingClientRect().top - nav.getBoundingClientRect().top;
    if (above < 0 || above + link.offsetHeight > nav.clientHeight) nav.scrollTop += above - nav.clientHeight / 2;
  }, [path, me.value]);
  const shown = routes.filter(
    ({ section, permission }) => section !== null && (permission === null || may(permission)),
  );
  const here = shown
    .map((route) => at(route.path))
    .filter((each) => path === each || (each !== at("/") && path.startsWith(`${each}/`)))
    .sort((a, b) => b.length - a.length)[0];
  return (
    <nav id="navigation" ref={own} aria-label={t("menu")}>
      {SECTIONS.map((section) => {
        const own = shown.filter((route) => route.section === section);
        if (own.length === 0) return null;
        return (
          <section key={section}>
            <h2>{t(`nav_${section}`)}</h2>
            <ul>
              {own.map((route) => (
                <li key={route.path}>
                  <a href={at(route.path)} aria-current={at(route.path) === here ? "page" : undefined}>
                    {t(titleKey(route))}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}

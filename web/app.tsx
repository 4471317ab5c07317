import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from "preact-iso";
import { signedOut } from "./api.ts";
import { at, countries, country, rereadCountry } from "./country.ts";
import { lastPage } from "./last-page.ts";
import { SignIn } from "./pages/sign-in/sign-in.tsx";
import { Empty } from "./parts/empty.tsx";
import { fileOf, type PageRoute, routes, titleKey } from "./routes.ts";
import { isHalf, isSilence, may, me, owedSignOuts, readSession, type Silence, worksHere } from "./session.ts";
import { NotHere } from "./shell/not-here.tsx";
import { Shell } from "./shell/shell.tsx";
import { Silent } from "./shell/silent.tsx";
import { t } from "./shell/words.ts";
import { loadWords } from "./words.ts";

/** Who does not answer: this country, its database alone, or the country where people sign in. */
const silent = signal<Silence | null>(null);
const RETRY_MS = 4_000;

/** The page's code and its words come together, once. */
const pages = routes.map((route) => ({
  route,
  Page: lazy(async () => {
    const load = fileOf(route);
    if (load === undefined) throw new Error(`no page ${route.page}`);
    const [module] = await Promise.all([load(), loadWords(route.page)]);
    return module;
  }),
}));

export const App = () => (
  <LocationProvider scope={new RegExp(`^/(?:(?:${countries.join("|")})(?:/(?!my(?:/|$)|api/).*)?)?$`)}>
    <ErrorBoundary onError={reloadWhenStale}>
      <Gate />
    </ErrorBoundary>
  </LocationProvider>
);

/** Asks who is here whenever the country changes, and asks to sign in where nobody is. The page behind it keeps its state. */
function Gate() {
  const { url, path, route } = useLocation();
  rereadCountry();
  const code = country.value;
  // the address alone says where to go
  useEffect(() => {
    if (!countries.some((each) => url === `/${each}` || url.startsWith(`/${each}/`))) route(`/${code}/`, true);
  }, [url]);
  // asked again for another country, when a session ended, and while a country has yet to hear of a sign-out
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const read = await readSession();
      silent.value = isSilence(read) ? read : null;
      if (read !== "ok") timer = setTimeout(look, RETRY_MS);
    };
    void look();
    return () => clearTimeout(timer);
  }, [code, signedOut.value, owedSignOuts.value.length > 0]);
  const person = me.value;
  const isTakingInvitation = url.startsWith(`/${code}/invitation`) || location.hash.startsWith("#invitation");
  if (silent.value !== null && person === undefined)
    return <Silent key={code} why={silent.value} page={url.slice(code.length + 1)} />;
  if (isTakingInvitation || person === null || (person !== undefined && isHalf(person))) return <SignIn />;
  if (person === undefined) return <main class="alone">{t("loading")}</main>;
  if (!worksHere(person)) return <NotHere person={person} />;
  return (
    <Shell>
      {isReadable(path) ? (
        <Router onRouteChange={() => scrollTo(0, 0)}>
          {pages.map(({ route: each, Page }) => (
            <Route key={each.path} path={`/:country${each.path}`} component={allowed(each, Page)} />
          ))}
          <Route default component={NoPage} />
        </Router>
      ) : (
        <NoPage />
      )}
    </Shell>
  );
}

/** An address that was cut in the middle of a letter: the router would stop at it. */
function isReadable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== "";
  } catch {
    return false;
  }
}

const guards = new Map<string, ReturnType<typeof guard>>();
function allowed(route: PageRoute, Page: Parameters<typeof guard>[1]) {
  const known = guards.get(route.path) ?? guard(route, Page);
  guards.set(route.path, known);
  return known;
}

/** What one may not do is said before anything is filled in. */
const guard =
  (route: PageRoute, Page: (typeof pages)[number]["Page"]) => (props: { params?: Record<string, string> }) => {
    useEffect(() => {
      if (route.page !== "help") lastPage.value = route.page;
      document.title = `${t(titleKey(route))} · 1PWR ${t("product")}`;
    });
    if (route.permission !== null && !may(route.permission))
      return (
        <Empty
          title={t("not_allowed")}
          hint={t("not_allowed_hint", { permission: route.permission, path: at("/staff") })}
          action={<a href={at("/")}>{t("to_dashboard")}</a>}
        />
      );
    return <Page {...props.params} />;
  };

const NoPage = () => (
  <Empty title={t("no_page")} hint={t("no_page_hint")} action={<a href={at("/")}>{t("to_dashboard")}</a>} />
);

/** After a deployment the old page asks for pieces that are gone: it is loaded anew, once. */
function reloadWhenStale(error: unknown) {
  const isStale = error instanceof TypeError && /import|module|fetch/i.test(error.message);
  const last = Number(sessionStorage.getItem("reloaded-at") ?? 0);
  console.error(error);
  if (!isStale || Date.now() - last < 60_000) return;
  sessionStorage.setItem("reloaded-at", String(Date.now()));
  location.reload();
}

import type { ComponentChildren } from "preact";
import type { Trouble } from "../../api.ts";
import { Freeze, type ToFreeze } from "../../metrics/freeze.tsx";
import { AsOf } from "../../parts/as-of.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Files, PAPER_FORMATS, PROFILE_FORMATS } from "../../parts/files.tsx";
import { Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { sourceOf } from "../../profiles/source.ts";
import { language } from "../../words.ts";
import { t } from "./words.ts";

/** What is asked, as it stands in the address. Empty: not said. */
export type Asked = {
  by: "none" | "site" | "type";
  site: string;
  type: string;
  from: string;
  to: string;
  year: string;
  of: "day" | "hour";
};

type About = { asOf: number; coveragePct: number | null; from: string; to: string; isPartial: boolean; by: string };
type Props = {
  about: About | null;
  isEmpty: boolean;
  trouble: Trouble | null;
  again(): void;
  means: string;
  /** Where its files are, and of what. */
  file: string;
  query: Record<string, string | undefined>;
  /** Of one that is a paper, too: what keeps it as it is. */
  paper?: ToFreeze;
  children: ComponentChildren;
};

/** A profile with its window, its definition, its instant and its file. */
export const Frame = ({ about, isEmpty, trouble, again, means, file, query, paper, children }: Props) => (
  <Panel foot={<AsOf at={about?.asOf ?? null} source={sourceOf(about)} />}>
    {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
    {about !== null && (
      <p class="quiet">
        {t("window", { from: about.from, to: about.to })}
        {about.isPartial && ` (${t("partial")})`}
      </p>
    )}
    {about !== null && isEmpty ? <Empty title={t("none")} hint={t("none_hint")} /> : children}
    <p class="quiet profile-means">{means}</p>
    <p class="metric-foot">
      {paper === undefined ? (
        <Files path={file} query={query} formats={PROFILE_FORMATS} />
      ) : (
        <>
          <Files path={file} query={query} formats={PAPER_FORMATS} language={language.value} />
          <Freeze asked={paper} />
        </>
      )}
    </p>
  </Panel>
);

export const nameOf = (by: string) => (group: string | null) => group ?? t(by === "none" ? "all" : "no_type");

/** What is said of it goes into the question; an empty field does not. */
export const said = <T extends object>(fields: T): { [K in keyof T]?: T[K] } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "")) as { [K in keyof T]?: T[K] };

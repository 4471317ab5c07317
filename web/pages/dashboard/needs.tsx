import type { LiveStatus } from "../../../workers/portal/live-view.ts";
import { at } from "../../country.ts";
import { offers } from "../../offers.ts";
import { Empty } from "../../parts/empty.tsx";
import { cash, count, since } from "../../say.ts";
import { said, wordsOf } from "../../words.ts";
import { needs, type Waiting } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("dashboard");

/** What nobody but a person can settle, with the page where it is done. */
export function Needs({ waiting, live }: { waiting: readonly Waiting[]; live: LiveStatus | null }) {
  const rows = needs(waiting, live);
  if (rows.length === 0) return <Empty title={t("needs_none")} hint={t("needs_none_hint")} />;
  return (
    <ul class="needs">
      {rows.map(({ kind, count: many, oldestAt, amountMinor, path }) => {
        const name = said("dashboard", "need", kind.replace(/^case:/, ""));
        return (
          <li key={kind}>
            <strong>{count(many)}</strong>
            <span>
              {offers(path) ? <a href={at(path)}>{name}</a> : name}
              <small class="quiet">
                {[
                  amountMinor === null || amountMinor === 0 ? null : cash(amountMinor),
                  oldestAt === null ? null : since(oldestAt),
                ]
                  .filter((each) => each !== null)
                  .join(" · ")}
              </small>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

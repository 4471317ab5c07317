import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Copy } from "../../parts/copy.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { byWhom, cash, when } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import { amountOf, Decide, TONES } from "./decide.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("corrections");

/** One order, with who ordered it, why, and what became of it. */
export function One({ id }: { id: string }) {
  const { value, trouble, again } = useAsk(() => ask(api().corrections[":id"].$get({ param: { id } })), [id]);
  const row = value?.correction ?? null;
  return (
    <Page
      title={row === null ? t("title") : t("one", { account: row.account })}
      actions={
        <a class="button" href={at("/corrections")}>
          {t("all")}
        </a>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {row !== null && (
        <Panel actions={<Decide row={row} onDone={again} />}>
          <dl class="facts">
            <dt>{t("state")}</dt>
            <dd>
              <Badge tone={TONES[row.state]}>{t(`state_${row.state}`)}</Badge> {row.because ?? ""}
            </dd>
            <dt>{t("account")}</dt>
            <dd>
              <a href={at(`/accounts/${row.account}`)}>{row.account}</a> ·{" "}
              <a href={at(`/accounts/${row.account}/explain`)}>{t("explain")}</a>
            </dd>
            <dt>{t("how_much")}</dt>
            <dd>
              <b>{amountOf(row)}</b> {row.worthMinor !== null && t("worth", { money: cash(row.worthMinor) })}
            </dd>
            <dt>{t("what")}</dt>
            <dd>{said("corrections", "code", row.code)}</dd>
            <dt>{t("document")}</dt>
            <dd>{row.document}</dd>
            <dt>{t("ordered")}</dt>
            <dd>
              {when(row.orderedAt)}, {byWhom(row.orderedBy)}: {row.reason}
            </dd>
            <dt>{t("decided")}</dt>
            <dd>
              {row.decidedBy === null
                ? t(row.state === "waiting" ? "nobody_yet" : "alone")
                : `${when(row.decidedAt)}, ${byWhom(row.decidedBy)}`}
            </dd>
            <dt>{t("posted")}</dt>
            <dd>{when(row.postedAt)}</dd>
            <dt>{t("key")}</dt>
            <dd>
              <Copy text={row.id} />
            </dd>
          </dl>
        </Panel>
      )}
    </Page>
  );
}

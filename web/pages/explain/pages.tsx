import { api, ask } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t as common } from "../../shell/words.ts";
import { usePages } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { Entries } from "./entries.tsx";
import { type Told, toldOf } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("explain");
const PAGE = "50";

/** The entries of an account, a page at a time. `seq` is what the ledger is known to have reached. */
export function EntryPages({ account, seq, isGrouped }: { account: string; seq: number; isGrouped: boolean }) {
  const { rows, trouble, isBusy, more, again } = usePages<Told>(
    async (cursor) => {
      const query = cursor === null ? { limit: PAGE } : { limit: PAGE, cursor };
      const answer = await ask(api().accounts[":account"].entries.$get({ param: { account }, query }));
      if (!answer.ok) return answer;
      const { next } = answer.value;
      return { ok: true, value: { rows: toldOf(answer.value), next: next === null ? null : String(next) } };
    },
    [account],
    [seq],
  );
  return (
    <>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {rows.length === 0 && trouble === null && !isBusy && (
        <Empty title={t("no_entries")} hint={t("no_entries_hint")} />
      )}
      {rows.length > 0 && <Entries entries={rows} isGrouped={isGrouped} />}
      <div class="row foot">
        {!(isBusy && rows.length === 0) && (
          <small class="quiet">{common(more === undefined ? "all_shown" : "shown", { n: rows.length })}</small>
        )}
        {more !== undefined && (
          <Button busy={isBusy} onClick={more}>
            {common("more")}
          </Button>
        )}
      </div>
    </>
  );
}

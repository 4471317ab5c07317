import { api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Tick } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { since, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { said } from "../../words.ts";
import type { Letter } from "./model.ts";
import { ROOM, t } from "./words.ts";

/** What queues gave up on, and sending it again: once, and never lost. */
export function Letters() {
  const [all, setAll] = useAddress("letters");
  const list = usePages<Letter>(
    async (cursor) => {
      const query = {
        all: all === "all" ? ("true" as const) : ("false" as const),
        ...(cursor === null ? {} : { cursor }),
      };
      const answer = await ask(api()["dead-letters"].$get({ query }));
      if (!answer.ok) return answer;
      const { letters, next } = answer.value;
      return { ok: true, value: { rows: letters, next: next === null ? null : String(next) } };
    },
    [all],
  );
  const replay = async (letter: Letter) => {
    const reason = await confirmWithReason({
      title: t("replay_ask"),
      body: (
        <>
          <p>{t("replay_body")}</p>
          <p>
            <code>{letter.bodyJson}</code>
          </p>
        </>
      ),
      yes: t("replay"),
    });
    if (reason === null) return;
    const answer = await ask(
      api()["dead-letters"][":id{[0-9]{1,15}}"].replay.$post({
        param: { id: String(letter.id) },
        json: { reason, seen: letter.handledBy },
      }),
    );
    toast(answer.ok ? t("replayed") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    list.again();
  };
  return (
    <Panel
      title={t("letters")}
      actions={<Tick label={t("letters_all")} value={all === "all"} onInput={(on) => setAll(on ? "all" : "")} />}
      foot={t("letters_mean")}
    >
      {list.trouble !== null && <TroubleBox trouble={list.trouble} again={list.again} />}
      <Table
        label={t("letters")}
        rows={list.rows}
        rowKey={({ id }) => String(id)}
        more={list.more}
        isBusy={list.isBusy}
        empty={<Empty title={t("no_letters")} />}
        tone={({ handledAt }) => (handledAt === null ? "warn" : "quiet")}
        columns={[
          { head: t("was_for"), cell: ({ road }) => said(ROOM, "road", road ?? "none") },
          {
            head: t("which"),
            cell: ({ about, bodyJson }) => <code title={bodyJson}>{about === "" ? bodyJson.slice(0, 80) : about}</code>,
          },
          { head: t("died"), cell: ({ diedAt }) => <span title={when(diedAt)}>{since(diedAt)}</span> },
          { head: t("state"), cell: (letter) => <State letter={letter} /> },
          {
            head: t("do"),
            cell: (letter) =>
              letter.handledAt === null &&
              letter.road !== null &&
              may("operations.act") && <Button onClick={() => replay(letter)}>{t("replay")}</Button>,
          },
        ]}
      />
    </Panel>
  );
}

function State({ letter: { handledAt, handledBy } }: { letter: Letter }) {
  const who = (handledBy ?? "").split(" · ")[0] ?? "";
  if (handledAt !== null) return <Badge tone="good">{t("sent_by", { who, at: when(handledAt) })}</Badge>;
  return <Badge tone="warn">{handledBy === null ? t("waits") : t("begun_by", { who })}</Badge>;
}

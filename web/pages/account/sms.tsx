import type { InferResponseType } from "hono/client";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, when } from "../../say.ts";
import { usePages } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");

type Sms = InferResponseType<ReturnType<typeof api>["accounts"][":account"]["sms"]["$get"], 200>["sms"][number];

const TONES: Record<string, Tone> = {
  credited: "good",
  sent: "good",
  delivered: "good",
  failed: "bad",
  expired: "bad",
  held: "warn",
  accepted: "good",
  rejected: "bad",
  unknown: "warn",
};

/** SMS both ways: those that brought money, and those that the holder was sent. */
export function Messages({ account, seq }: { account: string; seq: number }) {
  const { rows, trouble, isBusy, more, again } = usePages<Sms>(
    async (cursor) => {
      const query = cursor === null ? {} : { cursor };
      const answer = await ask(api().accounts[":account"].sms.$get({ param: { account }, query }));
      return answer.ok ? { ok: true, value: { rows: answer.value.sms, next: answer.value.next } } : answer;
    },
    [account],
    [seq],
  );
  return (
    <Panel title={t("tab_sms")} foot={t("sms_which")}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("tab_sms")}
        rows={rows}
        rowKey={({ key }) => key}
        more={more}
        isBusy={isBusy}
        empty={<Empty title={t("no_sms")} hint={t("no_sms_hint")} />}
        columns={[
          { head: t("command_at"), cell: (row) => when(row.at) },
          { head: t("sms_way"), cell: (row) => <b>{t(`sms_${row.way}`, { who: row.who, phone: row.phone })}</b> },
          { head: t("sms_text"), cell: (row) => row.content },
          {
            head: t("command_state"),
            cell: (row) => (
              <>
                <Badge tone={TONES[row.state] ?? "quiet"}>{said("account", "says", row.state)}</Badge>
                {row.parts !== null && (
                  <small class="quiet">
                    {" "}
                    {t("sms_parts", { n: row.parts })}, {row.costMinor === null ? "–" : cash(row.costMinor)}
                  </small>
                )}
              </>
            ),
          },
          {
            head: t("sms_receipt"),
            cell: (row) =>
              row.receipt === null ? (
                "–"
              ) : (
                <a href={at(`/payments/${encodeURIComponent(row.receipt)}`)}>{row.receipt}</a>
              ),
          },
        ]}
      />
    </Panel>
  );
}

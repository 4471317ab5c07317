import { api, ask } from "../../api.ts";
import { saveFile } from "../../csv.ts";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { may, me } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { isSecond } from "../corrections/model.ts";
import { ROOM, t } from "./words.ts";

const TONES: Record<string, Tone> = { waiting: "warn", approved: "warn", done: "good", refused: "quiet" };

/** What the person may ask for: all that is kept as a file, and to be taken out of it. */
export function Personal({ customerId, onChange }: { customerId: number; onChange(): void }) {
  const { value, trouble, again } = useAsk(
    () => ask(api().personal.erasures.$get({ query: { customer: String(customerId) } })),
    [customerId],
  );
  const orders = value?.erasures ?? [];
  const isOpen = orders.some(({ state }) => state === "waiting" || state === "approved");
  const changed = () => {
    again();
    onChange();
  };
  return (
    <Panel
      title={t("personal")}
      actions={
        <div class="row">
          {may("personal.export") && (
            <>
              <Button onClick={() => give(customerId, "text")}>{t("personal_text")}</Button>
              <Button onClick={() => give(customerId, "json")}>{t("personal_json")}</Button>
            </>
          )}
          {may("personal.erase") && value !== null && !isOpen && (
            <Button kind="danger" onClick={() => order(customerId, changed)}>
              {t("erase")}
            </Button>
          )}
        </div>
      }
    >
      <p class="quiet">{t("personal_hint")}</p>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <ul class="plain-list">
        {orders.map((row) => (
          <li key={row.id} class="row">
            <Badge tone={TONES[row.state]}>{said(ROOM, "erasure", row.state)}</Badge>
            <span>
              {row.document} <small class="quiet">{`${row.orderedBy}, ${when(row.orderedAt)}`}</small>
            </span>
            {row.state === "waiting" && may("personal.erase") && (
              <span class="row">
                {isSecond(row.orderedBy, me.value) ? (
                  <Button kind="danger" onClick={() => decide(row.id, true, changed)}>
                    {t("erase_approve")}
                  </Button>
                ) : (
                  <small class="quiet">{t("erase_second")}</small>
                )}
                <Button onClick={() => decide(row.id, false, changed)}>{t("erase_refuse")}</Button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

async function give(customerId: number, format: "json" | "text") {
  const reason = await confirmWithReason({
    title: t("personal_ask"),
    body: <p>{t("personal_body")}</p>,
    yes: t("personal_give"),
  });
  if (reason === null) return;
  const each = api().personal.customers[":id{[0-9]+}"];
  const answer = await ask(each.export.$post({ param: { id: String(customerId) }, json: { format, reason } }));
  if (!answer.ok) return toast(troubleWords(answer.trouble), { tone: "bad" });
  if ("text" in answer.value)
    return saveFile(`customer-${customerId}.txt`, answer.value.text, "text/plain;charset=utf-8");
  saveFile(`customer-${customerId}.json`, JSON.stringify(answer.value.personal, null, 2), "application/json");
}

async function order(customerId: number, onDone: () => void) {
  const document = await confirmWithReason({
    title: t("erase_ask"),
    body: <p>{t("erase_body")}</p>,
    yes: t("erase"),
    tone: "danger",
  });
  if (document === null) return;
  const each = api().personal.customers[":id{[0-9]+}"];
  const answer = await ask(
    each.erasure.$post(
      { param: { id: String(customerId) }, json: { document } },
      { headers: { "Idempotency-Key": crypto.randomUUID() } },
    ),
  );
  toast(answer.ok ? t("erase_ordered") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
  onDone();
}

async function decide(id: string, approve: boolean, onDone: () => void) {
  const reason = await confirmWithReason({
    title: t(approve ? "erase_approve_ask" : "erase_refuse_ask"),
    body: <p>{t(approve ? "erase_approve_body" : "erase_refuse_body")}</p>,
    yes: t(approve ? "erase_approve" : "erase_refuse"),
    tone: approve ? "danger" : "primary",
  });
  if (reason === null) return;
  const asked = { param: { id }, json: { reason } };
  const each = api().personal.erasures[":id"];
  const answer = await ask(approve ? each.approve.$post(asked) : each.refuse.$post(asked));
  toast(answer.ok ? t(approve ? "erase_approved" : "erase_refused") : troubleWords(answer.trouble), {
    tone: answer.ok ? "good" : "bad",
  });
  onDone();
}

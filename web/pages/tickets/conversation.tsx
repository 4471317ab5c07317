import type { InferResponseType } from "hono/client";
import { useEffect, useMemo, useState } from "preact/hooks";
import { COMMENT_CHARS_MAX, ticketNumber } from "../../../src/domain/ticket.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { byWhom, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { useDraft } from "../../use-draft.ts";
import { loadWords, said } from "../../words.ts";
import { ROOM, t } from "./words.ts";
import "./tickets.css";

type Care = ReturnType<typeof api>["care"];
type Message = InferResponseType<Care["drafts"]["$get"], 200>["drafts"][number];

const TONES: Record<Message["state"], Tone> = {
  received: "quiet",
  draft: "warn",
  queued: "warn",
  handed: "warn",
  told: "good",
  dismissed: "quiet",
};

/** What a customer and the care line have written to each other; an answer is written below it. */
export function Conversation({ customerId }: { customerId: number }) {
  useEffect(() => void loadWords(ROOM), []);
  const { value, trouble, again } = useAsk(
    () => ask(api().care.customers[":id{[0-9]+}"].$get({ param: { id: String(customerId) } })),
    [customerId],
  );
  if (trouble !== null) return <TroubleBox trouble={trouble} again={again} />;
  // Who never wrote has no conversation.
  if (value === null || value.messages.length === 0) return null;
  return (
    <Panel title={t("conversation")}>
      <ol class="plain-list" aria-label={t("conversation")}>
        {value.messages.map((message) => (
          <One key={message.messageId} message={message} onDone={again} />
        ))}
      </ol>
      {may("tickets.write") && <Write customerId={customerId} onDone={again} />}
    </Panel>
  );
}

/** Answers that rules have drafted and nobody has approved yet; nothing where there are none. */
export function Drafts() {
  const { value, trouble, again } = useAsk(() => ask(api().care.drafts.$get()), []);
  if (trouble !== null) return <TroubleBox trouble={trouble} again={again} />;
  if (value === null || value.drafts.length === 0) return null;
  return (
    <Panel title={t("drafts", { n: value.drafts.length })} foot={t("drafts_hint")}>
      <ol class="plain-list" aria-label={t("drafts", { n: value.drafts.length })}>
        {value.drafts.map((message) => (
          <One key={message.messageId} message={message} onDone={again} />
        ))}
      </ol>
    </Panel>
  );
}

function One({ message, onDone }: { message: Message; onDone(): void }) {
  return (
    <li>
      <div class="row">
        <strong>{t(`way_${message.way}`)}</strong>
        <Badge tone={TONES[message.state]}>{t(`message_${message.state}`)}</Badge>
        <span class="quiet">
          {when(message.at)}
          {message.decidedBy !== null && ` · ${byWhom(message.decidedBy)}`}
        </span>
        {message.category !== null && <span class="quiet">{said(ROOM, "category", message.category)}</span>}
        {message.ticketId !== null && <a href={at(`/tickets/${message.ticketId}`)}>{ticketNumber(message.ticketId)}</a>}
        {message.customerId !== null && message.state === "draft" && (
          <a href={at(`/customers/${message.customerId}`)}>{t("to_customer")}</a>
        )}
      </div>
      {message.state === "draft" && may("tickets.write") ? (
        <Decide message={message} onDone={onDone} />
      ) : (
        <p class="as-written">{message.text}</p>
      )}
    </li>
  );
}

/** A draft goes out as it stands in the box, or not at all. */
function Decide({ message, onDone }: { message: Message; onDone(): void }) {
  const [text, setText] = useState(message.text);
  const param = { id: String(message.messageId) };
  const one = api().care.drafts[":id{[0-9]+}"];
  const decide = async (isApproved: boolean) => {
    const answer = isApproved
      ? await ask(one.approve.$post({ param, json: { text } }))
      : await ask(one.dismiss.$post({ param }));
    toast(answer.ok ? t(isApproved ? "is_approved" : "is_dismissed") : troubleWords(answer.trouble), {
      tone: answer.ok ? "good" : "bad",
    });
    onDone();
  };
  return (
    <>
      <Field label={t("draft")} value={text} onInput={setText} rows={3} maxLength={COMMENT_CHARS_MAX} />
      <div class="row">
        <Button kind="primary" disabled={text.trim() === ""} onClick={() => decide(true)}>
          {t("approve")}
        </Button>
        <Button onClick={() => decide(false)}>{t("dismiss")}</Button>
      </div>
    </>
  );
}

function Write({ customerId, onDone }: { customerId: number; onDone(): void }) {
  const empty = useMemo(() => ({ text: "", key: "" }), []);
  const { value: draft, change, drop } = useDraft(`message-${customerId}`, empty);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  async function send() {
    const key = draft.key || crypto.randomUUID();
    change({ key });
    setBusy(true);
    const answer = await ask(
      api().care.customers[":id{[0-9]+}"].$post(
        { param: { id: String(customerId) }, json: { text: draft.text } },
        { headers: { "Idempotency-Key": key } },
      ),
    );
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    setTrouble(null);
    drop();
    onDone();
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Field
        label={t("write")}
        value={draft.text}
        onInput={(text) => change({ text, key: "" })}
        error={trouble?.fields.text}
        rows={2}
        maxLength={COMMENT_CHARS_MAX}
        required
      />
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row">
        <Button type="submit" busy={isBusy} disabled={draft.text.trim() === ""}>
          {t("send")}
        </Button>
      </div>
    </form>
  );
}

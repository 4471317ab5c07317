import { useMemo, useState } from "preact/hooks";
import { COMMENT_CHARS_MAX, downtimeMinutes, SUMMARY_CHARS_MAX, ticketNumber } from "../../../src/domain/ticket.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { byWhom, span, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { useDraft } from "../../use-draft.ts";
import { said } from "../../words.ts";
import { type Mirror, PRIORITY_TONES, STATE_TONES, saidOf, type Ticket, type TicketEvent } from "./model.ts";
import { ROOM, t } from "./words.ts";
import "./tickets.css";
import { Work } from "./work.tsx";

/** One ticket: what it is, whose it is, what became of it, and what may be done. */
export function One({ id }: { id: string }) {
  const {
    fresh: value,
    trouble,
    again,
  } = useAsk(() => ask(api().tickets[":id{[0-9]+}"].$get({ param: { id } })), [id]);
  if (trouble?.status === 404)
    return (
      <Page title={ticketNumber(Number(id))}>
        <Empty title={t("unknown")} hint={t("unknown_hint")} action={<a href={at("/tickets")}>{t("all")}</a>} />
      </Page>
    );
  const ticket = value?.ticket ?? null;
  return (
    <Page
      title={
        ticket === null
          ? ticketNumber(Number(id))
          : `${ticketNumber(ticket.ticketId)} · ${said(ROOM, "category", ticket.category)}`
      }
      actions={
        <a class="button" href={at("/tickets")}>
          {t("all")}
        </a>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {ticket !== null && (
        <div class="columns">
          <div class="stack">
            <Facts ticket={ticket} mirror={value?.mirror ?? null} />
            {may("tickets.write") && <Work ticket={ticket} onDone={again} />}
          </div>
          <div class="stack">
            <History events={value?.events ?? []} />
            {may("tickets.write") && <Comment ticketId={ticket.ticketId} onDone={again} />}
            {may("tickets.write") && <End ticket={ticket} onDone={again} />}
          </div>
        </div>
      )}
    </Page>
  );
}

function Facts({ ticket, mirror }: { ticket: Ticket; mirror: Mirror | null }) {
  const minutes = downtimeMinutes(ticket.failedAt, ticket.resolvedAt);
  return (
    <Panel>
      <p>
        <strong>{ticket.summary}</strong>
      </p>
      <dl class="facts">
        <dt>{t("state")}</dt>
        <dd class="row">
          <Badge tone={STATE_TONES[ticket.state]}>{t(`state_${ticket.state}`)}</Badge>
          <Badge tone={PRIORITY_TONES[ticket.priority]}>{t(`priority_${ticket.priority}`)}</Badge>
        </dd>
        <dt>{t("class")}</dt>
        <dd>{t(`class_${ticket.class}`)}</dd>
        <dt>{t("whose")}</dt>
        <dd>
          {ticket.account !== null && <a href={at(`/accounts/${ticket.account}`)}>{ticket.account}</a>}
          {ticket.customerId !== null && (
            <>
              {" · "}
              <a href={at(`/customers/${ticket.customerId}`)}>{ticket.customer}</a>
            </>
          )}
          {ticket.account === null && (ticket.site ?? t("site_unknown"))}
        </dd>
        {ticket.phone !== null && (
          <>
            <dt>{t("phone")}</dt>
            <dd>+{ticket.phone}</dd>
          </>
        )}
        <dt>{t("reported")}</dt>
        <dd>
          {byWhom(ticket.reportedBy)} ({t(`source_${ticket.source}`)})
        </dd>
        <dt>{t("assigned")}</dt>
        <dd>{byWhom(ticket.assignedTo) || t("nobody")}</dd>
        <dt>{t("failed")}</dt>
        <dd>{when(ticket.failedAt)}</dd>
        <dt>{t("opened")}</dt>
        <dd>{when(ticket.openedAt)}</dd>
        {ticket.state === "resolved" && (
          <>
            <dt>{t("resolved")}</dt>
            <dd>
              {when(ticket.resolvedAt)}
              {minutes !== null && ` · ${t("broken_for", { time: span(minutes * 60_000) })}`}
            </dd>
            <dt>{t("cause")}</dt>
            <dd>{ticket.rule === null ? ticket.cause : said(ROOM, "cause", ticket.cause)}</dd>
            <dt>{t("resolution")}</dt>
            <dd>{ticket.resolution}</dd>
          </>
        )}
        {mirror !== null && (
          <>
            <dt>{t("om")}</dt>
            <dd>
              {[mirror.omId ?? t("om_none"), mirror.omStatus].filter((each) => each !== null).join(" · ")}
              {mirror.error !== null &&
                ` · ${mirror.nextAt === null ? mirror.error : t("om_failed", { error: mirror.error, at: when(mirror.nextAt) })}`}
            </dd>
          </>
        )}
        {ticket.rule !== null && (
          <>
            <dt>{t("rule")}</dt>
            <dd>{said(ROOM, "rule", ticket.rule)}</dd>
          </>
        )}
        {ticket.caseKey !== null && (
          <>
            <dt>{t("case")}</dt>
            <dd>
              <a href={at(`/cases?state=any&q=${encodeURIComponent(ticket.caseKey)}`)}>{ticket.caseKey}</a>
            </dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

/** What was said and done, the oldest first. */
const History = ({ events }: { events: readonly TicketEvent[] }) => (
  <Panel title={t("history")}>
    <ol class="plain-list" aria-label={t("history")}>
      {events.map((event) => (
        <li key={event.eventId}>
          <div class="row">
            <strong>{t(`event_${event.kind}`)}</strong>
            <span class="quiet">
              {when(event.at)} · {byWhom(event.actor)}
            </span>
          </div>
          {event.kind === "comment" ? (
            <p class="as-written">{String(event.details.text ?? "")}</p>
          ) : (
            <dl class="facts">
              {saidOf(event).map(({ name, value }) => [
                <dt key={`${name}:`}>{said(ROOM, "field", name)}</dt>,
                <dd key={name}>{byWhom(value)}</dd>,
              ])}
            </dl>
          )}
        </li>
      ))}
    </ol>
  </Panel>
);

function Comment({ ticketId, onDone }: { ticketId: number; onDone(): void }) {
  const empty = useMemo(() => ({ text: "", key: "" }), []);
  const { value: draft, change, drop } = useDraft(`ticket-${ticketId}`, empty);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  async function send() {
    const key = draft.key || crypto.randomUUID();
    change({ key });
    setBusy(true);
    const param = { id: String(ticketId) };
    const answer = await ask(
      api().tickets[":id{[0-9]+}"].comments.$post(
        { param, json: { text: draft.text } },
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
    <Panel>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field
          label={t("comment")}
          value={draft.text}
          onInput={(text) => change({ text, key: "" })}
          error={trouble?.fields.text}
          rows={3}
          maxLength={COMMENT_CHARS_MAX}
          required
        />
        {trouble !== null && <TroubleBox trouble={trouble} />}
        <div class="row">
          <Button type="submit" busy={isBusy} disabled={draft.text.trim() === ""}>
            {t("say")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** Resolved with its cause and what was done; opened again with a reason. */
function End({ ticket, onDone }: { ticket: Ticket; onDone(): void }) {
  const empty = useMemo(() => ({ cause: "", resolution: "" }), []);
  const { value: draft, change, drop } = useDraft(`ticket-end-${ticket.ticketId}`, empty);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const one = api().tickets[":id{[0-9]+}"];
  const param = { id: String(ticket.ticketId) };
  const reopen = async (why: string | null) => {
    if (why === null) return;
    const answer = await ask(one.reopen.$post({ param, json: { reason: why } }));
    toast(answer.ok ? t("is_reopened") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    onDone();
  };
  if (ticket.state === "resolved")
    return (
      <Panel>
        <Button
          onClick={async () =>
            reopen(
              await confirmWithReason({ title: t("reopen_ask"), body: <p>{t("reopen_body")}</p>, yes: t("reopen") }),
            )
          }
        >
          {t("reopen")}
        </Button>
      </Panel>
    );
  async function send() {
    setBusy(true);
    const answer = await ask(one.resolve.$post({ param, json: draft }));
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    setTrouble(null);
    drop();
    toast(t("is_resolved"), { undo: () => void reopen(t("by_mistake")) });
    onDone();
  }
  return (
    <Panel title={t("resolve_title")}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field
          label={t("cause")}
          value={draft.cause}
          onInput={(cause) => change({ cause })}
          error={trouble?.fields.cause}
          maxLength={SUMMARY_CHARS_MAX}
          required
        />
        <Field
          label={t("resolution")}
          value={draft.resolution}
          onInput={(resolution) => change({ resolution })}
          error={trouble?.fields.resolution}
          maxLength={COMMENT_CHARS_MAX}
          rows={2}
          required
        />
        {trouble !== null && <TroubleBox trouble={trouble} />}
        <div class="row">
          <Button
            type="submit"
            kind="primary"
            busy={isBusy}
            disabled={draft.cause.trim() === "" || draft.resolution.trim() === ""}
          >
            {t("resolve")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

import { TICKET_CATEGORIES, TICKET_CLASSES, TICKET_PRIORITIES, WORK_STATES } from "../../../src/domain/ticket.ts";
import { type Answer, api, ask } from "../../api.ts";
import { facts } from "../../country.ts";
import { Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { byWhom } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import type { Ticket } from "./model.ts";
import { t } from "./words.ts";

const NOBODY = "";
const among = <T extends string>(values: readonly T[], typed: string): T | undefined =>
  values.find((each) => each === typed);

/** Who sees to it, how far it is and what it is: each is changed by choosing, and taken back by choosing what was. */
export function Work({ ticket, onDone }: { ticket: Ticket; onDone(): void }) {
  const { value } = useAsk(() => ask(api().tickets.assignees.$get()), []);
  const one = api().tickets[":id{[0-9]+}"];
  const param = { id: String(ticket.ticketId) };
  const isOver = ticket.state === "resolved";
  const own = value?.assignees.find(({ actor }) => actor === ticket.assignedTo);

  async function done(call: Promise<Answer<unknown>>) {
    const answer = await call;
    toast(answer.ok ? t("is_changed") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    onDone();
  }
  const assign = (staffId: string) =>
    done(ask(one.assign.$post({ param, json: { staffId: staffId === NOBODY ? null : Number(staffId) } })));
  const set = (part: object) => done(ask(one.$patch({ param, json: { version: ticket.version, set: part } })));

  return (
    <Panel title={t("work")}>
      <div class="form">
        <Select
          label={t("assigned")}
          value={own === undefined ? NOBODY : String(own.staffId)}
          disabled={isOver}
          onInput={assign}
          options={[
            // Somebody who has left stays named until the ticket is given to another.
            {
              value: NOBODY,
              label: own === undefined && ticket.assignedTo !== null ? byWhom(ticket.assignedTo) : t("nobody"),
            },
            ...(value?.assignees ?? []).map(({ staffId, name }) => ({ value: String(staffId), label: name })),
          ]}
        />
        <Select
          label={t("state")}
          value={ticket.state}
          disabled={isOver}
          onInput={(typed) => set({ state: among(WORK_STATES, typed) })}
          options={[
            ...WORK_STATES.map((value) => ({ value, label: t(`state_${value}`) })),
            ...(isOver ? [{ value: ticket.state, label: t("state_resolved") }] : []),
          ]}
        />
        <Select
          label={t("priority")}
          value={ticket.priority}
          disabled={isOver}
          onInput={(typed) => set({ priority: among(TICKET_PRIORITIES, typed) })}
          options={TICKET_PRIORITIES.map((value) => ({ value, label: t(`priority_${value}`) }))}
        />
        <Select
          label={t("category")}
          value={ticket.category}
          disabled={isOver}
          onInput={(typed) => set({ category: among(TICKET_CATEGORIES, typed) })}
          options={TICKET_CATEGORIES.map((value) => ({ value, label: t(`category_${value}`) }))}
        />
        <Select
          label={t("class")}
          value={ticket.class}
          disabled={isOver}
          onInput={(typed) => set({ class: among(TICKET_CLASSES, typed) })}
          options={TICKET_CLASSES.map((value) => ({ value, label: t(`class_${value}`) }))}
        />
        {ticket.account === null && (
          <Select
            label={t("site")}
            value={ticket.site ?? ""}
            disabled={isOver}
            onInput={(site) => set({ site: site === "" ? null : site })}
            options={[
              { value: "", label: t("site_unknown") },
              ...(facts.value?.siteCodes ?? []).map((value) => ({ value, label: value })),
            ]}
          />
        )}
      </div>
    </Panel>
  );
}

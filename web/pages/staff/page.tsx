import { useState } from "preact/hooks";
import { api, ask, askIf } from "../../api.ts";
import { at, country } from "../../country.ts";
import { homeOf, isAbroad } from "../../identity.ts";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Copy } from "../../parts/copy.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { useAddress } from "../../use-address.ts";
import { useAsk, usePages } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import { MemberForm } from "./form.tsx";
import { BLANK, type Directory, grantsOf, type Member, markOf, type Standing, standingOf } from "./model.ts";
import { Person } from "./person.tsx";
import type en from "./words/en.ts";
import "./staff.css";

const t = wordsOf<typeof en>("staff");
const PAGE_ROWS = 200;
const TONES: Record<Standing, Tone> = {
  inactive: "quiet",
  invited: "warn",
  lapsed: "bad",
  no_factor: "warn",
  in: "good",
};

/** Who works here, and what each may. */
export default function StaffPage() {
  const [person, setPerson] = useAddress("person");
  const [isNew, setNew] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const list = usePages<Member>(async (cursor) => {
    const query = { limit: String(PAGE_ROWS), ...(cursor === null ? {} : { cursor }) };
    const answer = await ask(api().staff.$get({ query }));
    if (!answer.ok) return answer;
    const { staff, next } = answer.value;
    return { ok: true, value: { rows: staff, next: next === null ? null : String(next) } };
  }, []);
  const { value: directory } = useAsk(() => askIf(!isAbroad(country.value), () => ask(api().hr.$get())), []);
  const chosen = list.rows.find(({ staffId }) => String(staffId) === person);
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        isAbroad(country.value) ? (
          <a class="button" href={`/${homeOf(country.value)}/staff`}>
            {t("at_home")}
          </a>
        ) : (
          <>
            <a class="button" href={at("/hr-directory")}>
              {t("directory")}
            </a>
            <Button kind="primary" onClick={() => setNew(true)}>
              {t("invite")}
            </Button>
          </>
        )
      }
    >
      <Panel>
        {list.trouble !== null && <TroubleBox trouble={list.trouble} again={list.again} />}
        <Table
          label={t("title")}
          rows={list.rows}
          rowKey={(row) => String(row.staffId)}
          href={(row) => at(`/staff?person=${row.staffId}`)}
          more={list.more}
          isBusy={list.isBusy}
          tone={(row) => (row.active ? undefined : "quiet")}
          empty={<Empty title={t("none")} hint={t("none_hint")} />}
          columns={[
            { head: t("name"), cell: (row) => <b>{row.name}</b> },
            { head: t("email"), cell: (row) => row.email },
            {
              head: t("roles"),
              cell: (row) => (
                <span class="row">
                  {row.roles.map((role) => (
                    <Badge key={role}>{said("staff", "role", role)}</Badge>
                  ))}
                </span>
              ),
            },
            { head: t("site"), cell: (row) => <span class="nowrap">{row.site ?? "–"}</span> },
            { head: t("countries"), cell: (row) => <Places member={row} /> },
            {
              head: t("standing"),
              cell: (row) => {
                const standing = standingOf(row, Date.now());
                return <Badge tone={TONES[standing]}>{t(`standing_${standing}`)}</Badge>;
              },
            },
            ...(directory?.isConfigured === true
              ? [{ head: t("directory"), cell: (row: Member) => <Marked member={row} directory={directory} /> }]
              : []),
          ]}
        />
      </Panel>
      {chosen !== undefined && (
        <Dialog title={chosen.name} onClose={() => setPerson("")}>
          <Person key={chosen.staffId} member={chosen} onChanged={list.again} onInvited={setCode} />
        </Dialog>
      )}
      {isNew && (
        <Dialog title={t("invite")} onClose={() => setNew(false)}>
          <MemberForm
            first={{ ...BLANK, countries: [country.value.toUpperCase()] }}
            isNew
            yes={t("invite_send")}
            onSend={async (form) => {
              const { email, name, roles, site } = form;
              const countries = form.countries as Member["countries"];
              const json = { email, name, roles, site: site === "" ? null : site, countries, grants: grantsOf(form) };
              const answer = await ask(api().staff.$post({ json }));
              if (!answer.ok) return answer.trouble;
              setNew(false);
              setCode(answer.value.invitation.code);
              list.again();
              return null;
            }}
          />
        </Dialog>
      )}
      {code !== null && (
        <Dialog title={t("link")} onClose={() => setCode(null)}>
          <p>{t("link_hint")}</p>
          <p class="link-once">
            <Copy text={`${location.origin}${at("/invitation")}#${code}`} />
          </p>
        </Dialog>
      )}
    </Page>
  );
}

const MARKS = { named: "good", left: "bad", absent: "bad", never: "quiet" } as const;

/** What the HR directory said last of somebody who is at home here. */
const Marked = ({ member, directory }: { member: Member; directory: Directory }) => {
  const mark = markOf(member, directory);
  return mark === null ? "–" : <Badge tone={MARKS[mark]}>{t(`mark_${mark}`)}</Badge>;
};

/** A line a country where what somebody may is not the same as here. */
const Places = ({ member: { countries, grants } }: { member: Member }) => (
  <>
    {countries.map((code) => {
      const own = grants.find((each) => each.country === code);
      const roles = own?.roles.map((role) => said("staff", "role", role)).join(", ");
      return (
        <div key={code}>
          {code}
          {own !== undefined && (
            <small class="quiet">
              : {roles === "" ? t("no_role") : roles}
              {own.site !== null && ` (${own.site})`}
            </small>
          )}
        </div>
      );
    })}
  </>
);

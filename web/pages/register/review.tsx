import { type Draft, phonesOf } from "./model.ts";
import { t } from "./words.ts";

/** What will be sent, to look over. */
export function Review({ draft }: { draft: Draft }) {
  const rows: [string, string][] = [
    [t("given"), draft.givenName],
    [t("family"), draft.familyName],
    [t("phones"), phonesOf(draft.phones).join(", ")],
    [t("national_id"), draft.nationalId],
    [t("site"), draft.site],
    [t("plot"), draft.plotNumber],
    [t("village"), [draft.place, draft.district].filter(Boolean).join(", ")],
    [`${t("latitude")}, ${t("longitude")}`, [draft.latitude, draft.longitude].filter(Boolean).join(", ")],
    [t("type"), draft.customerType],
    [t("kind"), draft.kind === "postpaid" ? t("postpaid") : t("live")],
    [t("own_number"), draft.account],
    [t("meter"), [draft.meter, draft.thing].filter(Boolean).join(" · ")],
    ...(draft.readyboard ? [[t("readyboard"), t("readyboard_owed")] satisfies [string, string]] : []),
    [t("note"), draft.note],
  ];
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <>
          <dt key={name}>{name}</dt>
          <dd>{value.trim() === "" ? "–" : value}</dd>
        </>
      ))}
    </dl>
  );
}

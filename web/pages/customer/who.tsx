import type { ComponentChildren } from "preact";
import { Button } from "../../parts/button.tsx";
import { Copy } from "../../parts/copy.tsx";
import { Panel } from "../../parts/page.tsx";
import { when } from "../../say.ts";
import { may } from "../../session.ts";
import { LANGUAGE_NAMES, said } from "../../words.ts";
import { type Card, mapLink } from "./model.ts";
import { ROOM, t } from "./words.ts";

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <>
    <dt>{name}</dt>
    <dd>{children === null || children === "" ? "–" : children}</dd>
  </>
);

/** Who a customer is, and where. */
export function Who({ card, onEdit }: { card: Card; onEdit(): void }) {
  const map = mapLink(card);
  return (
    <div class="columns">
      <Panel title={t("who")} actions={may("customers.write") && <Button onClick={onEdit}>{t("edit")}</Button>}>
        <dl class="facts">
          <Fact name={t("number")}>
            <Copy text={String(card.customerId)} />
          </Fact>
          <Fact name={t("phones")}>
            {card.phones.length === 0
              ? null
              : card.phones.map(({ phone, shown }) => (
                  <span key={phone} class="line">
                    <a href={`tel:+${phone}`}>{shown}</a>
                  </span>
                ))}
          </Fact>
          <Fact name={t("national_id")}>{card.nationalId === null ? null : <Copy text={card.nationalId} />}</Fact>
          <Fact name={t("language")}>
            {card.language === null ? t("language_none") : LANGUAGE_NAMES[card.language]}
          </Fact>
          <Fact name={t("type")}>{card.customerType}</Fact>
          {card.gender !== null && <Fact name={t("gender")}>{said(ROOM, "gender", card.gender)}</Fact>}
          {card.email !== null && (
            <Fact name={t("email")}>
              <a href={`mailto:${card.email}`}>{card.email}</a>
            </Fact>
          )}
          {card.note !== null && <Fact name={t("note")}>{card.note}</Fact>}
        </dl>
      </Panel>
      <Panel title={t("place")}>
        <dl class="facts">
          <Fact name={t("site")}>{card.site}</Fact>
          <Fact name={t("plot")}>{card.plotNumber === null ? null : <Copy text={card.plotNumber} />}</Fact>
          <Fact name={t("village")}>{[card.street, card.place, card.district].filter(Boolean).join(", ")}</Fact>
          <Fact name={t("coordinates")}>
            {map === null ? null : (
              <a href={map}>
                {card.latitude}, {card.longitude}
              </a>
            )}
          </Fact>
          {card.rooms !== null && <Fact name={t("rooms")}>{card.rooms}</Fact>}
          {card.legacyId !== null && (
            <Fact name={t("legacy")}>
              <Copy text={String(card.legacyId)} />
            </Fact>
          )}
          <Fact name={t("came")}>
            {t("came_as", { source: said(ROOM, "source", card.source), at: when(card.createdAt) })}
          </Fact>
        </dl>
      </Panel>
    </div>
  );
}

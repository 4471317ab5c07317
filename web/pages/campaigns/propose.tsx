import { useState } from "preact/hooks";
import { CAMPAIGN_NAME_CHARS_MAX, type CampaignTexts } from "../../../src/domain/campaign.ts";
import { smsSize } from "../../../src/domain/templates.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { facts } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Field, Select, Tick } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, count } from "../../say.ts";
import { t as common } from "../../shell/words.ts";
import { LANGUAGE_NAMES, type Language } from "../../words.ts";
import type { Preview } from "./model.ts";
import { t } from "./words.ts";

const TEXT_CHARS_MAX = 480;
type Draft = { sites: string[]; customerType: string; language: string; texts: Record<string, string> };

const bodyOf = ({ sites, customerType, language, texts }: Draft) => ({
  audience: {
    sites,
    customerType: customerType.trim() === "" ? null : customerType.trim(),
    language: language === "" ? null : (language as Language),
  },
  texts: Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== "")) as CampaignTexts,
});

/** Who, what in each language, how many and what it costs; proposed only as it was looked at. */
export function Propose({ aloneMax, onDone }: { aloneMax: number; onDone(): void }) {
  const [draft, setDraft] = useState<Draft>({ sites: [], customerType: "", language: "", texts: {} });
  const [name, setName] = useState("");
  const [reason, setReason] = useState("");
  /** What was looked at, and the draft that it is of. */
  const [looked, setLooked] = useState<{ of: string; preview: Preview } | null>(null);
  /** Names this proposal: pressing twice, or again after a lost answer, proposes one. */
  const [key] = useState(() => crypto.randomUUID());
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const now = JSON.stringify(bodyOf(draft));
  const preview = looked?.of === now ? looked.preview : null;
  const change = (over: Partial<Draft>) => setDraft({ ...draft, ...over });
  const languages = (facts.value?.languages ?? []) as Language[];

  async function look() {
    setBusy(true);
    const answer = await ask(api().campaigns.preview.$post({ json: bodyOf(draft) }));
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    setTrouble(null);
    setLooked({ of: now, preview: answer.value });
  }
  async function propose() {
    setBusy(true);
    const json = { ...bodyOf(draft), name, reason };
    const answer = await ask(api().campaigns.$post({ json }, { headers: { "Idempotency-Key": key } }));
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    toast(t("proposed"));
    onDone();
  }

  return (
    <Panel title={t("propose_title")}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void (preview === null ? look() : propose());
        }}
      >
        <fieldset class="filters">
          <legend>{t("sites")}</legend>
          {(facts.value?.siteCodes ?? []).map((code) => (
            <Tick
              key={code}
              label={code}
              value={draft.sites.includes(code)}
              onInput={(isIn) =>
                change({ sites: isIn ? [...draft.sites, code] : draft.sites.filter((each) => each !== code) })
              }
            />
          ))}
        </fieldset>
        <div class="filters">
          <Field
            label={t("type")}
            value={draft.customerType}
            onInput={(customerType) => change({ customerType })}
            placeholder="HH1"
            maxLength={20}
            isOptional
          />
          <Select
            label={t("language")}
            value={draft.language}
            onInput={(language) => change({ language })}
            options={[
              { value: "", label: common("any") },
              ...languages.map((value) => ({ value, label: LANGUAGE_NAMES[value] })),
            ]}
          />
        </div>
        {languages.map((language, index) => (
          <Field
            key={language}
            label={t("text_in", { language: LANGUAGE_NAMES[language] })}
            hint={sizeOf(draft.texts[language] ?? "", index === 0)}
            value={draft.texts[language] ?? ""}
            onInput={(text) => change({ texts: { ...draft.texts, [language]: text } })}
            error={trouble?.fields[`texts.${language}`]}
            rows={3}
            maxLength={TEXT_CHARS_MAX}
            isOptional={index > 0}
          />
        ))}
        {preview !== null && <Looked preview={preview} />}
        {preview?.secondPerson === true && <p class="notice">{t("second", { n: count(aloneMax) })}</p>}
        {preview !== null && (
          <>
            <Field label={t("name")} value={name} onInput={setName} maxLength={CAMPAIGN_NAME_CHARS_MAX} required />
            <Field label={common("reason")} hint={common("reason_hint")} value={reason} onInput={setReason} required />
          </>
        )}
        {trouble !== null && <TroubleBox trouble={trouble} />}
        <div class="row">
          <Button type="submit" kind="primary" busy={isBusy} disabled={preview?.recipients === 0}>
            {t(preview === null ? "look" : "propose_send")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

const sizeOf = (text: string, isFirst: boolean): string => {
  const { parts, units } = smsSize(text);
  const size = text === "" ? "" : t("size", { parts, units });
  return [size, isFirst ? t("text_first") : ""].filter((each) => each !== "").join(" ");
};

const Looked = ({ preview }: { preview: Preview }) => (
  <Tiles label={t("preview")}>
    <Tile
      label={t("recipients")}
      value={count(preview.recipients)}
      note={preview.texts.map((each) => `${LANGUAGE_NAMES[each.language]} ${count(each.recipients)}`).join(", ")}
      tone={preview.recipients === 0 ? "warn" : undefined}
    />
    <Tile label={t("parts")} value={count(preview.parts)} />
    <Tile
      label={t("cost")}
      value={preview.costMinor === null ? "–" : cash(preview.costMinor)}
      note={preview.costMinor === null ? t("no_price") : ""}
    />
    <Tile
      label={t("left_out")}
      value={count(preview.optedOut + preview.withoutPhone)}
      note={t("left_out_of", { out: count(preview.optedOut), none: count(preview.withoutPhone) })}
    />
  </Tiles>
);

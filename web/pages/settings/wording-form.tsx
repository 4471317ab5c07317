import { useState } from "preact/hooks";
import type { Country } from "../../../src/domain/country.ts";
import { PLACEHOLDERS } from "../../../src/domain/templates.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t as common } from "../../shell/words.ts";
import { said, wordsOf } from "../../words.ts";
import { meanwhile } from "./meanwhile.ts";
import { MeanwhileNotice } from "./meanwhile-notice.tsx";
import { example, verdictOf, type Wording } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");
const TEXT_CHARS_MAX = 400;

type Props = { wording: Wording; country: Country; onDone(): void };

/** Writes another wording: how long it is and how it will read stand beside it while one types. */
export function WordingForm({ wording, country, onDone }: Props) {
  const [text, setText] = useState(wording.text);
  const [reason, setReason] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [base, setBase] = useState(wording);
  const [news, setNews] = useState<string | null>(null);
  const { kind, language } = wording;
  const verdict = verdictOf(kind, text, country);
  const save = async (): Promise<Trouble | null> => {
    const { version } = base;
    const answer = await ask(api().settings.wordings.$post({ json: { kind, language, text, version, reason } }));
    if (answer.ok) {
      toast(t("written"));
      onDone();
      return null;
    }
    const said = meanwhile(answer.trouble);
    if (said === null) return answer.trouble;
    const latest = await ask(api().settings.$get());
    if (!latest.ok) return latest.trouble;
    setBase(latest.value.wordings.find((each) => each.kind === kind && each.language === language) ?? base);
    setNews(t("wording_meanwhile", said));
    return null;
  };
  return (
    <form
      class="form"
      onSubmit={async (event) => {
        event.preventDefault();
        setTrouble(await save());
      }}
    >
      <Field
        label={t("text")}
        hint={t("text_hint", { names: PLACEHOLDERS[kind].map((name) => `{${name}}`).join(" ") })}
        value={text}
        onInput={setText}
        rows={5}
        maxLength={TEXT_CHARS_MAX}
      />
      {verdict.ok ? (
        <p class="quiet" role="status">
          {t("length", { parts: verdict.parts, units: verdict.units })}{" "}
          {verdict.alphabet === "ucs2" && <span class="warn">{t("ucs2")}</span>}
        </p>
      ) : (
        <p class="bad" role="status">
          {said("settings", "wrong", verdict.kind)
            .replace("{name}", verdict.name)
            .replace("{allowed}", verdict.allowed)
            .replace("{parts}", String(verdict.parts))}
        </p>
      )}
      <blockquote class="sms">{example(text, country)}</blockquote>
      <Field label={common("reason")} hint={common("reason_hint")} value={reason} onInput={setReason} required />
      {news !== null && (
        <MeanwhileNotice says={news}>
          <blockquote class="sms">{base.text}</blockquote>
        </MeanwhileNotice>
      )}
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row end">
        <Button type="submit" kind="primary" disabled={!verdict.ok || text.trim() === base.text}>
          {t("use")}
        </Button>
      </div>
    </form>
  );
}

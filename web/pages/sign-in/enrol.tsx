import { useEffect, useState } from "preact/hooks";
import { ask, homeApi, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Copy } from "../../parts/copy.tsx";
import { Field } from "../../parts/field.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { readSession } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { QrCode } from "./qr-code.tsx";
import { t } from "./words.ts";

type Props = { codes: readonly string[] | null; onCodes(codes: readonly string[]): void };

/** Registers an authenticator: a picture to take, its first number, then ten codes for paper that are shown once. */
export function Enrol({ codes, onCodes }: Props) {
  const [uri, setUri] = useState<string | null>(null);
  const [code, setCode] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  useEffect(() => {
    void ask(homeApi()["sign-in"].enrol.$post()).then((answer) => {
      if (answer.ok) setUri(answer.value.uri);
      else setTrouble(answer.trouble);
    });
  }, []);
  if (codes !== null)
    return (
      <section>
        <h2>{t("codes")}</h2>
        <p>{t("codes_hint")}</p>
        <ul class="codes">
          {codes.map((each) => (
            <li key={each}>
              <code>{each}</code>
            </li>
          ))}
        </ul>
        <div class="row">
          <Button onClick={() => print()}>{shell("print")}</Button>
          <Button kind="primary" onClick={() => readSession()}>
            {t("codes_kept")}
          </Button>
        </div>
      </section>
    );
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        const answer = await ask(homeApi()["sign-in"]["second-factor"].$post({ json: { code } }));
        if (!answer.ok) return setTrouble(answer.trouble);
        if (answer.value.recoveryCodes === null || answer.value.recoveryCodes === undefined) await readSession();
        else onCodes(answer.value.recoveryCodes);
      }}
    >
      <h2>{t("enrol")}</h2>
      <p>{t("enrol_hint")}</p>
      {uri !== null && (
        <>
          <QrCode text={uri} />
          <p class="quiet">
            {t("enrol_by_hand")} <Copy text={new URL(uri).searchParams.get("secret") ?? ""} />
          </p>
        </>
      )}
      <Field
        label={t("code")}
        hint={t("enrol_confirm")}
        name="code"
        autocomplete="one-time-code"
        inputMode="numeric"
        value={code}
        onInput={setCode}
        required
      />
      {trouble !== null && (
        <TroubleBox trouble={trouble.kind === "wrong_sign_in" ? { ...trouble, message: t("wrong_code") } : trouble} />
      )}
      <Button type="submit" kind="primary">
        {t("go_on")}
      </Button>
    </form>
  );
}

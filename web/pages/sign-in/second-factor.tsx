import { useState } from "preact/hooks";
import { ask, homeApi, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { readSession } from "../../session.ts";
import { t } from "./words.ts";

/** The number of the authenticator, or a code from paper. */
export function SecondFactor() {
  const [isPaper, setPaper] = useState(false);
  const [code, setCode] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        const answer = await ask(
          homeApi()["sign-in"]["second-factor"].$post({ json: isPaper ? { recoveryCode: code } : { code } }),
        );
        setBusy(false);
        if (!answer.ok) return setTrouble(answer.trouble);
        await readSession();
      }}
    >
      <h2>{t("second")}</h2>
      <Field
        label={isPaper ? t("recovery_code") : t("code")}
        hint={isPaper ? undefined : t("second_hint")}
        name="code"
        autocomplete="one-time-code"
        inputMode={isPaper ? "text" : "numeric"}
        value={code}
        onInput={setCode}
        required
      />
      {trouble !== null && (
        <TroubleBox trouble={trouble.kind === "wrong_sign_in" ? { ...trouble, message: t("wrong_code") } : trouble} />
      )}
      <div class="row">
        <Button type="submit" kind="primary" busy={isBusy}>
          {t("go_on")}
        </Button>
        <Button
          kind="quiet"
          onClick={() => {
            setPaper(!isPaper);
            setCode("");
          }}
        >
          {isPaper ? t("use_authenticator") : t("recovery")}
        </Button>
      </div>
    </form>
  );
}

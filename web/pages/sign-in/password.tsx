import { useState } from "preact/hooks";
import { ask, homeApi, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { readSession } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { t } from "./words.ts";

/** E-mail and password. What was typed stays when it was wrong. */
export function Password() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        const answer = await ask(homeApi()["sign-in"].$post({ json: { email, password } }));
        setBusy(false);
        if (!answer.ok) return setTrouble(answer.trouble);
        await readSession("anew");
      }}
    >
      <Field
        label={t("email")}
        type="email"
        name="email"
        autocomplete="username"
        value={email}
        onInput={setEmail}
        required
      />
      <Field
        label={t("password")}
        type="password"
        name="password"
        autocomplete="current-password"
        value={password}
        onInput={setPassword}
        required
      />
      {trouble !== null && (
        <TroubleBox trouble={trouble.kind === "wrong_sign_in" ? { ...trouble, message: t("wrong") } : trouble} />
      )}
      <Button type="submit" kind="primary" busy={isBusy}>
        {shell("sign_in")}
      </Button>
    </form>
  );
}

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { ask, homeApi, type Trouble } from "../../api.ts";
import { at } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { readSession } from "../../session.ts";
import { t } from "./words.ts";

/** The link for one use: its code stands after the #, which no server and no log sees. */
export function Invitation() {
  const { route } = useLocation();
  const [password, setPassword] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        const answer = await ask(
          homeApi().invitations.take.$post({ json: { code: location.hash.slice(1), password } }),
        );
        setBusy(false);
        if (!answer.ok) return setTrouble(answer.trouble);
        route(at("/"), true);
        await readSession("anew");
      }}
    >
      <h2>{t("invited")}</h2>
      <p>{t("invited_hint")}</p>
      <Field
        label={t("new_password")}
        type="password"
        name="password"
        autocomplete="new-password"
        error={trouble?.fields.password}
        value={password}
        onInput={setPassword}
        required
      />
      {trouble !== null && trouble.fields.password === undefined && (
        <TroubleBox
          trouble={trouble.kind === "wrong_sign_in" ? { ...trouble, message: t("invitation_wrong") } : trouble}
        />
      )}
      <Button type="submit" kind="primary" busy={isBusy}>
        {t("go_on")}
      </Button>
    </form>
  );
}

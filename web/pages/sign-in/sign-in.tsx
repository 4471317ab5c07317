import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { countries, country, facts } from "../../country.ts";
import { isHalf, me, owedSignOuts, signOut } from "../../session.ts";
import { LanguageChoice } from "../../shell/shell.tsx";
import { t as shell } from "../../shell/words.ts";
import { DemoPeople } from "./demo.tsx";
import { Enrol } from "./enrol.tsx";
import { Invitation } from "./invitation.tsx";
import { Password } from "./password.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { t, useSignInWords } from "./words.ts";

/** In place of the page, until somebody is signed in whole. The address stays, so that they arrive where they were going. */
export function SignIn() {
  const isReady = useSignInWords();
  const { route, path } = useLocation();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (!isReady) return <main class="alone">{shell("loading")}</main>;
  const person = me.value;
  const isInvited = path.endsWith("/invitation");
  const half = person !== null && person !== undefined && isHalf(person) ? person : null;
  return (
    <main class="alone">
      <div class="card">
        <h1>
          <span class="mark">1PWR</span> {shell("product")}
        </h1>
        <div class="row">
          {countries.length > 1 ? (
            <label class="field">
              <span>{shell("country")}</span>
              <select
                value={country.value}
                onChange={(event) => {
                  me.value = undefined;
                  route(`/${event.currentTarget.value}/`);
                }}
              >
                {countries.map((code) => (
                  <option key={code} value={code}>
                    {code.toUpperCase()}
                  </option>
                ))}
              </select>
            </label>
          ) : (
            <span class="chip">{facts.value?.name}</span>
          )}
          <span class="gap" />
          <LanguageChoice />
        </div>
        {owedSignOuts.value.length > 0 && (
          <div class="notice" role="status">
            <p>
              {shell("sign_out_owed", {
                countries: owedSignOuts.value.map((code) => code.toUpperCase()).join(", "),
              })}
            </p>
          </div>
        )}
        {isInvited ? (
          <Invitation />
        ) : half === null ? (
          <>
            <Password />
            <DemoPeople />
            <p class="quiet">
              <a href={`/${country.value}/my`}>{t("customer_door")}</a>
            </p>
          </>
        ) : (
          <>
            <p>{t("signed_in_as", { name: half.name })}</p>
            {half.secondFactor.enrolled ? <SecondFactor /> : <Enrol onCodes={setCodes} codes={codes} />}
            <button type="button" class="button quiet" onClick={signOut}>
              {shell("sign_out")}
            </button>
          </>
        )}
      </div>
    </main>
  );
}

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { canonicalAccount } from "../../../src/domain/account.ts";
import { at } from "../../country.ts";
import { AccountPick } from "../../parts/account-pick.tsx";
import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("account");

/** From one account to the next, by whatever somebody on the phone says: number, name, phone or meter. */
export function Lookup() {
  const { route } = useLocation();
  const [typed, setTyped] = useState("");
  const go = (account: string) => {
    setTyped("");
    route(at(`/accounts/${account}`));
  };
  return (
    <form
      class="lookup"
      onSubmit={(event) => {
        event.preventDefault();
        const account = canonicalAccount(typed);
        if (account.ok) go(account.value);
      }}
    >
      <AccountPick
        label={t("lookup")}
        value={typed}
        onInput={(text, picked) => (picked === null ? setTyped(text) : go(picked.account))}
      />
    </form>
  );
}

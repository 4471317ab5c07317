import type { InferResponseType } from "hono/client";
import { useState } from "preact/hooks";
import { canonicalAccount } from "../../../src/domain/account.ts";
import { api, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { AccountPick } from "../../parts/account-pick.tsx";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { cash, energy, when } from "../../say.ts";
import { may } from "../../session.ts";
import { t as common } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import { rankedCauses, TONES, unexplainedWh, VERDICTS } from "./model.ts";
import type en from "./words/en.ts";
import "./wallets.css";

const t = wordsOf<typeof en>("wallets");

type Wallet = InferResponseType<ReturnType<typeof api>["wallets"]["$get"], 200>["wallets"][number];

/** Our balance beside the platform's wallet, and what explains that they differ. */
export default function WalletsPage() {
  const [verdict, setVerdict] = useAddress("verdict");
  const [site, setSite] = useAddress("site");
  const known = VERDICTS.find((each) => each === verdict);
  const { rows, trouble, isBusy, more, again } = usePages<Wallet>(
    async (cursor) => {
      const query = {
        ...(known === undefined ? {} : { verdict: known }),
        ...(site === "" ? {} : { site }),
        ...(cursor === null ? {} : { cursor }),
      };
      const answer = await ask(api().wallets.$get({ query }));
      if (!answer.ok) return answer;
      const { wallets, next } = answer.value;
      return { ok: true, value: { rows: wallets, next: next === null ? null : String(next) } };
    },
    [verdict, site],
  );
  return (
    <Page title={t("title")} lead={t("lead")}>
      {may("money.write") && <CompareOne onDone={again} />}
      <Panel>
        <div class="filters">
          <Select
            label={t("verdict")}
            value={verdict}
            onInput={setVerdict}
            options={[
              { value: "", label: common("any") },
              ...VERDICTS.map((value) => ({ value, label: t(`verdict_${value}`) })),
            ]}
          />
          <Select
            label={t("site")}
            value={site}
            onInput={setSite}
            options={[
              { value: "", label: common("any") },
              ...(facts.value?.siteCodes ?? []).map((value) => ({ value, label: value })),
            ]}
          />
        </div>
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        <Table
          label={t("title")}
          rows={rows}
          rowKey={(row) => row.account}
          href={(row) => at(`/accounts/${row.account}`)}
          more={more}
          isBusy={isBusy}
          empty={<Empty title={t("none")} hint={t("none_hint")} />}
          columns={[
            { head: t("account"), cell: (row) => row.account },
            { head: t("ours"), cell: (row) => energy(row.oursWh), isNumber: true },
            { head: t("theirs"), cell: (row) => <Theirs row={row} />, isNumber: true },
            { head: t("delta"), cell: (row) => <b>{energy(row.deltaWh)}</b>, isNumber: true },
            {
              head: t("verdict"),
              cell: (row) => <Badge tone={TONES[row.verdict]}>{t(`verdict_${row.verdict}`)}</Badge>,
            },
            { head: t("causes"), cell: (row) => <Causes row={row} /> },
            { head: t("seen"), cell: (row) => <AsOf at={row.readAt} source={row.vendor} /> },
            { head: t("acts"), cell: (row) => <Acts row={row} onDone={again} /> },
          ]}
        />
      </Panel>
    </Page>
  );
}

const Theirs = ({ row }: { row: Wallet }) => (
  <span>
    {energy(row.theirsWh)}
    <br />
    <small class="quiet">{cash(row.walletMinor)}</small>
  </span>
);

/** What explains the difference, the most first; what nothing explains last. */
function Causes({ row }: { row: Wallet }) {
  const rest = unexplainedWh(row.deltaWh, row.causes);
  if (row.causes.length === 0) return <span class="quiet">–</span>;
  return (
    <ul class="plain-list">
      {rankedCauses(row.causes).map(({ cause, explainsWh, exact, names }) => (
        <li key={cause}>
          {said("wallets", "cause", cause)} <b>{energy(explainsWh ?? null)}</b>{" "}
          {exact === false && <small class="quiet">{t("estimated")}</small>}
          {names !== undefined && names.length > 0 && <small class="quiet"> {names.slice(0, 3).join(", ")}</small>}
        </li>
      ))}
      {rest !== null && rest !== 0 && (
        <li class="quiet">
          {t("unexplained")} <b>{energy(rest)}</b>
        </li>
      )}
    </ul>
  );
}

async function compare(account: string) {
  const answer = await ask(api().accounts[":account"].wallet.compare.$post({ param: { account } }));
  toast(answer.ok ? t("compared") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
}

/** Any account of a vendor's meter, also one that no night has compared yet. */
function CompareOne({ onDone }: { onDone(): void }) {
  const [typed, setTyped] = useState("");
  const [isBusy, setBusy] = useState(false);
  const account = canonicalAccount(typed);
  return (
    <form
      class="compare-one"
      onSubmit={async (event) => {
        event.preventDefault();
        if (!account.ok) return;
        setBusy(true);
        await compare(account.value);
        setBusy(false);
        onDone();
      }}
    >
      <AccountPick label={t("account")} value={typed} onInput={setTyped} />
      <Button type="submit" busy={isBusy} disabled={!account.ok}>
        {t("compare")}
      </Button>
    </form>
  );
}

function Acts({ row, onDone }: { row: Wallet; onDone(): void }) {
  const [isBusy, setBusy] = useState(false);
  if (!may("money.write")) return null;
  const param = { account: row.account };
  return (
    <span class="row">
      <Button
        busy={isBusy}
        onClick={async () => {
          setBusy(true);
          await compare(row.account);
          setBusy(false);
          onDone();
        }}
      >
        {t("compare")}
      </Button>
      {row.caseKey !== null && (
        <Button
          title={t("open_since", { at: when(row.openedAt) })}
          onClick={async () => {
            const reason = await confirmWithReason({
              title: t("close_ask", { account: row.account }),
              body: <p>{t("close_body")}</p>,
              yes: t("close"),
            });
            if (reason === null) return;
            const answer = await ask(api().accounts[":account"].wallet.close.$post({ param, json: { reason } }));
            const refused = answer.ok
              ? ""
              : answer.trouble.kind === "unknown"
                ? t("was_closed")
                : troubleWords(answer.trouble);
            toast(answer.ok ? t("closed") : refused, { tone: answer.ok ? "good" : "bad" });
            onDone();
          }}
        >
          {t("close")}
        </Button>
      )}
    </span>
  );
}

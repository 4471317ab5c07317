import { api, apiUrl, ask } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { LANGUAGE_NAMES } from "../../words.ts";
import { t } from "./words.ts";

/** What was signed, all versions and languages, and new links of it. */
export function Contracts({ account }: { account: string }) {
  const { value, trouble, again } = useAsk(
    () => ask(api().accounts[":account"].contracts.$get({ param: { account } })),
    [account],
  );
  const rows = value?.contracts ?? [];
  return (
    <div class="contracts">
      <h4>{t("contracts")}</h4>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && rows.length === 0 && <p class="quiet">{t("no_contract")}</p>}
      <ul class="plain-list">
        {rows.map((row) => (
          <li key={row.contractId} class="row">
            <a href={apiUrl(`/contracts/${row.contractId}/pdf`)} target="_blank" rel="noopener">
              {t("open_pdf")} · {LANGUAGE_NAMES[row.language]}
            </a>
            <span class="quiet">
              {t("version", { n: row.version })} · {row.connectedOn} · {t("pages", { n: row.pages })}
            </span>
            <span class="gap" />
            {may("commissioning.write") && (
              <>
                <Button kind="quiet" onClick={() => makeLink(row.contractId)}>
                  {t("new_link")}
                </Button>
                <Button kind="quiet" onClick={() => sendLink(row.contractId)}>
                  {t("send_link")}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

const links = (contractId: number, json: { sms?: boolean }) =>
  ask(api().contracts[":id{[0-9]+}"].links.$post({ param: { id: String(contractId) }, json }));

async function makeLink(contractId: number) {
  const answer = await links(contractId, {});
  if (!answer.ok) return toast(troubleWords(answer.trouble), { tone: "bad" });
  if (!("url" in answer.value)) return;
  await navigator.clipboard.writeText(answer.value.url).catch(() => undefined);
  toast(t("link_copied", { at: when(Date.parse(answer.value.expiresAt)) }));
}

async function sendLink(contractId: number) {
  const answer = await links(contractId, { sms: true });
  if (!answer.ok) return toast(troubleWords(answer.trouble), { tone: "bad" });
  if (!("sms" in answer.value)) return;
  const { sms } = answer.value;
  if (sms.status === "not_sent") toast(t("link_not_sent", { because: sms.because }), { tone: "bad" });
  else toast(t("link_sent"));
}

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { Report } from "../../../src/domain/metrics/reports.ts";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { t } from "./words.ts";

type Props = { report: Report; from: string; to: string; site: string };

/** Keeps the report as it is now, and leads to it. */
export function Freeze({ report, from, to, site }: Props) {
  const { route } = useLocation();
  const [isBusy, setBusy] = useState(false);
  const freeze = async () => {
    const reason = await confirmWithReason({
      title: t("freeze_ask"),
      body: <p>{t("freeze_body")}</p>,
      yes: t("freeze"),
    });
    if (reason === null) return;
    setBusy(true);
    const asked = Object.fromEntries(Object.entries({ from, to, site }).filter(([, value]) => value !== ""));
    const answer = await ask(
      api().reports.frozen.$post(
        { json: { report, reason, ...asked } },
        { headers: { "Idempotency-Key": crypto.randomUUID() } },
      ),
    );
    setBusy(false);
    if (!answer.ok) return toast(troubleWords(answer.trouble), { tone: "bad" });
    toast(t(answer.value.status === "created" ? "froze" : "was_frozen"));
    route(at(`/frozen/${answer.value.frozen.frozenId}`));
  };
  return (
    <Button busy={isBusy} onClick={freeze}>
      {t("freeze")}
    </Button>
  );
}

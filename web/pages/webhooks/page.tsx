import { api, ask } from "../../api.ts";
import { Page } from "../../parts/page.tsx";
import { useAsk } from "../../use-ask.ts";
import { useEvery } from "../../use-every.ts";
import { Endpoints } from "./endpoints.tsx";
import { Log } from "./log.tsx";
import { t } from "./words.ts";

const AGAIN_MS = 30_000;

/** Who is told of what happens here, and the log of it. */
export default function WebhooksPage() {
  const endpoints = useAsk(() => ask(api().webhooks.$get()), []);
  useEvery(AGAIN_MS, endpoints.again);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Endpoints asked={endpoints} />
      <Log endpoints={endpoints.value?.endpoints ?? []} onSent={endpoints.again} />
    </Page>
  );
}

import { api, ask } from "../../api.ts";
import { Page } from "../../parts/page.tsx";
import { useAsk } from "../../use-ask.ts";
import { Keys } from "./keys.tsx";
import { Programmes } from "./programmes.tsx";
import { t } from "./words.ts";

/** Keys of other systems that read here, and the funders' programmes that some of them read. */
export default function MachineKeysPage() {
  const programmes = useAsk(() => ask(api().programmes.$get()), []);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Keys programmes={programmes.value?.programmes ?? []} />
      <Programmes asked={programmes} />
    </Page>
  );
}

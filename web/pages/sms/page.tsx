import { useState } from "preact/hooks";
import { Page } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useAddress } from "../../use-address.ts";
import { Inbox } from "./inbox.tsx";
import { Parked } from "./parked.tsx";
import { Sent } from "./sent.tsx";
import { t } from "./words.ts";

/** Texts in and out, and what waits to be passed on. */
export default function SmsPage() {
  const [view, setView] = useAddress("view", "in");
  const [turn, setTurn] = useState(0);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Tabs
        label={t("title")}
        chosen={view}
        onChoose={setView}
        tabs={[
          { key: "in", label: t("in") },
          { key: "out", label: t("out") },
          { key: "parked", label: t("parked") },
        ]}
      />
      {view === "in" && <Inbox />}
      {view === "out" && <Sent />}
      {view === "parked" && <Parked key={turn} onSent={() => setTurn((now) => now + 1)} />}
    </Page>
  );
}

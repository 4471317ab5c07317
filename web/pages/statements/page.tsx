import { Page } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { may } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { Days } from "./days.tsx";
import { Files } from "./files.tsx";
import { Months } from "./months.tsx";
import { UploadForm } from "./upload-form.tsx";
import { t } from "./words.ts";

/** The operators' own lists against our books. */
export default function StatementsPage() {
  const [view, setView] = useAddress("view", "days");
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Tabs
        label={t("title")}
        chosen={view}
        onChoose={setView}
        tabs={(["days", "files", "months"] as const).map((key) => ({ key, label: t(key) }))}
      />
      {view === "days" && <Days />}
      {view === "files" && (
        <>
          {may("money.write") && <UploadForm />}
          <Files />
        </>
      )}
      {view === "months" && <Months />}
    </Page>
  );
}

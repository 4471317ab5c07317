import { useEffect, useState } from "preact/hooks";
import { siteChoices } from "../../parts/choices.ts";
import { Field, Select } from "../../parts/field.tsx";
import { t as shared } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { isPlatform, PLATFORMS } from "./model.ts";
import { t } from "./words.ts";

const TYPED_MS = 300;

/** Site, platform and text, as they stand in the address. */
export function useFilters() {
  const [site] = useAddress("site");
  const [platform] = useAddress("platform");
  const [text] = useAddress("q");
  return {
    ...(site === "" ? {} : { site }),
    ...(isPlatform(platform) ? { platform } : {}),
    ...(text === "" ? {} : { q: text }),
  };
}

export function Filters() {
  const [site, setSite] = useAddress("site");
  const [platform, setPlatform] = useAddress("platform");
  const [text, setText] = useAddress("q");
  const [typed, setTyped] = useState(text);
  // A question a letter would be many.
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => setText(typed.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div class="filters">
      <Field label={t("find")} hint={t("find_hint")} type="search" value={typed} onInput={setTyped} maxLength={60} />
      <SiteSelect label={t("site")} value={site} onInput={setSite} all={shared("any")} />
      <Select
        label={t("platform")}
        value={platform}
        onInput={setPlatform}
        options={[
          { value: "", label: shared("any") },
          ...PLATFORMS.map((each) => ({ value: each, label: t(`platform_${each}`) })),
        ]}
      />
    </div>
  );
}

type Props = { label: string; value: string; onInput(site: string): void; all: string };
export const SiteSelect = ({ label, value, onInput, all }: Props) => (
  <Select label={label} value={value} onInput={onInput} options={siteChoices(all)} />
);

import { t } from "../shell/words.ts";
import { Button } from "./button.tsx";
import { Empty } from "./empty.tsx";

type Props = {
  label: string;
  tabs: readonly { key: string; label: string }[];
  chosen: string;
  onChoose(key: string): void;
};

/**
 * One of several views of the same thing. Keep the chosen one in the address with `useAddress`; one that is none of them is
 * said to be none. Empty: none is chosen.
 */
export const Tabs = ({ label, tabs, chosen, onChoose }: Props) => {
  const [first] = tabs;
  return (
    <>
      <fieldset class="tabs">
        <legend class="hidden">{label}</legend>
        {tabs.map(({ key, label: name }) => (
          <button key={key} type="button" aria-pressed={key === chosen} onClick={() => onChoose(key)}>
            {name}
          </button>
        ))}
      </fieldset>
      {first !== undefined && chosen !== "" && !tabs.some(({ key }) => key === chosen) && (
        <Empty
          title={t("no_view", { view: chosen.slice(0, VIEW_CHARS) })}
          hint={t("no_page_hint")}
          action={<Button onClick={() => onChoose(first.key)}>{t("to_view", { view: first.label })}</Button>}
        />
      )}
    </>
  );
};

/** As much as is repeated of a name that stood in the address. */
const VIEW_CHARS = 40;
